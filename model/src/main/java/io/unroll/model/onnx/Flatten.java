package io.unroll.model.onnx;

import java.util.List;

/** Flatten: the axes before {@code axis} are one, those from there on another. */
final class Flatten implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int[] from = x instanceof StepValue s ? s.dims() : ((Tensor) x).dims();
    long given = call.integer("axis", 1);
    int axis = given == from.length ? from.length : Shapes.axis(given, from.length);
    int[] dims = {1, 1};
    for (int i = 0; i < from.length; i++) {
      int side = i < axis ? 0 : 1;
      dims[side] = Math.multiplyExact(dims[side], from[i]);
    }
    return List.of(
        x instanceof StepValue value
            ? value.with(value.regroup(dims))
            : ((Tensor) x).reshape(dims));
  }
}
