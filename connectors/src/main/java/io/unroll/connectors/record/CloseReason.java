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
  END_OF_INPUT("end-of-input"),
  /** The allowed time since it opened. */
  MAX_DURATION("max-duration"),
  /** An observation whose {@code by} value is another. */
  CHANGED("changed"),
  /** An observation with a start marker. */
  RESTARTED("restarted"),
  /** A time of day at which sequences close. */
  CLOSE_AT("close-at"),
  /** More observations missing than are filled in. */
  GAP("gap");

  private final String label;

  CloseReason(String label) {
    this.label = label;
  }

  /** The word in the record. */
  public String label() {
    return label;
  }
}
