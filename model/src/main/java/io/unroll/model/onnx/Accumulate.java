package io.unroll.model.onnx;

import io.unroll.model.kernel.BinaryFunction;
import java.util.List;

/**
 * Sum, Mean, Min and Max of one value or more, one after the other.
 *
 * @param mean the result is divided by the number of values
 */
record Accumulate(BinaryFunction function, boolean mean) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value result = call.input(0);
    for (int i = 1; i < call.inputCount(); i++) {
      result = Elementwise.binary(call, function, result, call.input(i));
    }
    if (mean) {
      Tensor count = Tensor.of(new float[] {call.inputCount()});
      result = Elementwise.binary(call, BinaryFunction.DIV, result, count);
    }
    return List.of(result);
  }
}
