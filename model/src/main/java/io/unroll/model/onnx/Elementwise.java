package io.unroll.model.onnx;

import io.unroll.model.cell.Apply;
import io.unroll.model.cell.Combine;
import io.unroll.model.cell.CombineConstant;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.UnaryFunction;

/** Functions of each value: constants are folded, what is computed per step becomes a node. */
final class Elementwise {
  private static final Activation NOT = new Activation(UnaryFunction.AFFINE, -1, 1);

  private Elementwise() {}

  static Value unary(Call call, Activation f, Value x) {
    if (x instanceof Tensor constant) {
      return Fold.unary(f, constant);
    }
    StepValue value = (StepValue) x;
    boolean ofWhole =
        switch (f.function()) {
          case NEG, ABS, RELU, SIGN -> true;
          default -> false;
        };
    if (value.type() != Type.FLOAT && !ofWhole) {
      throw new Refusal("works on whole numbers, expected floats");
    }
    return node(call, f, value);
  }

  private static StepValue node(Call call, Activation f, StepValue x) {
    Apply node = new Apply(call.graph(), call.op(), call.name(), f, x.register());
    call.graph().add(node);
    return x.with(node.output(), x.axes());
  }

  private static StepValue node(Call call, UnaryFunction f, StepValue x) {
    return node(call, Activation.of(f), x);
  }

  /**
   * A function of two values, with NumPy's broadcasting along features. Whole numbers stay whole;
   * past 2^24 in magnitude they are NaN.
   */
  static Value binary(Call call, BinaryFunction f, Value a, Value b) {
    if (f != BinaryFunction.POW) {
      Type.requireAlike(a, b);
    }
    if (a instanceof Tensor x && b instanceof Tensor y) {
      return Fold.binary(f, x, y);
    }
    if (Type.of(a) == Type.FLOAT) {
      return combine(call, f, a, b, f.compares() ? Type.BOOL : Type.FLOAT);
    }
    return f.compares()
        ? compareWhole(call, f, a, b)
        : whole(call, combine(call, f, a, b, Type.WHOLE));
  }

  /** Without its fraction, and NaN where a float would not be exact. */
  static StepValue whole(Call call, StepValue x) {
    return node(call, UnaryFunction.TRUNCATE, x).as(Type.WHOLE);
  }

  /** Whether it is not 0. */
  static StepValue truth(Call call, StepValue x) {
    return switch (x.type()) {
      case BOOL -> x;
      case WHOLE -> node(call, UnaryFunction.ABS, node(call, UnaryFunction.SIGN, x)).as(Type.BOOL);
      case FLOAT ->
          (StepValue) not(call, binary(call, BinaryFunction.EQUAL, x, Tensor.of(new float[] {0})));
    };
  }

  /** The other truth value. */
  static Value not(Call call, Value x) {
    if (Type.of(x) == Type.FLOAT) {
      throw new Refusal("negates floats, expected truth values");
    }
    return x instanceof Tensor constant
        ? Fold.unary(NOT, constant)
        : node(call, NOT, (StepValue) x).as(Type.BOOL);
  }

  /**
   * By the sign of the difference, which unlike a comparison of floats keeps the NaN of numbers
   * that were too large.
   */
  private static Value compareWhole(Call call, BinaryFunction f, Value a, Value b) {
    StepValue difference = combine(call, BinaryFunction.SUB, a, b, Type.BOOL);
    StepValue sign = node(call, UnaryFunction.SIGN, difference);
    return switch (f) {
      case GREATER -> node(call, UnaryFunction.RELU, sign);
      case LESS_OR_EQUAL -> not(call, node(call, UnaryFunction.RELU, sign));
      case LESS -> node(call, UnaryFunction.RELU, node(call, UnaryFunction.NEG, sign));
      case GREATER_OR_EQUAL ->
          not(call, node(call, UnaryFunction.RELU, node(call, UnaryFunction.NEG, sign)));
      default -> not(call, node(call, UnaryFunction.ABS, sign));
    };
  }

  private static StepValue combine(Call call, BinaryFunction f, Value a, Value b, Type type) {
    Broadcast common = new Broadcast(call, a, b);
    if (a instanceof StepValue && b instanceof StepValue) {
      int left = common.register(a);
      int right = common.register(b);
      Combine node = new Combine(call.graph(), call.op(), call.name(), f, left, right);
      call.graph().add(node);
      return common.result(node.output(), type);
    }
    boolean constantFirst = a instanceof Tensor;
    Tensor constant = (Tensor) (constantFirst ? a : b);
    float[] row = common.row(constant);
    CombineConstant node =
        new CombineConstant(
            call.graph(),
            call.op(),
            call.name(),
            f,
            row,
            constantFirst,
            constant.isFloat() ? constant.cut().count() : 0,
            common.register(constantFirst ? b : a));
    call.graph().add(node);
    return common.result(node.output(), type);
  }
}
