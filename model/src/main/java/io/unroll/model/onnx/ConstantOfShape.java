package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;

/** ConstantOfShape: one number, seen through a shape. */
final class ConstantOfShape implements Operator {
  @Override
  public List<Value> apply(Call call) {
    int[] dims = call.constant(0, "shape").toInts();
    AttributeProto a = call.attribute("value");
    Tensor value =
        a == null ? Tensor.of(new float[] {0}) : call.around().constant(a.getT()).reshape();
    return List.of(value.expand(dims));
  }
}
