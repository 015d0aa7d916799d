package io.unroll.model.onnx;

import io.unroll.model.cell.Apply;
import io.unroll.model.kernel.Activation;
import java.util.List;

/** A function of each value. */
record Unary(Activation function) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    if (call.input(0) instanceof Tensor tensor) {
      return List.of(Fold.unary(function, tensor));
    }
    StepValue x = call.step(0);
    Apply node = new Apply(call.graph(), call.op(), call.name(), function, x.register());
    call.graph().add(node);
    return List.of(x.with(node.output(), x.axes()));
  }
}
