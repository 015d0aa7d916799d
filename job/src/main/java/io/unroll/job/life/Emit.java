package io.unroll.job.life;

/** When a prediction goes out. */
public enum Emit {
  /** After every step. */
  STEP,
  /** Once, when the sequence closes. */
  END
}
