package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * Decides when what is remembered of a series is forgotten.
 *
 * @param keepMillis how long after the last observation that is remembered
 */
record Expiry(long keepMillis) {
  static Expiry of(@Nullable SeriesMemory memory) {
    return new Expiry(memory == null ? 0 : memory.keepMillis());
  }

  /**
   * What rejected records left for a sequence that opens with the observation. (remembered)
   *
   * @param closing why the open sequence is over before the observation; null if none is
   */
  double[] left(
      Features features,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      Observation observation) {
    return kept == null
            || kept.record == null
            || kept.record.previous.length == 0
            || isForgotten(kept, closing, observation)
        ? features.nothing()
        : kept.record.previous;
  }

  /** When it happens to a series without an open sequence, epoch milliseconds. */
  long forgottenAt(SequenceState kept) {
    return kept.record == null
        ? Long.MAX_VALUE
        : Boundaries.saturatedSum(kept.record.last, keepMillis);
  }

  /**
   * True if time has passed over what is remembered, whether or not a timer has fired.
   *
   * @param closing why the open sequence is over before the observation; null if none is
   */
  boolean isForgotten(SequenceState kept, @Nullable CloseReason closing, Observation observation) {
    return kept.record != null
        && (!kept.open || (closing != null && Boundaries.isOfTime(closing)))
        && observation.timestamp >= forgottenAt(kept);
  }
}
