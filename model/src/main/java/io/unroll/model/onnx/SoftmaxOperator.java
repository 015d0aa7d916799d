package io.unroll.model.onnx;

import io.unroll.model.cell.Softmax;
import java.util.List;

/**
 * Softmax along features: the last axis, or (operator sets below 13) all axes from {@code axis} on.
 */
final class SoftmaxOperator implements Operator {
  @Override
  public List<Value> apply(Call call) {
    StepValue x = call.step(0);
    boolean flattens = call.opset() < 13;
    int axis = Shapes.axis(call.integer("axis", flattens ? 1 : -1), x.rank());
    int group = 1;
    for (int i = axis; i < x.rank(); i++) {
      if (!x.axis(i).isFeature()) {
        throw new Refusal("runs over steps or series, which mixes them");
      }
      if (!flattens && i > axis && x.axis(i).size() > 1) {
        throw new Refusal("axis " + axis + " of " + Shapes.text(x.dims()) + ", expected the last");
      }
      group *= x.axis(i).size();
    }
    Softmax node = new Softmax(call.graph(), call.name(), group, x.register());
    call.graph().add(node);
    return List.of(x.with(node.output(), x.axes()));
  }
}
