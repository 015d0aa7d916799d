package io.unroll.model.kernel;

/** An elementwise function of one value, as the ONNX operator of the same name defines it. */
public enum UnaryFunction {
  TANH,
  SIGMOID,
  RELU,
  NEG,
  ABS,
  SQRT,
  EXP;

  /** The function of one value, with the bits that {@link Kernel#apply} gives. */
  public float of(float x) {
    return switch (this) {
      case TANH -> Transcendentals.tanh(x);
      case SIGMOID -> Transcendentals.sigmoid(x);
      case RELU -> x <= 0 ? 0 : x; // NaN stays NaN
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SQRT -> (float) Math.sqrt(x); // correctly rounded by IEEE 754 and by the Java language
      case EXP -> (float) Transcendentals.exp(x);
    };
  }
}
