package io.unroll.model.kernel;

/** An elementwise function of two values, as the ONNX operator of the same name defines it. */
public enum BinaryFunction {
  ADD,
  SUB,
  MUL,
  DIV,
  MIN,
  MAX;

  /** The function of one pair, with the bits that {@link Kernel#combine} gives. */
  public float of(float a, float b) {
    return switch (this) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }
}
