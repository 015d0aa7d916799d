package io.unroll.model.cell;

import io.unroll.model.kernel.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * The activations of ONNX's recurrent nodes, under their names there. The default of an attribute
 * is that of ONNX's operator of the same name; Affine and ScaledTanh have no such operator.
 */
public enum CellFunction {
  AFFINE("Affine", UnaryFunction.AFFINE, 2, null, null),
  RELU("Relu", UnaryFunction.RELU, 0, null, null),
  LEAKY_RELU("LeakyRelu", UnaryFunction.LEAKY_RELU, 1, 0.01f, null),
  THRESHOLDED_RELU("ThresholdedRelu", UnaryFunction.THRESHOLDED_RELU, 1, 1f, null),
  TANH("Tanh", UnaryFunction.TANH, 0, null, null),
  SCALED_TANH("ScaledTanh", UnaryFunction.SCALED_TANH, 2, null, null),
  SIGMOID("Sigmoid", UnaryFunction.SIGMOID, 0, null, null),
  HARD_SIGMOID("HardSigmoid", UnaryFunction.HARD_SIGMOID, 2, 0.2f, 0.5f),
  ELU("Elu", UnaryFunction.ELU, 1, 1f, null),
  SOFTSIGN("Softsign", UnaryFunction.SOFTSIGN, 0, null, null),
  SOFTPLUS("Softplus", UnaryFunction.SOFTPLUS, 0, null, null);

  private final String onnxName;
  private final UnaryFunction function;
  private final int attributes;
  private final @Nullable Float alpha;
  private final @Nullable Float beta;

  CellFunction(
      String onnxName,
      UnaryFunction function,
      int attributes,
      @Nullable Float alpha,
      @Nullable Float beta) {
    this.onnxName = onnxName;
    this.function = function;
    this.attributes = attributes;
    this.alpha = alpha;
    this.beta = beta;
  }

  /** The activation of that name in any case; null when there is none. */
  public static @Nullable CellFunction named(String onnxName) {
    for (CellFunction one : values()) {
      if (one.onnxName.equalsIgnoreCase(onnxName)) {
        return one;
      }
    }
    return null;
  }

  /**
   * The activation that is the function.
   *
   * @throws IllegalArgumentException when recurrent nodes have none such
   */
  public static CellFunction of(UnaryFunction function) {
    for (CellFunction one : values()) {
      if (one.function == function) {
        return one;
      }
    }
    throw new IllegalArgumentException(function + " is no activation of ONNX's recurrent nodes");
  }

  /** As {@code activations} names it. */
  public String onnxName() {
    return onnxName;
  }

  public UnaryFunction function() {
    return function;
  }

  /** Whether it takes a value of {@code activation_alpha}. */
  public boolean hasAlpha() {
    return attributes > 0;
  }

  /** Whether it takes a value of {@code activation_beta}. */
  public boolean hasBeta() {
    return attributes > 1;
  }

  /** The default of alpha; null when there is none. */
  public @Nullable Float alpha() {
    return alpha;
  }

  /** The default of beta; null when there is none. */
  public @Nullable Float beta() {
    return beta;
  }
}
