package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.UnaryFunction;
import java.util.List;

/** Elementwise functions under their ONNX names. */
final class Functions {
  private Functions() {}

  static String of(BinaryFunction function) {
    return switch (function) {
      case ADD -> "Add";
      case SUB -> "Sub";
      case MUL -> "Mul";
      case DIV -> "Div";
      case MIN -> "Min";
      case MAX -> "Max";
    };
  }

  /** Adds the function's nodes; returns the result. */
  static String apply(Sheet sheet, String name, Activation f, String x) {
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
      case AFFINE -> { // no operator of its own, nor has the next
        String scaled = times(sheet, name + ".alpha", f.alpha(), x);
        yield sheet.node("Add", name, List.of(scaled, one(sheet, name + ".beta", f.beta())));
      }
      case SCALED_TANH -> {
        String inner = times(sheet, name + ".beta", f.beta(), x);
        String tanh = sheet.node("Tanh", name + ".tanh", List.of(inner));
        yield times(sheet, name + ".alpha", f.alpha(), tanh);
      }
    };
  }

  private static String times(Sheet sheet, String name, float factor, String x) {
    return sheet.node("Mul", name + ".times", List.of(x, one(sheet, name, factor)));
  }

  private static String one(Sheet sheet, String name, float value) {
    return sheet.floats(name, new float[] {value}, 1);
  }

  // ---- activations of recurrent nodes ----

  /** The name that recurrent nodes have for it. */
  static String ofCell(UnaryFunction function) {
    return switch (function) {
      case TANH -> "Tanh";
      case SIGMOID -> "Sigmoid";
      case RELU -> "Relu";
      case AFFINE -> "Affine";
      case LEAKY_RELU -> "LeakyRelu";
      case THRESHOLDED_RELU -> "ThresholdedRelu";
      case SCALED_TANH -> "ScaledTanh";
      case HARD_SIGMOID -> "HardSigmoid";
      case ELU -> "Elu";
      case SOFTSIGN -> "Softsign";
      case SOFTPLUS -> "Softplus";
      default ->
          throw new IllegalArgumentException(
              function + " is no activation of ONNX's recurrent nodes");
    };
  }

  static boolean hasAlpha(UnaryFunction function) {
    return hasBeta(function)
        || function == UnaryFunction.LEAKY_RELU
        || function == UnaryFunction.THRESHOLDED_RELU
        || function == UnaryFunction.ELU;
  }

  static boolean hasBeta(UnaryFunction function) {
    return function == UnaryFunction.AFFINE
        || function == UnaryFunction.SCALED_TANH
        || function == UnaryFunction.HARD_SIGMOID;
  }
}
