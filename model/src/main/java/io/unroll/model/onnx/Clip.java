package io.unroll.model.onnx;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.UnaryFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clip; its bounds are attributes below operator set 11 and inputs from there. */
final class Clip implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    if (call.opset() < 11) {
      Activation clip =
          new Activation(
              UnaryFunction.CLIP,
              call.number("min", -Float.MAX_VALUE),
              call.number("max", Float.MAX_VALUE));
      return List.of(Elementwise.unary(call, clip, x));
    }
    @Nullable Value min = call.optional(1);
    @Nullable Value max = call.optional(2);
    Value above = min == null ? x : Elementwise.binary(call, BinaryFunction.MAX, x, min);
    return List.of(max == null ? above : Elementwise.binary(call, BinaryFunction.MIN, above, max));
  }
}
