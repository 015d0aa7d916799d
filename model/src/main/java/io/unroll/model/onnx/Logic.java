package io.unroll.model.onnx;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.UnaryFunction;
import java.util.List;

/** Operators on truth values, which are 0 and 1, and questions about floats. */
enum Logic implements Operator {
  AND,
  OR,
  XOR,
  NOT,
  IS_NAN,
  IS_INF;

  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    boolean ofFloats = this == IS_NAN || this == IS_INF;
    if ((Type.of(x) == Type.FLOAT) != ofFloats) {
      throw new Refusal(
          ofFloats
              ? "works on whole numbers, expected floats"
              : "works on floats, expected truths");
    }
    Value result =
        switch (this) {
          case AND -> Elementwise.binary(call, BinaryFunction.MIN, x, call.input(1));
          case OR -> Elementwise.binary(call, BinaryFunction.MAX, x, call.input(1));
          case XOR ->
              Elementwise.unary(
                  call,
                  Activation.of(UnaryFunction.ABS),
                  Elementwise.binary(call, BinaryFunction.SUB, x, call.input(1)));
          case NOT -> Elementwise.not(call, x);
          case IS_NAN ->
              Elementwise.not(call, Elementwise.binary(call, BinaryFunction.EQUAL, x, x));
          case IS_INF -> isInfinite(call, x);
        };
    return List.of(result instanceof StepValue step ? step.as(Type.BOOL) : result);
  }

  private static Value isInfinite(Call call, Value x) {
    float none = Float.NaN; // equals nothing
    float above = call.integer("detect_positive", 1) != 0 ? Float.POSITIVE_INFINITY : none;
    float below = call.integer("detect_negative", 1) != 0 ? Float.NEGATIVE_INFINITY : none;
    return Elementwise.binary(
        call, BinaryFunction.MAX, equal(call, x, above), equal(call, x, below));
  }

  private static Value equal(Call call, Value x, float to) {
    return Elementwise.binary(call, BinaryFunction.EQUAL, x, Tensor.of(new float[] {to}));
  }
}
