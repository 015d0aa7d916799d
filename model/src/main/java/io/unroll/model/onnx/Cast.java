package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.kernel.BinaryFunction;
import java.util.List;

/**
 * Cast between floats (of any width: all are float32 here), whole numbers and truth values; and
 * CastLike, which names the type by a value that has it.
 */
final class Cast implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    Type to = call.op().equals("CastLike") ? like(call) : named(call, x);
    if (x instanceof Tensor tensor) {
      return List.of(fold(tensor, to));
    }
    StepValue value = (StepValue) x;
    if (value.type() == to) {
      return List.of(value);
    }
    return List.of(
        switch (to) {
          case FLOAT -> value.as(Type.FLOAT);
          case WHOLE ->
              value.type() == Type.FLOAT ? Elementwise.whole(call, value) : value.as(Type.WHOLE);
          case BOOL -> Elementwise.truth(call, value);
        });
  }

  private static Type named(Call call, Value x) {
    int to = (int) call.integer("to", DataType.UNDEFINED_VALUE);
    if (Tensors.isFloat(to)) {
      return Type.FLOAT;
    }
    if (to == DataType.BOOL_VALUE) {
      return Type.BOOL;
    }
    boolean wide = to == DataType.INT64_VALUE || to == DataType.INT32_VALUE;
    if (!Tensors.isWhole(to)) {
      throw new Refusal("casts to " + Tensors.typeName(to) + ", which is not read");
    }
    if (!wide && x instanceof StepValue step && step.type() != Type.BOOL) {
      throw new Refusal(
          "casts a computed value to %s, expected FLOAT, INT64, INT32 or BOOL"
              .formatted(Tensors.typeName(to)));
    }
    return Type.WHOLE;
  }

  private static Type like(Call call) {
    Value target = call.input(1);
    if (target instanceof Tensor constant && !constant.isFloat()) {
      throw new Refusal("casts to the type of a constant that is not of floats. Export with Cast");
    }
    return Type.of(target);
  }

  private static Tensor fold(Tensor tensor, Type to) {
    if (tensor.origin() != null || (to != Type.BOOL && tensor.isFloat() == (to == Type.FLOAT))) {
      return tensor;
    }
    Tensor cut = tensor.cut();
    return switch (to) {
      case FLOAT -> {
        if (tensor.open()) {
          throw Refusal.countsSteps();
        }
        yield Tensor.of(cut.toFloats(), cut.dims()).expand(tensor.dims());
      }
      case WHOLE -> Tensor.of(cut.toLongs(), cut.dims()).expand(tensor.dims());
      case BOOL -> {
        Tensor zero = tensor.isFloat() ? Tensor.of(new float[] {0}) : Tensor.of(new long[] {0});
        Tensor isZero = Fold.binary(BinaryFunction.EQUAL, tensor, zero);
        yield Fold.binary(BinaryFunction.EQUAL, isZero, Tensor.of(new long[] {0}));
      }
    };
  }
}
