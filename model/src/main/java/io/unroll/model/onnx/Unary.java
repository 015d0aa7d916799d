package io.unroll.model.onnx;

import io.unroll.model.kernel.Activation;
import java.util.List;
import java.util.function.Function;

/**
 * A function of each value.
 *
 * @param function the function with the attributes that a node gives it
 */
record Unary(Function<Call, Activation> function) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    return List.of(Elementwise.unary(call, function.apply(call), call.input(0)));
  }
}
