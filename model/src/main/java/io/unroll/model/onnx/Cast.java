package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/** Cast between the types that constants have here; per-step values are float32 and stay so. */
final class Cast implements Operator {
  @Override
  public List<Value> apply(Call call) {
    int to = (int) call.integer("to", DataType.UNDEFINED_VALUE);
    boolean toFloat = Tensors.isFloat(to);
    if (!toFloat && !Tensors.isWhole(to)) {
      throw new Refusal("casts to " + Tensors.typeName(to) + ", which is not read");
    }
    if (call.input(0) instanceof Tensor tensor) {
      return List.of(fold(tensor, to, toFloat));
    }
    StepValue x = call.step(0);
    if (to != DataType.FLOAT_VALUE) {
      throw new Refusal("casts a computed value to " + Tensors.typeName(to) + ", expected FLOAT");
    }
    return List.of(x);
  }

  private static Tensor fold(Tensor tensor, int to, boolean toFloat) {
    if (tensor.origin() != null || tensor.isFloat() == toFloat) {
      return tensor;
    }
    Tensor cut = tensor.cut();
    if (toFloat) {
      if (tensor.open()) {
        throw new Refusal(
            "computes with the number of steps or of series, which a stream does not have");
      }
      return Tensor.of(cut.toFloats(), cut.dims()).expand(tensor.dims());
    }
    long[] values = cut.toLongs();
    if (to == DataType.BOOL_VALUE) {
      float[] floats = cut.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i] == 0 ? 0 : 1;
      }
    }
    return Tensor.of(values, cut.dims()).expand(tensor.dims());
  }
}
