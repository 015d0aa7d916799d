package io.unroll.model.kernel;

/**
 * An elementwise function of two values, as the ONNX operator of the same name defines it. A
 * comparison gives 1 or 0.
 */
public enum BinaryFunction {
  ADD,
  SUB,
  MUL,
  DIV,
  MIN,
  MAX,
  POW,
  /** What truncated division leaves, with the sign of the first value: ONNX Mod with fmod=1. */
  FMOD,
  /** What floored division leaves, with the sign of the second value: ONNX Mod with fmod=0. */
  MOD,
  /** The first value, times the second where it is below 0. */
  PRELU,
  EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL;

  /** The function of one pair, with the bits that {@link Kernel#combine} gives. */
  public float of(float a, float b) {
    return switch (this) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POW -> Transcendentals.pow(a, b);
      case FMOD -> a % b; // exact, as the Java language defines it
      case MOD -> {
        float rest = a % b;
        yield rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      }
      case PRELU -> a < 0 ? a * b : a;
      case EQUAL -> a == b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> a >= b ? 1 : 0;
    };
  }

  /** Whether the result is a truth value. */
  public boolean compares() {
    return switch (this) {
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
      default -> false;
    };
  }
}
