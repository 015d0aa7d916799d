package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/** Makes the value of a sequence that opens with an observation. */
final class Opening {
  private final boolean byArrival;
  private final SeriesRecords records;

  Opening(Rules rules, SeriesRecords records) {
    this.byArrival = rules.boundaries().clock() == SequenceClock.PROCESSING;
    this.records = records;
  }

  /**
   * A sequence without a step.
   *
   * @param served whose sequence it is, from its initial state
   * @param previous what its transforms remember (remembered)
   * @param arrived when the observation came, by the clock of the time limits, epoch milliseconds
   */
  SequenceState begin(
      ServedModel served, Observation observation, double[] previous, long arrived) {
    SequenceState state = new SequenceState();
    state.model = served.fingerprint();
    state.opened = observation.timestamp;
    state.last = observation.timestamp;
    state.seen = observation.timestamp;
    state.name = observation.by;
    state.origin = observation.origin;
    state.position = observation.position;
    state.hidden = served.initialState();
    state.previous = previous;
    if (byArrival) {
      state.arrivedFirst = arrived;
      state.arrivedLast = arrived;
    }
    return state;
  }

  /**
   * The sequence takes over what its series keeps across them, once the one before has closed.
   *
   * @param closing why that did; null if none was open
   */
  void inherit(
      SequenceState state,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      Observation observation) {
    if (kept != null) {
      records.forget(kept, closing, observation);
      state.outlive(kept);
      records.take(state);
    }
  }
}
