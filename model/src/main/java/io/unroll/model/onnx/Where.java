package io.unroll.model.onnx;

import io.unroll.model.cell.Choose;
import java.util.List;

/** Where: value by value one of two. */
final class Where implements Operator {
  @Override
  public List<Value> apply(Call call) {
    return List.of(choose(call, call.input(0), call.input(1), call.input(2)));
  }

  /** Of {@code yes} where the condition is not 0, else of {@code no}. */
  static Value choose(Call call, Value condition, Value yes, Value no) {
    if (Type.of(condition) == Type.FLOAT) {
      throw new Refusal("condition is floats, expected truth values");
    }
    if ((Type.of(yes) == Type.FLOAT) != (Type.of(no) == Type.FLOAT)) {
      throw new Refusal("chooses between floats and whole numbers");
    }
    if (condition instanceof Tensor c && yes instanceof Tensor x && no instanceof Tensor y) {
      return Fold.choose(c, x, y);
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
    return common.result(node.output(), Type.of(yes instanceof StepValue ? yes : no));
  }
}
