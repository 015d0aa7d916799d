package io.unroll.model.onnx;

import io.unroll.model.cell.Choose;
import java.util.List;

/** Where: value by value one of two. */
final class Where implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value condition = call.input(0);
    Value yes = call.input(1);
    Value no = call.input(2);
    if (Type.of(condition) == Type.FLOAT) {
      throw new Refusal("condition is floats, expected truth values");
    }
    if ((Type.of(yes) == Type.FLOAT) != (Type.of(no) == Type.FLOAT)) {
      throw new Refusal("chooses between floats and whole numbers");
    }
    if (condition instanceof Tensor c && yes instanceof Tensor x && no instanceof Tensor y) {
      return List.of(Fold.choose(c, x, y));
    }
    Broadcast common = new Broadcast(call, condition, yes, no);
    Choose node =
        new Choose(
            call.graph(),
            call.name(),
            common.register(condition),
            common.register(yes),
            common.register(no));
    call.graph().add(node);
    return List.of(
        common.result(node.output(), yes instanceof StepValue ? Type.of(yes) : Type.of(no)));
  }
}
