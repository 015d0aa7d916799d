package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;

/** Constant, in each of its spellings. */
final class Constant implements Operator {
  @Override
  public List<Value> apply(Call call) {
    AttributeProto a = call.attribute("value");
    if (a != null) {
      return List.of(call.around().constant(a.getT()));
    }
    a = call.attribute("value_float");
    if (a != null) {
      return List.of(Tensor.of(new float[] {a.getF()}));
    }
    a = call.attribute("value_int");
    if (a != null) {
      return List.of(Tensor.of(new long[] {a.getI()}));
    }
    a = call.attribute("value_floats");
    if (a != null) {
      float[] values = new float[a.getFloatsCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = a.getFloats(i);
      }
      return List.of(Tensor.of(values, values.length));
    }
    a = call.attribute("value_ints");
    if (a != null) {
      long[] values = a.getIntsList().stream().mapToLong(Long::longValue).toArray();
      return List.of(Tensor.of(values, values.length));
    }
    throw new Refusal("a constant that is neither numbers nor a tensor of numbers");
  }
}
