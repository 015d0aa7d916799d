package io.unroll.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Split along features; sizes as an attribute below operator set 13, as an input from there. */
final class Split implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int rank = x instanceof StepValue s ? s.rank() : ((Tensor) x).rank();
    int axis = Shapes.axis(call.integer("axis", 0), rank);
    int dim = x instanceof StepValue s ? s.axis(axis).size() : ((Tensor) x).dim(axis);
    int[] given = call.integers("split", 1);
    if (call.optional(1) instanceof Tensor tensor && tensor.open()) {
      throw Refusal.countsSteps();
    }
    int[] sizes = given != null ? given : even(call, dim);
    List<Value> parts = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      if (size < 0 || size > dim - start) {
        throw new Refusal("parts of " + Arrays.toString(sizes) + " of an axis of " + dim);
      }
      int from = start;
      if (x instanceof StepValue value) {
        int[] indices = new int[size];
        Arrays.setAll(indices, i -> from + i);
        parts.add(Select.of(call, value, axis, indices));
      } else {
        parts.add(((Tensor) x).slice(axis, from, 1, size));
      }
      start += size;
    }
    if (start != dim) {
      throw new Refusal("parts of " + Arrays.toString(sizes) + " of an axis of " + dim);
    }
    return parts;
  }

  /** Equal parts; from operator set 18 on the last one may be smaller. */
  private static int[] even(Call call, int dim) {
    int parts = Shapes.clamped(call.integer("num_outputs", call.outputs()));
    if (parts <= 0 || parts != call.outputs()) {
      throw new Refusal(parts + " parts for " + call.outputs() + " outputs");
    }
    int size = (dim + parts - 1) / parts;
    if (size * (parts - 1) >= dim || (call.opset() < 18 && size * parts != dim)) {
      throw new Refusal("an axis of " + dim + " in " + parts + " equal parts");
    }
    int[] sizes = new int[parts];
    Arrays.setAll(sizes, i -> Math.min(size, dim - i * size));
    return sizes;
  }
}
