package io.unroll.job.operator;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an observation, the result of its step or a timer does to the series that is current
 * in Flink's key context. Knows nothing of other series and of batches: what is to advance is asked
 * for, and settled when the result is there.
 *
 * <p>Invariants, by the number of the rule in "A sequence's life":
 *
 * <ol>
 *   <li>A series has a value in state if and only if it has an open sequence.
 *   <li>One observation changes the value of its own series, and by one step.
 *   <li>The close is decided here and nowhere else; the end marker wins over max-steps.
 *   <li>Time limits are decided by timestamps: whether the timer or the record comes first, the
 *       output is the same. {@code last} never goes back, so {@code due} only moves later, and the
 *       one timer may stand early but never late.
 *   <li>(The clock is the input's event time.)
 *   <li>An open sequence holds exactly one event-time timer, at or before {@code due}.
 *   <li>At the close: the final prediction, then the closed record, then value and timer are gone.
 *   <li>A rejected end marker still ends.
 *   <li>A rejected observation changes nothing: the step runs on a copy before anything is decided.
 *   <li>Every observation is counted as exactly one of step, priming, marker, late, rejected.
 * </ol>
 */
final class SequenceLife {
  /** {@link SequenceState#timer} of a sequence that has not been stored yet. */
  private static final long NO_TIMER = Long.MIN_VALUE;

  private static final double[] NOTHING_REMEMBERED = {};

  private final SequenceConfig settings;
  private final Features features;
  private final long fingerprint;
  private final SequenceStore sequences;
  private final InternalTimerService<VoidNamespace> timers;
  private final OperatorMemory memory;
  private final Counters counters;
  private final Emitter emitter;
  private final Advance advance;

  /**
   * @param fingerprint first eight bytes of the model's
   * @param sequences of the series in Flink's key context
   * @param timers of the same
   * @param advance where results are found
   */
  SequenceLife(
      SequenceConfig settings,
      Features features,
      long fingerprint,
      SequenceStore sequences,
      InternalTimerService<VoidNamespace> timers,
      OperatorMemory memory,
      Emitter emitter,
      Advance advance) {
    this.settings = settings;
    this.features = features;
    this.fingerprint = fingerprint;
    this.sequences = sequences;
    this.timers = timers;
    this.memory = memory;
    this.counters = memory.counters();
    this.emitter = emitter;
    this.advance = advance;
  }

  /**
   * Takes an observation. No row of its series may wait.
   *
   * @return the row to be advanced if it is to step: {@link #settle} or {@link #reject} is owed to
   *     it. Otherwise null, and everything has been done.
   */
  @Nullable Row observe(String series, Observation observation) throws Exception {
    counters.add(Counter.INPUTS);
    SequenceState open = openSequence(series);
    boolean expired = open != null && observation.timestamp >= settings.due(open.last);

    String fault = fault(series, observation);
    if (fault != null) {
      reject(series, observation, fault, open, expired);
      return null;
    }
    if (observation.features == null) {
      mark(series, observation, open, expired);
      return null;
    }
    if (open == null || expired) {
      if (isLate(observation)) {
        late(series, observation, open);
        return null;
      }
      if (features.primed()) {
        prime(series, observation, observation.features, open);
        return null;
      }
    }
    return new Row(series, observation, observation.features, open, expired);
  }

  private @Nullable SequenceState openSequence(String series) throws Exception {
    SequenceState open = sequences.get();
    if (open != null && open.model != fingerprint) {
      throw new IllegalStateException(
          String.format(
              "series '%s': its state is of model %016x, this job runs %016x",
              series, open.model, fingerprint));
    }
    return open;
  }

  private @Nullable String fault(String series, Observation observation) {
    if (series.isEmpty()) {
      return "series: found an empty text, expected a name";
    }
    if (observation.unusable != null) {
      return observation.unusable;
    }
    if (observation.features == null) {
      return observation.end ? null : "features: found none, expected " + features.count();
    }
    return features.fault(observation.features);
  }

  /** A request that cannot be stepped. */
  void reject(Row row, String reason) throws Exception {
    reject(row.series(), row.observation(), reason, row.open(), row.expired());
  }

  /** Rule 9, and the first corner of rule 8: the end of a rejected end marker is honoured. */
  private void reject(
      String series,
      Observation observation,
      String reason,
      @Nullable SequenceState open,
      boolean expired)
      throws Exception {
    emitter.rejected(observation, reason);
    if (observation.end && open != null) {
      if (expired) {
        closeByTime(series, open);
      } else {
        close(series, open, CloseReason.END, observation.input(), observation.timestamp);
      }
    }
  }

  /** An end marker without features. */
  private void mark(
      String series, Observation observation, @Nullable SequenceState open, boolean expired)
      throws Exception {
    counters.add(Counter.MARKERS);
    if (open == null) {
      return;
    }
    if (expired) {
      closeByTime(series, open);
    } else {
      open.last = Math.max(open.last, observation.timestamp);
      close(series, open, CloseReason.END, observation.input(), observation.timestamp);
    }
  }

  private boolean isLate(Observation observation) {
    return settings.timesOut() && settings.due(observation.timestamp) <= currentWatermark();
  }

  private long currentWatermark() {
    return Math.max(memory.watermark(), timers.currentWatermark());
  }

  private void late(String series, Observation observation, @Nullable SequenceState expired)
      throws Exception {
    if (expired != null) {
      closeByTime(series, expired);
    }
    emitter.late(
        observation,
        "late: timestamp + idle-timeout is "
            + settings.due(observation.timestamp)
            + ", the watermark is "
            + currentWatermark(),
        currentWatermark());
  }

  /** Rule 2: the first observation only gives the transforms their previous values. */
  private void prime(
      String series, Observation observation, double[] raw, @Nullable SequenceState expired)
      throws Exception {
    if (expired != null) {
      closeByTime(series, expired);
    }
    counters.add(Counter.PRIMINGS);
    SequenceState state = begin(observation, features.remember(raw));
    emitter.opened(series, state);
    if (observation.end) {
      close(series, state, CloseReason.END, observation.input(), observation.timestamp);
    } else {
      store(state);
    }
  }

  /**
   * Takes the result of a step into the sequence, emits, and closes or stores it.
   *
   * @param index the request's row in the advance that has just run
   */
  void settle(Row request, int index) throws Exception {
    String fault = advance.fault(index);
    if (fault != null) {
      reject(request, fault);
      return;
    }
    String series = request.series();
    Observation observation = request.observation();
    SequenceState state = request.open();
    if (state != null && request.expired()) {
      closeByTime(series, state);
      state = null;
    }
    if (state == null) {
      state = begin(observation, NOTHING_REMEMBERED);
      emitter.opened(series, state);
    }
    advanceTo(state, request, index);
    emit(series, state, observation, index);
    if (observation.end) {
      close(series, state, CloseReason.END, observation.input(), observation.timestamp);
    } else if (state.steps >= settings.maxSteps()) {
      close(series, state, CloseReason.MAX_STEPS, observation.input(), observation.timestamp);
    } else {
      store(state);
    }
  }

  private void advanceTo(SequenceState state, Row request, int index) {
    Observation observation = request.observation();
    counters.add(Counter.STEPS);
    advance.takeHidden(index, state.hidden);
    if (features.primed()) {
      features.rememberInto(request.raw(), state.previous);
    }
    state.steps++;
    state.last = Math.max(state.last, observation.timestamp);
    state.seen = observation.timestamp;
    if (!state.origin.equals(observation.origin)) { // a reference less for G1 to fence
      state.origin = observation.origin;
    }
    state.position = observation.position;
  }

  private void emit(String series, SequenceState state, Observation observation, int index) {
    switch (settings.emit()) {
      case STEP -> {
        emitter.step(series, state, advance.output(index), observation.keep);
        // Left by a run that emitted at the end: it must not go out a second time.
        state.output = null;
        state.keep = null;
      }
      case END -> {
        state.output = advance.output(index);
        state.keep = observation.keep;
      }
    }
  }

  private SequenceState begin(Observation observation, double[] previous) {
    SequenceState state = new SequenceState();
    state.model = fingerprint;
    state.opened = observation.timestamp;
    state.last = observation.timestamp;
    state.seen = observation.timestamp;
    state.timer = NO_TIMER;
    state.origin = observation.origin;
    state.position = observation.position;
    state.hidden = advance.initialState();
    state.previous = previous;
    return state;
  }

  private void store(SequenceState state) throws Exception {
    if (state.timer == NO_TIMER) {
      arm(state);
    }
    sequences.put(state);
  }

  private void arm(SequenceState state) {
    state.timer = settings.due(state.last);
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, state.timer);
  }

  /**
   * Moves the timer of an open sequence to where this job's idle timeout wants it.
   *
   * @return true if it stood elsewhere: the sequence has changed
   */
  boolean rearm(SequenceState open) {
    if (open.timer == settings.due(open.last)) {
      return false;
    }
    timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, open.timer);
    arm(open);
    return true;
  }

  /** The timer of a series has fired: it closes the sequence, or moves on to where it is due. */
  void onTimer(String series, long timestamp) throws Exception {
    SequenceState open = openSequence(series);
    if (open == null || open.timer != timestamp) {
      throw new IllegalStateException(
          "series '" + series + "': a timer at " + timestamp + " has no sequence");
    }
    if (timestamp < settings.due(open.last)) {
      arm(open);
      sequences.put(open);
    } else {
      closeByTime(series, open);
    }
  }

  private void closeByTime(String series, SequenceState state) throws Exception {
    long due = settings.due(state.last);
    close(
        series,
        state,
        settings.timesOut() ? CloseReason.IDLE : CloseReason.END_OF_INPUT,
        state.origin + state.position,
        due == Long.MAX_VALUE ? state.last : due);
  }

  /** Rule 7. */
  private void close(
      String series, SequenceState state, CloseReason reason, String input, long timestamp)
      throws Exception {
    emitter.last(series, state);
    emitter.closed(series, state, reason, input, timestamp);
    if (state.timer != NO_TIMER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, state.timer);
      sequences.remove();
    }
  }
}
