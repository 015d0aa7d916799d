package io.unroll.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Unsqueeze: axes of 1 appear. */
final class Unsqueeze implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int rank = x instanceof StepValue s ? s.rank() : ((Tensor) x).rank();
    int[] given = call.integers("axes", 1);
    if (given == null) {
      throw new Refusal("axes is missing");
    }
    TreeSet<Integer> axes = new TreeSet<>();
    for (int axis : given) {
      axes.add(Shapes.axis(axis, rank + given.length));
    }
    Value result = x;
    for (int axis : axes) {
      if (result instanceof StepValue value) {
        List<Axis> more = new ArrayList<>(value.axes());
        more.add(axis, Axis.MADE);
        result = value.with(more);
      } else {
        result = ((Tensor) result).insert(axis);
      }
    }
    return List.of(result);
  }
}
