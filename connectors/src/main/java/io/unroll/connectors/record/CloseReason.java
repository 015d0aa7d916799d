package io.unroll.connectors.record;

/** What closed a sequence. */
public enum CloseReason {
  /** The end marker. */
  END("end"),
  /** No observation for the idle timeout. */
  IDLE("idle"),
  /** The allowed number of steps. */
  MAX_STEPS("max-steps"),
  /** The input ended and no time limit was set. */
  END_OF_INPUT("end-of-input");

  private final String label;

  CloseReason(String label) {
    this.label = label;
  }

  /** The word in the record. */
  public String label() {
    return label;
  }
}
