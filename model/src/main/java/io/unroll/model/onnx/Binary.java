package io.unroll.model.onnx;

import io.unroll.model.kernel.BinaryFunction;
import java.util.List;

/** A function of two values. */
record Binary(BinaryFunction function) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    return List.of(Elementwise.binary(call, function, call.input(0), call.input(1)));
  }
}
