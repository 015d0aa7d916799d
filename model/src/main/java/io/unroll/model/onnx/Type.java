package io.unroll.model.onnx;

/** What the numbers of a per-step value are; each is a float in a register. */
enum Type {
  FLOAT,
  /**
   * Whole numbers below 2^24 in magnitude, which a float holds exactly. Arithmetic that passes it
   * gives NaN, so that the step is rejected.
   */
  WHOLE,
  /** 0 or 1. */
  BOOL;

  /** The type of a value; constants know floats from whole numbers alone. */
  static Type of(Value value) {
    if (value instanceof StepValue step) {
      return step.type();
    }
    return ((Tensor) value).isFloat() ? FLOAT : WHOLE;
  }

  /** Refuses to put floats and whole numbers together. */
  static void requireAlike(Value a, Value b) {
    if ((of(a) == FLOAT) != (of(b) == FLOAT)) {
      throw new Refusal("combines floats with whole numbers");
    }
  }
}
