package io.unroll.model.onnx;

import io.unroll.model.onnx.Scene.Domain;
import io.unroll.model.onnx.Scene.Var;

/**
 * How random graphs around one operator are made.
 *
 * @param since the first operator set that has it in this form
 * @param domain the numbers that it is asked about
 * @param result how it may differ
 * @param mode what it works on
 * @param maker adds it to a scene
 */
record OperatorCase(int since, Domain domain, Result result, Mode mode, Maker maker) {
  /** How a result may differ from ONNX Runtime's. */
  enum Result {
    /** Rounded somewhere. */
    CLOSE,
    /** The same bits from the same input. */
    EXACT,
    /** As exact, and jumps: asked only about the very same input. */
    JUMPS
  }

  /** What an operator works on. */
  enum Mode {
    BOTH,
    STEPS_ONLY,
    CONSTANTS_ONLY
  }

  /** Adds the operator to a scene. */
  interface Maker {
    /** The value to compare. */
    Var make(Scene scene);
  }

  static final Domain AROUND_ZERO = new Domain(-2, 2, false);
  static final Domain WIDE = new Domain(-6, 6, false);
  static final Domain QUARTERS = new Domain(-2, 2, true);
  static final Domain POSITIVE = new Domain(0.25, 3, false);

  static OperatorCase close(int since, Domain domain, Maker maker) {
    return new OperatorCase(since, domain, Result.CLOSE, Mode.BOTH, maker);
  }

  static OperatorCase exact(int since, Domain domain, Maker maker) {
    return new OperatorCase(since, domain, Result.EXACT, Mode.BOTH, maker);
  }

  static OperatorCase jumps(int since, Domain domain, Maker maker) {
    return new OperatorCase(since, domain, Result.JUMPS, Mode.BOTH, maker);
  }

  OperatorCase stepsOnly() {
    return new OperatorCase(since, domain, result, Mode.STEPS_ONLY, maker);
  }

  OperatorCase constantsOnly() {
    return new OperatorCase(since, domain, result, Mode.CONSTANTS_ONLY, maker);
  }
}
