package io.unroll.job.life;

import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
import org.jspecify.annotations.Nullable;

/**
 * The value of the series that is current in the key context, with its timers: a series has a value
 * if and only if it has an open sequence, observations that are held back, or something that is to
 * be remembered.
 */
final class SeriesValue {
  private final ServedModels models;
  private final SequenceStore sequences;
  private final SeriesAlarm alarm;
  private final SeriesRecords records;

  SeriesValue(
      ServedModels models, SequenceStore sequences, SeriesAlarm alarm, SeriesRecords records) {
    this.models = models;
    this.sequences = sequences;
    this.alarm = alarm;
    this.records = records;
  }

  /**
   * What is kept of the series; null for nothing.
   *
   * @throws IllegalStateException if it is of a model that is not served
   */
  @Nullable SequenceState get(String series) throws Exception {
    SequenceState kept = sequences.get();
    if (kept != null) {
      if (kept.open) {
        models.of(series, kept); // or refused
      }
      kept.stored = true;
      records.found(kept);
    }
    return kept;
  }

  /** Keeps a value, with a timer where it needs one. */
  void store(SequenceState state) throws Exception {
    alarm.arm(state);
    state.stored = true;
    sequences.put(state);
  }

  /** As {@link #store}, or {@link #removeSequence} where none is open. */
  void keep(SequenceState state) throws Exception {
    if (state.open) {
      store(state);
    } else {
      removeSequence(state);
    }
  }

  /** Keeps a value whose timer is set later. */
  void storeWithoutTimer(SequenceState state) throws Exception {
    sequences.put(state);
  }

  /** The sequence is closed: what its series keeps stays, its timers go if there is nothing. */
  void removeSequence(SequenceState closed) throws Exception {
    SequenceState between = SequenceState.between(closed);
    if (between != null) {
      store(between);
    } else if (closed.stored) {
      alarm.disarm(closed);
      sequences.remove();
    }
  }
}
