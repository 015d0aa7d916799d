package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SeriesRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a series across its sequences: what goes in with an observation that is
 * used, what a later one finds there, and when all of it is forgotten.
 */
final class SeriesRecords {
  private final @Nullable SeriesMemory memory;
  private final Expiry expiry;
  private final Evaluator evaluator;

  SeriesRecords(@Nullable SeriesMemory memory, Evaluator evaluator) {
    this.memory = memory;
    this.expiry = Expiry.of(memory);
    this.evaluator = evaluator;
  }

  /** Takes what is kept of a series from state: of a job that remembered something, perhaps. */
  void found(SequenceState kept) {
    if (memory == null) {
      kept.record = null;
    }
  }

  /** What the scales of an observation go by: moments of what its series had. (online features) */
  double[] moments(
      ServedModel served,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      Observation observation) {
    return kept == null || expiry.isForgotten(kept, closing, observation) || kept.record == null
        ? served.features().noMoments()
        : kept.record.moments;
  }

  /** As {@link Expiry#left}. */
  double[] left(
      Features features,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      Observation observation) {
    return expiry.left(features, kept, closing, observation);
  }

  /** True if a series is remembered across its sequences. */
  boolean areKept() {
    return memory != null;
  }

  /**
   * A record is rejected because a value is missing: those that it has are left to the sequence
   * that opens next.
   *
   * @param state of its series. Modified.
   */
  void leave(Features features, SequenceState state, Observation observation, double[] raw) {
    SeriesRecord record = open(state, observation);
    double[] before = record.previous.length == 0 ? features.nothing() : record.previous;
    record.previous = features.leave(raw, before);
  }

  /**
   * What was left has been taken: from now on the open sequence remembers it.
   *
   * @param state of the series. Modified.
   */
  void take(SequenceState state) {
    if (state.record == null || state.record.previous.length == 0) {
      return;
    }
    SeriesRecord record = state.record.copy();
    record.previous = new double[0];
    state.record = record.isEmpty() ? null : record;
  }

  /** Forgets what time has passed over when the observation comes. */
  void forget(SequenceState kept, @Nullable CloseReason closing, Observation observation) {
    if (expiry.isForgotten(kept, closing, observation)) {
      forget(kept);
    }
  }

  /** Forgets the series. */
  void forget(SequenceState kept) {
    if (kept.record != null) {
      evaluator.forgotten(kept.record);
      kept.record = null;
    }
  }

  /** True if {@link #use} asks what the model sees. */
  boolean wantsInputs() {
    return evaluator.wantsInputs();
  }

  /** A marker without features is used. */
  void use(SequenceState state, Observation marker) {
    if (remembers(marker)) {
      remember(open(state, marker), marker);
    }
  }

  /**
   * An observation with features is used.
   *
   * @param served what it steps or primes
   * @param state of its series. Modified.
   * @param raw its values (fields)
   * @param previous what the observation before left (remembered)
   * @param inputs what the model sees of it; null if it sees nothing, or nobody {@link
   *     #wantsInputs} (inputs)
   */
  void use(
      ServedModel served,
      String series,
      SequenceState state,
      Observation observation,
      double[] raw,
      double[] previous,
      float @Nullable [] inputs) {
    Features features = served.features();
    if (memory == null || !(remembers(observation) || features.learns() || evaluator.isNeeded())) {
      return;
    }
    SeriesRecord record = open(state, observation);
    if (remembers(observation)) {
      remember(record, observation);
    }
    if (features.learns()) {
      record.moments = features.learn(raw, previous, record.moments);
    }
    if (evaluator.isNeeded()) {
      evaluator.observed(features, series, record, observation, raw, inputs);
    }
  }

  /** True if the observation has an identity that is remembered. */
  boolean remembers(Observation observation) {
    return memory != null
        && memory.duplicates() != SeriesMemory.NO_DUPLICATES
        && observation.identity != null;
  }

  private void remember(SeriesRecord record, Observation observation) {
    if (memory != null && observation.identity != null) {
      record.remember(observation.identity, memory.duplicates());
    }
  }

  /** A record that may be changed. */
  private static SeriesRecord open(SequenceState state, Observation observation) {
    SeriesRecord record = state.record == null ? new SeriesRecord() : state.record.copy();
    record.last = Math.max(record.last, observation.timestamp);
    state.record = record;
    return record;
  }

  /** A step was filled in: its observation never came. */
  void missed(SequenceState state) {
    if (state.record != null && evaluator.isNeeded()) {
      evaluator.missed(state.record);
    }
  }
}
