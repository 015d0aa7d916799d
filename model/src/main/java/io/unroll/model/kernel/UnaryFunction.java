package io.unroll.model.kernel;

/**
 * An elementwise function of one value, as the ONNX operator of the same name defines it. What its
 * attributes alpha and beta mean stands with each; the others ignore them.
 */
public enum UnaryFunction {
  TANH,
  SIGMOID,
  RELU,
  NEG,
  ABS,
  SQRT,
  EXP,
  LOG,
  /** {@code alpha x + beta}. */
  AFFINE,
  /** {@code alpha x} below 0. */
  LEAKY_RELU,
  /** {@code x} above alpha, else 0. */
  THRESHOLDED_RELU,
  /** {@code alpha tanh(beta x)}. */
  SCALED_TANH,
  /** {@code alpha x + beta}, kept within 0 and 1. */
  HARD_SIGMOID,
  /** {@code alpha (e^x - 1)} below 0. */
  ELU,
  SOFTSIGN,
  SOFTPLUS;

  /**
   * The function of one value without attributes, with the bits that {@link Kernel#apply} gives.
   */
  public float of(float x) {
    return of(x, 0, 0);
  }

  /** The function of one value, with the bits that {@link Kernel#apply} gives. */
  public float of(float x, float alpha, float beta) {
    return switch (this) {
      case TANH -> Transcendentals.tanh(x);
      case SIGMOID -> Transcendentals.sigmoid(x);
      case RELU -> x <= 0 ? 0 : x; // NaN stays NaN, here and below
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SQRT -> (float) Math.sqrt(x); // correctly rounded by IEEE 754 and by the Java language
      case EXP -> (float) Transcendentals.exp(x);
      case LOG -> (float) Transcendentals.log(x);
      case AFFINE -> alpha * x + beta;
      case LEAKY_RELU -> x < 0 ? alpha * x : x;
      case THRESHOLDED_RELU -> x <= alpha ? 0 : x;
      case SCALED_TANH -> alpha * Transcendentals.tanh(beta * x);
      case HARD_SIGMOID -> {
        float line = alpha * x + beta;
        yield line < 0 ? 0 : line > 1 ? 1 : line;
      }
      case ELU -> x < 0 ? (float) (alpha * Transcendentals.expm1(x)) : x;
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTPLUS -> Transcendentals.softplus(x);
    };
  }
}
