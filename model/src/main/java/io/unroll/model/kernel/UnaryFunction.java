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
  SOFTPLUS,
  RECIPROCAL,
  SIN,
  COS,
  ERF,
  FLOOR,
  CEIL,
  /** To the nearest whole number, halves to the even one. */
  ROUND,
  /** -1, 0 or 1. */
  SIGN,
  /** {@code alpha (e^(x / alpha) - 1)} below 0. */
  CELU,
  /** {@code beta} times ELU; beta is ONNX's gamma. */
  SELU,
  /** With the error function. */
  GELU,
  /** With tanh in place of the error function. */
  GELU_TANH,
  MISH,
  HARD_SWISH,
  /** {@code x σ(alpha x)}. */
  SWISH,
  /** Kept within alpha and beta; beta where alpha is above it. */
  CLIP,
  /**
   * To a whole number, towards 0; NaN from 2^24 on in magnitude, where a float no longer holds
   * every whole number.
   */
  TRUNCATE;

  /**
   * The function of one value without attributes, with the bits that the plain kernel's {@link
   * Kernel#apply} gives.
   */
  public float of(float x) {
    return of(x, 0, 0);
  }

  /**
   * The function of one value, with the bits that the plain kernel's {@link Kernel#apply} gives.
   */
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
      case RECIPROCAL -> 1 / x;
      case SIN -> Trigonometry.sin(x);
      case COS -> Trigonometry.cos(x);
      case ERF -> ErrorFunction.erf(x);
      case FLOOR -> (float) Math.floor(x); // exact by their definition, as is Math.rint
      case CEIL -> (float) Math.ceil(x);
      case ROUND -> (float) Math.rint(x);
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;
      case CELU -> x < 0 ? (float) (alpha * Transcendentals.expm1((double) x / alpha)) : x;
      case SELU -> x < 0 ? (float) ((double) beta * alpha * Transcendentals.expm1(x)) : beta * x;
      case GELU -> ErrorFunction.gelu(x);
      case GELU_TANH -> Transcendentals.geluTanh(x);
      case MISH -> Transcendentals.mish(x);
      case HARD_SWISH -> x * HARD_SIGMOID.of(x, 1 / 6f, 0.5f);
      case SWISH -> Transcendentals.swish(x, alpha);
      case CLIP -> {
        float above = x < alpha ? alpha : x;
        yield above > beta ? beta : above;
      }
      case TRUNCATE -> Math.abs(x) < 0x1p24f ? (float) (int) x : Float.NaN;
    };
  }
}
