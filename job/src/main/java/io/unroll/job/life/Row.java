package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * A series that asks to advance by one step, and what its rules need to settle the result.
 *
 * @param served the model that steps
 * @param observation nobody else changes it until the row is settled
 * @param raw its features (features)
 * @param moments of the series before it, which its scales go by (online features)
 * @param left what rejected records left for it where it opens a sequence; empty where it goes on
 *     (remembered)
 * @param kept what is kept of the series; null without
 * @param closing why the observation ends the open sequence and begins another; null if it does not
 * @param arrived when the observation came, by the clock of the time limits, epoch milliseconds
 * @param filling the gap before the observation, while it is filled and when it has been; null
 *     without
 * @param behind whether the observation came behind the watermark
 */
@SuppressWarnings("ArrayRecordComponent") // a request on its way, never compared
public record Row(
    ServedModel served,
    String series,
    Observation observation,
    double[] raw,
    double[] moments,
    double[] left,
    @Nullable SequenceState kept,
    @Nullable CloseReason closing,
    long arrived,
    @Nullable Filling filling,
    boolean behind) {

  /** The sequence that the step goes on from; null for one that opens with the step. */
  @Nullable SequenceState current() {
    return closing == null && kept != null && kept.open ? kept : null;
  }

  /** True if the step fills the gap before the observation. */
  boolean fills() {
    return filling != null && filling.remaining > 0;
  }
}
