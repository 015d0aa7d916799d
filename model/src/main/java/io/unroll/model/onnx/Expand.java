package io.unroll.model.onnx;

import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.List;

/** Expand: axes of 1 repeat, along features only where the value is computed per step. */
final class Expand implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Tensor shape = call.constant(1, "shape");
    int[] target = shape.toInts();
    if (call.input(0) instanceof Tensor tensor) {
      return List.of(tensor.expand(Shapes.broadcast(tensor.dims(), target)));
    }
    StepValue x = (StepValue) call.input(0);
    boolean[] open = shape.toOpen();
    int[] dims = Shapes.broadcast(x.dims(), target);
    List<Axis> padded = new ArrayList<>(x.axes());
    while (padded.size() < dims.length) {
      padded.add(0, Axis.MADE);
    }
    StepValue wide = x.with(padded);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < dims.length; i++) {
      int inTarget = i - (dims.length - target.length);
      boolean repeats = wide.axis(i).size() == 1 && dims[i] > 1;
      if (repeats && inTarget >= 0 && open[inTarget]) {
        throw new Refusal("repeats a value along steps or series, which mixes them");
      }
      axes.add(repeats ? Axis.of(new Feature(dims[i])) : wide.axis(i));
    }
    int[] features = wide.with(axes).featureDims();
    return List.of(wide.with(call.pick(wide, wide.spread(features)), axes));
  }
}
