package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * A series that asks to advance by one step, and what its rules need to settle the result. Reused
 * from batch to batch.
 */
final class Row {
  private static final Observation NOTHING = new Observation();
  private static final double[] NOTHING_REMEMBERED = {};

  private String series = "";
  private Observation observation = NOTHING;
  private double[] raw = NOTHING_REMEMBERED;
  private @Nullable SequenceState open;
  private boolean expired;

  /**
   * Takes a request.
   *
   * @param observation nobody else changes it until the row is settled
   * @param raw its features
   * @param open the series' open sequence, or null
   * @param expired true if the observation shows that time has closed it
   */
  void ask(
      String series,
      Observation observation,
      double[] raw,
      @Nullable SequenceState open,
      boolean expired) {
    this.series = series;
    this.observation = observation;
    this.raw = raw;
    this.open = open;
    this.expired = expired;
  }

  /** Lets go of what it held: a closed sequence must not be kept by a batch. */
  void clear() {
    series = "";
    observation = NOTHING;
    raw = NOTHING_REMEMBERED;
    open = null;
  }

  String series() {
    return series;
  }

  Observation observation() {
    return observation;
  }

  /** The observation's features. (features) */
  double[] raw() {
    return raw;
  }

  /** The series' open sequence; null without. */
  @Nullable SequenceState open() {
    return open;
  }

  /** True if the observation shows that time has closed the open sequence. */
  boolean expired() {
    return expired;
  }

  /** The sequence that the step goes on from; null for one that opens with the step. */
  @Nullable SequenceState current() {
    return expired ? null : open;
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
