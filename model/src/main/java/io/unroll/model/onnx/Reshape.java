package io.unroll.model.onnx;

import java.util.List;

/** Reshape: the same values in the same order, in other axes. */
final class Reshape implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int[] from = x instanceof StepValue s ? s.dims() : ((Tensor) x).dims();
    int[] shape = call.constant(1, "shape").toInts();
    int[] dims = Shapes.target(from, shape, call.integer("allowzero", 0) != 0);
    return List.of(
        x instanceof StepValue value
            ? value.with(value.regroup(dims))
            : ((Tensor) x).reshape(dims));
  }
}
