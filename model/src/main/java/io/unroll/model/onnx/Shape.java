package io.unroll.model.onnx;

import io.unroll.model.onnx.Factor.Outer;
import java.util.Arrays;
import java.util.List;

/** Shape and Size: known extents, and placeholders for those that the file leaves open. */
final class Shape implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int[] dims = x instanceof StepValue s ? s.dims() : ((Tensor) x).dims();
    boolean[] open = new boolean[dims.length];
    for (int i = 0; i < dims.length; i++) {
      open[i] =
          x instanceof StepValue s
              ? s.axis(i).factors().stream()
                  .anyMatch(f -> f instanceof Outer outer && call.around().isOpen(outer))
              : call.around().isOpen(dims[i]);
    }
    if (call.op().equals("Size")) {
      boolean any = false;
      for (boolean one : open) {
        any |= one;
      }
      return List.of(Tensor.of(new long[] {Shapes.count(dims)}, new boolean[] {any}));
    }
    int start = clamp(call.integer("start", 0), dims.length);
    int end = Math.max(start, clamp(call.integer("end", dims.length), dims.length));
    long[] values = new long[end - start];
    Arrays.setAll(values, i -> dims[start + i]);
    return List.of(Tensor.of(values, Arrays.copyOfRange(open, start, end), values.length));
  }

  private static int clamp(long at, int rank) {
    return (int) Math.max(0, Math.min(rank, at < 0 ? at + rank : at));
  }
}
