package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import java.util.Arrays;
import java.util.List;

/** Elementwise functions under their ONNX names. */
final class Functions {
  private Functions() {}

  /**
   * Adds the function's nodes; returns the result. Truth values are floats here and truth values
   * there: a Cast stands between.
   */
  static String apply(Sheet sheet, String name, BinaryFunction function, String a, String b) {
    return switch (function) {
      case ADD -> sheet.node("Add", name, List.of(a, b));
      case SUB -> sheet.node("Sub", name, List.of(a, b));
      case MUL -> sheet.node("Mul", name, List.of(a, b));
      case DIV -> sheet.node("Div", name, List.of(a, b));
      case MIN -> sheet.node("Min", name, List.of(a, b));
      case MAX -> sheet.node("Max", name, List.of(a, b));
      case POW -> sheet.node("Pow", name, List.of(a, b));
      case PRELU -> sheet.node("PRelu", name, List.of(a, b));
      case FMOD -> sheet.node("Mod", name, List.of(a, b), Sheet.attribute("fmod", 1));
      case MOD -> { // ONNX has it of whole numbers only
        String quotient = sheet.node("Div", name + ".quotient", List.of(a, b));
        String floor = sheet.node("Floor", name + ".floor", List.of(quotient));
        String whole = sheet.node("Mul", name + ".whole", List.of(floor, b));
        yield sheet.node("Sub", name, List.of(a, whole));
      }
      case EQUAL -> truth(sheet, "Equal", name, a, b);
      case LESS -> truth(sheet, "Less", name, a, b);
      case LESS_OR_EQUAL -> truth(sheet, "LessOrEqual", name, a, b);
      case GREATER -> truth(sheet, "Greater", name, a, b);
      case GREATER_OR_EQUAL -> truth(sheet, "GreaterOrEqual", name, a, b);
    };
  }

  private static String truth(Sheet sheet, String op, String name, String a, String b) {
    return cast(sheet, name, sheet.node(op, name + ".truth", List.of(a, b)), DataType.FLOAT);
  }

  /** Adds a Cast; returns its result. */
  static String cast(Sheet sheet, String name, String x, DataType to) {
    return sheet.node("Cast", name, List.of(x), Sheet.attribute("to", to.getNumber()));
  }

  /**
   * Adds the function's nodes; returns the result. A function without an operator of its own is
   * written as the nodes that it is read as, so that it is the same when it is written again.
   *
   * @param x (..., width)
   */
  static String apply(Sheet sheet, String name, Activation f, int width, String x) {
    AttributeProto alpha = Sheet.attribute("alpha", f.alpha());
    AttributeProto beta = Sheet.attribute("beta", f.beta());
    return switch (f.function()) {
      case TANH -> sheet.node("Tanh", name, List.of(x));
      case SIGMOID -> sheet.node("Sigmoid", name, List.of(x));
      case RELU -> sheet.node("Relu", name, List.of(x));
      case NEG -> sheet.node("Neg", name, List.of(x));
      case ABS -> sheet.node("Abs", name, List.of(x));
      case SQRT -> sheet.node("Sqrt", name, List.of(x));
      case EXP -> sheet.node("Exp", name, List.of(x));
      case LOG -> sheet.node("Log", name, List.of(x));
      case SOFTSIGN -> sheet.node("Softsign", name, List.of(x));
      case SOFTPLUS -> sheet.node("Softplus", name, List.of(x));
      case LEAKY_RELU -> sheet.node("LeakyRelu", name, List.of(x), alpha);
      case THRESHOLDED_RELU -> sheet.node("ThresholdedRelu", name, List.of(x), alpha);
      case ELU -> sheet.node("Elu", name, List.of(x), alpha);
      case HARD_SIGMOID -> sheet.node("HardSigmoid", name, List.of(x), alpha, beta);
      case RECIPROCAL -> sheet.node("Reciprocal", name, List.of(x));
      case SIN -> sheet.node("Sin", name, List.of(x));
      case COS -> sheet.node("Cos", name, List.of(x));
      case ERF -> sheet.node("Erf", name, List.of(x));
      case FLOOR -> sheet.node("Floor", name, List.of(x));
      case CEIL -> sheet.node("Ceil", name, List.of(x));
      case ROUND -> sheet.node("Round", name, List.of(x));
      case SIGN -> sheet.node("Sign", name, List.of(x));
      case CELU -> sheet.node("Celu", name, List.of(x), alpha);
      case SELU -> sheet.node("Selu", name, List.of(x), alpha, Sheet.attribute("gamma", f.beta()));
      case GELU -> sheet.node("Gelu", name, List.of(x));
      case GELU_TANH ->
          sheet.node("Gelu", name, List.of(x), Sheet.attribute("approximate", "tanh"));
      case MISH -> sheet.node("Mish", name, List.of(x));
      case HARD_SWISH -> sheet.node("HardSwish", name, List.of(x));
      case SWISH -> { // an operator of its own only in newer operator sets
        String scaled = times(sheet, name + ".alpha", f.alpha(), width, x);
        String gate = sheet.node("Sigmoid", name + ".sigmoid", List.of(scaled));
        yield sheet.node("Mul", name, List.of(x, gate));
      }
      case CLIP -> {
        String low = sheet.floats(name + ".min", new float[] {f.alpha()});
        String high = sheet.floats(name + ".max", new float[] {f.beta()});
        yield sheet.node("Clip", name, List.of(x, low, high));
      }
      case TRUNCATE -> {
        String whole = cast(sheet, name + ".whole", x, DataType.INT64);
        yield cast(sheet, name, whole, DataType.FLOAT);
      }
      case AFFINE -> { // no operator of its own, nor has the next
        String scaled = times(sheet, name + ".alpha", f.alpha(), width, x);
        yield sheet.node("Add", name, List.of(scaled, constant(sheet, name, f.beta(), width)));
      }
      case SCALED_TANH -> {
        String inner = times(sheet, name + ".beta", f.beta(), width, x);
        String tanh = sheet.node("Tanh", name + ".tanh", List.of(inner));
        yield times(sheet, name, f.alpha(), width, tanh);
      }
    };
  }

  private static String times(Sheet sheet, String name, float factor, int width, String x) {
    return sheet.node("Mul", name, List.of(x, constant(sheet, name, factor, width)));
  }

  private static String constant(Sheet sheet, String name, float value, int width) {
    float[] values = new float[width];
    Arrays.fill(values, value);
    return sheet.floats(name + ".constant", values, width);
  }
}
