package io.unroll.job.operator;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * A series that asks to advance by one step, and what its rules need to settle the result.
 *
 * @param observation nobody else changes it until the row is settled
 * @param raw its features (features)
 * @param kept what is kept of the series; null without
 * @param closing why the observation ends the open sequence and begins another; null if it does not
 * @param arrived when the observation came, by the clock of the time limits, epoch milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // a request on its way, never compared
record Row(
    String series,
    Observation observation,
    double[] raw,
    @Nullable SequenceState kept,
    @Nullable CloseReason closing,
    long arrived) {
  private static final double[] NOTHING_REMEMBERED = {};

  /** The sequence that the step goes on from; null for one that opens with the step. */
  @Nullable SequenceState current() {
    return closing == null && kept != null && kept.open ? kept : null;
  }

  /** What the transforms remember before the step. (remembered) */
  double[] previous() {
    SequenceState current = current();
    return current == null ? NOTHING_REMEMBERED : current.previous;
  }

  /** The hidden state before the step; null for the initial one. (state) */
  float @Nullable [] hidden() {
    SequenceState current = current();
    return current == null ? null : current.hidden;
  }
}
