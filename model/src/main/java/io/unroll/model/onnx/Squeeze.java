package io.unroll.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Squeeze: axes of 1 vanish. */
final class Squeeze implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int[] dims = x instanceof StepValue s ? s.dims() : ((Tensor) x).dims();
    int[] given = call.integers("axes", 1);
    TreeSet<Integer> axes = new TreeSet<>();
    if (given != null) {
      for (int axis : given) {
        axes.add(Shapes.axis(axis, dims.length));
      }
    } else {
      for (int i = 0; i < dims.length; i++) {
        if (dims[i] == 1) {
          axes.add(i);
        }
      }
    }
    Value result = x;
    for (int axis : axes.descendingSet()) {
      if (dims[axis] != 1) {
        throw new Refusal("squeezes axis " + axis + " of " + Shapes.text(dims) + ", expected 1");
      }
      if (result instanceof StepValue value) {
        List<Axis> left = new ArrayList<>(value.axes());
        left.remove(axis);
        result = value.with(left);
      } else {
        result = ((Tensor) result).remove(axis);
      }
    }
    return List.of(result);
  }
}
