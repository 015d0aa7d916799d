package io.unroll.job.operator;

/** When a prediction goes out. */
public enum Emit {
  /** After every step. */
  STEP("step"),
  /** Once, when the sequence closes. */
  END("end");

  private final String label;

  Emit(String label) {
    this.label = label;
  }

  /** The word in the pipeline file. */
  public String label() {
    return label;
  }
}
