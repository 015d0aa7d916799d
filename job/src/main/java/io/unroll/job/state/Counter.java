package io.unroll.job.state;

/**
 * What a job counts. The index is the layout of the counters in operator state: it never changes,
 * and new ones go to the end.
 */
public enum Counter {
  /** Observations and rejected records that came in, and records that are skipped. */
  INPUTS(0, "inputs"),
  /** Observations that advanced a sequence. */
  STEPS(1, "steps"),
  /** Observations that primed the transforms of a sequence. */
  PRIMINGS(2, "primings"),
  /** End markers without features. */
  MARKERS(3, "markers"),
  /** Observations that found no open sequence and came after the watermark had passed it. */
  LATE(4, "late"),
  /** Records that could not be used. */
  REJECTED(5, "rejected"),
  /** Sequences opened. */
  OPENED(6, "opened"),
  /** Sequences closed by an end marker. */
  CLOSED_END(7, "closed.end"),
  /** Sequences closed by the idle timeout. */
  CLOSED_IDLE(8, "closed.idle"),
  /** Sequences closed by max-steps. */
  CLOSED_MAX_STEPS(9, "closed.max-steps"),
  /** Sequences closed by the end of the input. */
  CLOSED_END_OF_INPUT(10, "closed.end-of-input"),
  /** Predictions emitted. */
  PREDICTIONS(11, "predictions"),
  /** Observations that wait for the watermark: now, not altogether. */
  HELD_BACK(12, "held-back"),
  /** Sequences closed by max-duration. */
  CLOSED_MAX_DURATION(13, "closed.max-duration"),
  /** Sequences closed because the next observation was of another one. */
  CLOSED_CHANGED(14, "closed.changed"),
  /** Sequences closed by a start marker. */
  CLOSED_RESTARTED(15, "closed.restarted"),
  /** Sequences closed by the time of day. */
  CLOSED_CLOSE_AT(16, "closed.close-at"),
  /** Runs of a decoder that ended because a step was not finite. */
  DECODES_CUT(17, "decodes.cut"),
  /** Steps that were filled in where observations were missing; no inputs. */
  FILLED(18, "filled"),
  /** Sequences closed because too many observations were missing. */
  CLOSED_GAP(19, "closed.gap"),
  /** Observations behind the watermark that advanced their sequence. */
  BEHIND_STEPPED(20, "behind.stepped"),
  /** Observations behind the watermark that opened a sequence. */
  BEHIND_OPENED(21, "behind.opened"),
  /** End markers behind the watermark, and observations there that were rejected. */
  BEHIND_OTHER(22, "behind.other"),
  /** Records that the pipeline does not mean. */
  SKIPPED(23, "skipped");

  private final int index;
  private final String label;

  Counter(int index, String label) {
    this.index = index;
    this.label = label;
  }

  /** The place in arrays of counts, and in operator state. */
  public int index() {
    return index;
  }

  /** The name in metrics and reports. */
  public String label() {
    return label;
  }
}
