package io.unroll.job.operator;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
import io.unroll.job.state.SeriesRecord;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an observation, the result of its step or a timer does to the series that is current
 * in Flink's key context. Knows nothing of other series and of batches: what is to advance is asked
 * for, and settled when the result is there.
 *
 * <p>Invariants, by the number of the rule in "A sequence's life":
 *
 * <ol>
 *   <li>A series has a value in state if and only if it has an open sequence, observations that are
 *       held back, or something that is to be remembered.
 *   <li>One observation changes the value of its own series, and by one step.
 *   <li>The close is decided here and nowhere else; the end marker wins over max-steps. A limit of
 *       time wins over what the observation says that shows it.
 *   <li>Time limits are decided by timestamps: whether the timer or the record comes first, the
 *       output is the same. {@code last} never goes back, so {@code due} only moves later, and the
 *       one timer may stand early but never late ({@link SeriesAlarm}).
 *   <li>The clock of the limits is the input's event time, or that of arrival.
 *   <li>A series with a value holds exactly one event-time timer.
 *   <li>At the close: the final prediction, then the closed record, then value and timer are gone.
 *   <li>A rejected end marker still ends.
 *   <li>A rejected observation changes nothing: the step runs on a copy before anything is decided.
 *   <li>Every observation is counted as exactly one of step, priming, marker, late, rejected; one
 *       that is held back is counted when it is let go.
 * </ol>
 */
final class SequenceLife {
  private static final float[] NO_STATE = {};

  private final Boundaries boundaries;
  private final Emission emission;
  private final Features features;
  private final @Nullable SeriesMemory memory;
  private final @Nullable Gap gap;
  private final long fingerprint;
  private final SequenceStore sequences;
  private final SeriesTimers timers;
  private final SeriesAlarm alarm;
  private final @Nullable HeldBack heldBack;
  private final Counters counters;
  private final Emitter emitter;
  private final Advance advance;
  private final @Nullable DecoderRuns decoder;
  private final @Nullable DecoderRuns alone;

  /**
   * @param fingerprint first eight bytes of the model's
   * @param sequences of the series in Flink's key context
   * @param timers of the same
   * @param heldBack of the same; null where observations step as they come
   * @param advance where results are found
   * @param decoder what runs when a prediction goes out; null without
   */
  SequenceLife(
      SequenceConfig settings,
      Features features,
      long fingerprint,
      SequenceStore sequences,
      SeriesTimers timers,
      @Nullable HeldBack heldBack,
      Counters counters,
      Emitter emitter,
      Advance advance,
      @Nullable DecoderRuns decoder) {
    this.boundaries = settings.boundaries();
    this.emission = settings.emission();
    this.features = features;
    this.memory = settings.memory();
    this.gap = settings.gap();
    this.fingerprint = fingerprint;
    this.sequences = sequences;
    this.timers = timers;
    this.alarm = new SeriesAlarm(boundaries, memory, timers);
    this.heldBack = heldBack;
    this.counters = counters;
    this.emitter = emitter;
    this.advance = advance;
    this.decoder = settings.isAlone() ? null : decoder;
    this.alone = settings.isAlone() ? decoder : null;
  }

  /**
   * Takes an observation of the input: counts it, holds it back, or goes on as {@link #observe}. No
   * row of its series may wait.
   */
  @Nullable Row take(String series, Observation observation) throws Exception {
    counters.add(Counter.INPUTS);
    if (heldBack != null && !series.isEmpty()) {
      SequenceState kept = kept(series);
      if (observation.timestamp > timers.watermark()) {
        hold(heldBack, observation, kept);
        return null;
      }
      if (kept != null && kept.open && observation.timestamp < kept.seen) {
        outOfOrder(observation, kept.seen);
        return null;
      }
    }
    return observe(series, observation, false);
  }

  private void hold(HeldBack heldBack, Observation observation, @Nullable SequenceState kept)
      throws Exception {
    SequenceState series = kept == null ? SequenceState.closed() : kept;
    series.heldFrom = Math.min(series.heldFrom, observation.timestamp);
    heldBack.add(observation);
    counters.add(Counter.HELD_BACK);
    store(series);
  }

  /**
   * Takes an observation whose turn it is. No row of its series may wait.
   *
   * @param onTime true if the observation cannot be late, whatever the watermark is now
   * @return the row to be advanced if it is to step: {@link #settle} or {@link #reject} is owed to
   *     it. Otherwise null, and everything has been done.
   */
  @Nullable Row observe(String series, Observation observation, boolean onTime) throws Exception {
    SequenceState kept = kept(series);
    SequenceState open = kept != null && kept.open ? kept : null;
    long arrived = arrival(observation);
    CloseReason closing = open == null ? null : closing(open, observation, arrived);

    if (heldBack != null
        && onTime
        && open != null
        && closing == null
        && observation.timestamp < open.seen) { // the watermark of a restore was lower than its own
      outOfOrder(observation, open.seen);
      return null;
    }
    if (isDuplicate(observation, kept, closing)) {
      // Its end, if it is one, has been honoured.
      emitter.rejected(observation, "duplicate: '" + observation.identity + "' has been used");
      return null;
    }
    String fault = fault(series, observation);
    if (fault != null) {
      reject(series, observation, fault, kept, closing);
      return null;
    }
    if (observation.features == null) {
      mark(series, observation, kept, closing);
      return null;
    }
    if (open == null || closing != null) {
      if (!onTime && isLate(observation)) {
        late(series, observation, kept, closing);
        return null;
      }
      fault = features.primingFault(observation.features);
      if (fault != null) {
        reject(series, observation, fault, kept, closing);
        return null;
      }
      if (features.primed()) {
        prime(series, observation, observation.features, kept, closing, arrived);
        return null;
      }
    }
    if (alone != null) {
      decodeAlone(alone, series, observation, observation.features, kept, arrived);
      return null;
    }
    Filling filling = open == null || closing != null ? null : filling(open, observation);
    return new Row(
        series,
        observation,
        observation.features,
        filling == null ? kept : filling.work,
        closing,
        arrived,
        filling);
  }

  /** The gap between a sequence and its next observation; null without. */
  private @Nullable Filling filling(SequenceState open, Observation observation) {
    if (gap == null || open.inputs == null) {
      return null;
    }
    long missing = gap.missing(open.last, observation.timestamp);
    if (missing == 0) {
      return null;
    }
    Filling filling = new Filling(open, missing);
    lookAhead(gap, filling.work);
    return filling;
  }

  /** Prepares what the model sees at the next filled step. */
  private void lookAhead(Gap gap, SequenceState work) {
    float[] inputs = Objects.requireNonNull(work.inputs);
    if (work.output != null) {
      gap.fill(inputs, work.output);
    }
    features.moveTo(work.last + gap.expectMillis(), work.seen, inputs);
  }

  /** Vector-to-sequence: the observation is opened, decoded, closed. */
  private void decodeAlone(
      DecoderRuns alone,
      String series,
      Observation observation,
      double[] raw,
      @Nullable SequenceState kept,
      long arrived)
      throws Exception {
    float[] inputs = new float[features.inputs()];
    String fault =
        features.apply(
            raw, features.nothing(), observation.timestamp, SequenceState.NONE, inputs, 0);
    if (fault != null) {
      emitter.rejected(observation, fault);
      return;
    }
    counters.add(Counter.STEPS);
    SequenceState state = begin(observation, features.nothing(), kept, null, arrived);
    state.steps = 1;
    remember(state, observation);
    emitter.opened(series, state);
    alone.start(
        series,
        state,
        inputs,
        observation.keep,
        () -> {
          emitter.closed(
              series, state, CloseReason.END, observation.input(), observation.timestamp);
          leave(state);
        });
  }

  private @Nullable SequenceState kept(String series) throws Exception {
    SequenceState kept = sequences.get();
    if (kept != null && kept.open && kept.model != fingerprint) {
      throw new IllegalStateException(
          String.format(
              "series '%s': its state is of model %016x, this job runs %016x",
              series, kept.model, fingerprint));
    }
    if (kept != null) {
      kept.stored = true;
      if (memory == null) {
        kept.record = null; // of a job that had one
      }
    }
    return kept;
  }

  private boolean isDuplicate(
      Observation observation, @Nullable SequenceState kept, @Nullable CloseReason closing) {
    return memory != null
        && observation.identity != null
        && kept != null
        && kept.record != null
        && !isForgotten(kept, closing, observation)
        && kept.record.knows(observation.identity);
  }

  /** True if time has passed over what is remembered of the series, whether or not a timer has. */
  private boolean isForgotten(
      SequenceState kept, @Nullable CloseReason closing, Observation observation) {
    return kept.record != null
        && (!kept.open || (closing != null && isOfTime(closing)))
        && observation.timestamp >= alarm.forgottenAt(kept);
  }

  /** An observation has been used. */
  private void remember(SequenceState state, Observation observation) {
    if (memory == null || observation.identity == null) {
      return;
    }
    SeriesRecord record = state.record == null ? new SeriesRecord() : state.record.copy();
    record.last = Math.max(record.last, observation.timestamp);
    record.remember(observation.identity, memory.duplicates());
    state.record = record;
  }

  private long arrival(Observation observation) {
    return boundaries.clock() == SequenceClock.EVENT ? observation.timestamp : timers.now();
  }

  /** Why an observation shows that the open sequence is over before it; null if it is not. */
  private @Nullable CloseReason closing(SequenceState open, Observation observation, long arrived) {
    if (arrived >= boundaries.due(open)) {
      return boundaries.reason(open);
    }
    if (observation.start) {
      return CloseReason.RESTARTED;
    }
    if (observation.by != null && !observation.by.equals(open.id())) {
      return CloseReason.CHANGED;
    }
    return gap != null
            && observation.features != null
            && open.inputs != null
            && gap.missing(open.last, observation.timestamp) > gap.atMost()
        ? CloseReason.GAP
        : null;
  }

  private @Nullable String fault(String series, Observation observation) {
    if (series.isEmpty()) {
      return "series: found an empty text, expected a name";
    }
    if (observation.unusable != null) {
      return observation.unusable;
    }
    if (observation.features == null) {
      return observation.end || observation.start
          ? null
          : "features: found none, expected " + features.count();
    }
    return features.fault(observation.features);
  }

  /** A request that cannot be stepped. */
  void reject(Row row, String reason) throws Exception {
    Filling filling = row.filling();
    if (filling == null) {
      reject(row.series(), row.observation(), reason, row.kept(), row.closing());
    } else { // nothing has been filled either
      reject(row.series(), row.observation(), reason, filling.original, null);
    }
  }

  /** Rule 9, and the first corner of rule 8: the end of a rejected end marker is honoured. */
  private void reject(
      String series,
      Observation observation,
      String reason,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing)
      throws Exception {
    emitter.rejected(observation, reason);
    if (!observation.end || kept == null || !kept.open || closing == CloseReason.CHANGED) {
      return; // what it would end is not open
    }
    if (closing == null || !isOfTime(closing)) { // a rejected start is none, and fills no gap
      closeAt(series, kept, CloseReason.END, observation, () -> leave(kept));
    } else {
      closeByTime(series, kept, closing, () -> leave(kept));
    }
  }

  /** True if time alone closes a sequence for that reason, whatever comes. */
  private static boolean isOfTime(CloseReason reason) {
    return switch (reason) {
      case IDLE, MAX_DURATION, CLOSE_AT, END_OF_INPUT -> true;
      case END, MAX_STEPS, CHANGED, RESTARTED, GAP -> false;
    };
  }

  /** A marker without features. */
  private void mark(
      String series,
      Observation observation,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing)
      throws Exception {
    counters.add(Counter.MARKERS);
    if (kept == null || !kept.open) {
      if (memory != null && observation.identity != null) {
        SequenceState state = kept == null ? SequenceState.closed() : kept;
        forget(state, null, observation);
        remember(state, observation);
        store(state);
      }
      return;
    }
    forget(kept, closing, observation);
    remember(kept, observation);
    if (closing != null) {
      closeBefore(series, kept, closing, observation, () -> leave(kept));
    } else {
      kept.last = Math.max(kept.last, observation.timestamp);
      closeAt(series, kept, CloseReason.END, observation, () -> leave(kept));
    }
  }

  private void forget(SequenceState state, @Nullable CloseReason closing, Observation observation) {
    if (isForgotten(state, closing, observation)) {
      state.record = null;
    }
  }

  private boolean isLate(Observation observation) {
    return boundaries.knowsLate()
        && boundaries.idleDue(observation.timestamp) <= timers.watermark();
  }

  /** One that is late does not change a sequence, but shows that its time is over. */
  private void late(
      String series,
      Observation observation,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing)
      throws Exception {
    if (kept != null && closing != null && isOfTime(closing)) {
      closeByTime(series, kept, closing, () -> leave(kept));
    }
    emitter.late(
        observation,
        "late: timestamp + idle-timeout is "
            + boundaries.idleDue(observation.timestamp)
            + ", the watermark is "
            + timers.watermark(),
        timers.watermark());
  }

  /** An observation that is older than what has stepped, where timestamps are the order. */
  private void outOfOrder(Observation observation, long seen) {
    emitter.late(
        observation,
        "late: timestamp "
            + observation.timestamp
            + " is before "
            + seen
            + ", the last one that stepped; the watermark is "
            + timers.watermark(),
        timers.watermark());
  }

  /** Rule 2: the first observation only gives the transforms their previous values. */
  private void prime(
      String series,
      Observation observation,
      double[] raw,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      long arrived)
      throws Exception {
    Then opening =
        () -> {
          counters.add(Counter.PRIMINGS);
          SequenceState state = begin(observation, features.remember(raw), kept, closing, arrived);
          remember(state, observation);
          emitter.opened(series, state);
          if (observation.end) {
            closeAt(series, state, CloseReason.END, observation, () -> leave(state));
          } else {
            store(state);
          }
        };
    if (kept != null && closing != null) {
      closeBefore(series, kept, closing, observation, opening);
    } else {
      opening.run();
    }
  }

  /**
   * Takes the result of a step into the sequence, emits, and closes or stores it.
   *
   * @param index the request's row in the advance that has just run
   * @return what is to be advanced next of the same series; null for nothing
   */
  @Nullable Row settle(Row request, int index) throws Exception {
    String fault = advance.fault(index);
    if (fault != null) {
      reject(request, request.fills() ? "filling the gap before it: " + fault : fault);
      return null;
    }
    if (request.fills()) {
      return fill(request, Objects.requireNonNull(request.filling()), index);
    }
    take(request, index);
    return null;
  }

  /** Takes a filled step into the copy of the sequence. */
  private @Nullable Row fill(Row request, Filling filling, int index) throws Exception {
    Gap gap = Objects.requireNonNull(this.gap);
    SequenceState work = filling.work;
    advance.takeHidden(index, work.hidden);
    work.inputs = advance.inputs(index);
    work.steps++;
    work.last += gap.expectMillis();
    work.seen = work.last;
    float[] output = advance.output(index);
    work.output = gap.fill() == Gap.Fill.FEEDBACK || emission.on() == Emit.END ? output : null;
    if (decoder == null && emission.after(work.steps)) {
      filling.steps.add(new Filling.Step(work.steps - 1, work.seen, output));
    }
    filling.filled++;
    filling.remaining--;
    boolean closes = work.steps >= boundaries.maxSteps();
    if (closes) {
      filling.remaining = 0;
      if (features.primed()) {
        String fault = features.primingFault(request.raw());
        if (fault != null) {
          reject(request, fault);
          return null;
        }
        emitFilled(request.series(), filling);
        prime(
            request.series(),
            request.observation(),
            request.raw(),
            work,
            CloseReason.MAX_STEPS,
            request.arrived());
        return null;
      }
    } else if (filling.remaining > 0) {
      lookAhead(gap, work);
    }
    return new Row(
        request.series(),
        request.observation(),
        request.raw(),
        work,
        closes ? CloseReason.MAX_STEPS : null,
        request.arrived(),
        filling);
  }

  private void emitFilled(String series, Filling filling) {
    counters.add(Counter.FILLED, filling.filled);
    for (Filling.Step step : filling.steps) {
      emitter.filled(series, filling.work, step.step(), step.timestamp(), step.output());
    }
  }

  private void take(Row request, int index) throws Exception {
    if (request.filling() != null) {
      emitFilled(request.series(), request.filling());
    }
    String series = request.series();
    SequenceState current = request.current();
    if (current != null) {
      advanceTo(current, request, index);
      emit(series, current, request.observation(), output(current, index));
      return;
    }
    SequenceState kept = request.kept();
    SequenceState state =
        begin(
            request.observation(), features.nothing(), kept, request.closing(), request.arrived());
    advanceTo(state, request, index);
    float[] output = output(state, index);
    if (kept != null && request.closing() != null) {
      closeBefore(
          series,
          kept,
          request.closing(),
          request.observation(),
          () -> open(series, state, request.observation(), output));
    } else {
      open(series, state, request.observation(), output);
    }
  }

  private boolean feedsBack() {
    return gap != null && gap.fill() == Gap.Fill.FEEDBACK;
  }

  private void open(
      String series, SequenceState state, Observation observation, float @Nullable [] output)
      throws Exception {
    emitter.opened(series, state);
    emit(series, state, observation, output);
  }

  /** The output of a step that has been taken; null if nobody asks for it. */
  private float @Nullable [] output(SequenceState state, int index) {
    boolean asked =
        feedsBack()
            || switch (emission.on()) {
              case STEP ->
                  emission.after(state.steps) && (decoder == null || decoder.needsOutput());
              case END -> decoder == null || decoder.needsOutput();
            };
    return asked ? advance.output(index) : null;
  }

  private void advanceTo(SequenceState state, Row request, int index) {
    Observation observation = request.observation();
    counters.add(Counter.STEPS);
    remember(state, observation);
    advance.takeHidden(index, state.hidden);
    if (features.remembers()) {
      features.rememberInto(request.raw(), state.previous);
    }
    state.steps++;
    state.last = Math.max(state.last, observation.timestamp);
    state.seen = observation.timestamp;
    if (state.arrivedFirst != SequenceState.NONE) {
      state.arrivedLast = Math.max(state.arrivedLast, request.arrived());
    }
    if (!state.origin.equals(observation.origin)) { // a reference less for G1 to fence
      state.origin = observation.origin;
    }
    state.position = observation.position;
    if (gap != null || (decoder != null && decoder.needsInputs())) {
      state.inputs = advance.inputs(index);
    }
  }

  /** Emits what a step gives, or keeps it for the close; then closes or stores the sequence. */
  private void emit(
      String series, SequenceState state, Observation observation, float @Nullable [] output)
      throws Exception {
    if (emission.on() == Emit.END) {
      state.output = output;
      state.keep = observation.keep;
      goOn(series, state, observation);
      return;
    }
    // Otherwise left by a run that emitted at the end.
    state.output = feedsBack() ? output : null;
    state.keep = null;
    if (!emission.after(state.steps)) {
      goOn(series, state, observation);
    } else if (decoder != null) {
      decoder.start(
          series,
          state,
          output,
          Prediction.Kind.FORECAST,
          observation.keep,
          () -> goOn(series, state, observation));
    } else {
      emitter.step(series, state, Objects.requireNonNull(output), observation.keep);
      goOn(series, state, observation);
    }
  }

  private void goOn(String series, SequenceState state, Observation observation) throws Exception {
    if (observation.end) {
      closeAt(series, state, CloseReason.END, observation, () -> leave(state));
    } else if (state.steps >= boundaries.maxSteps()) {
      closeAt(series, state, CloseReason.MAX_STEPS, observation, () -> leave(state));
    } else {
      store(state);
    }
  }

  /**
   * A sequence that opens with an observation.
   *
   * @param kept what the series keeps across its sequences is taken over; null without
   */
  private SequenceState begin(
      Observation observation,
      double[] previous,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      long arrived) {
    SequenceState state = new SequenceState();
    state.model = fingerprint;
    state.opened = observation.timestamp;
    state.last = observation.timestamp;
    state.seen = observation.timestamp;
    state.name = observation.by;
    state.origin = observation.origin;
    state.position = observation.position;
    state.hidden = alone == null ? advance.initialState() : NO_STATE;
    state.previous = previous;
    if (boundaries.clock() == SequenceClock.PROCESSING) {
      state.arrivedFirst = arrived;
      state.arrivedLast = arrived;
    }
    if (kept != null) {
      boolean forgotten = isForgotten(kept, closing, observation);
      state.outlive(kept);
      if (forgotten) {
        state.record = null;
      }
    }
    return state;
  }

  private void store(SequenceState state) throws Exception {
    alarm.arm(state);
    state.stored = true;
    sequences.put(state);
  }

  /** The sequence is closed: what its series keeps stays, its timers go if there is nothing. */
  private void leave(SequenceState closed) throws Exception {
    SequenceState rest = SequenceState.between(closed);
    if (rest != null) {
      store(rest);
    } else if (closed.stored) {
      alarm.disarm(closed);
      sequences.remove();
    }
  }

  /**
   * Moves the timer of a series to where this job's limits want it.
   *
   * @return true if it stood elsewhere: the value has changed
   */
  boolean rearm(SequenceState kept) {
    return alarm.move(kept);
  }

  /**
   * The watermark has reached the timer of a series: it closes the sequence, lets observations go
   * that were held back, or moves on to where it is due.
   *
   * @return what is to be observed now, in this order; then {@link #rest} is owed
   */
  List<Observation> onTimer(String series, long timestamp) throws Exception {
    SequenceState kept = kept(series);
    if (kept == null || kept.timer != timestamp) {
      throw new IllegalStateException(
          "series '" + series + "': a timer at " + timestamp + " has no sequence");
    }
    kept.timer = SequenceState.NONE;
    if (heldBack != null && kept.heldFrom != SequenceState.NEVER && kept.heldFrom <= timestamp) {
      return letGo(heldBack, kept);
    }
    if (!kept.open && alarm.forgottenAt(kept) <= timestamp) {
      kept.record = null;
      leave(kept);
    } else if (kept.open && alarm.due(kept) <= timestamp) {
      closeByTime(series, kept, alarm.reason(kept), () -> leave(kept));
    } else {
      store(kept);
    }
    return List.of();
  }

  private List<Observation> letGo(HeldBack heldBack, SequenceState kept) throws Exception {
    HeldBack.Taken taken = heldBack.take(timers.watermark());
    counters.add(Counter.HELD_BACK, -taken.observations().size());
    kept.heldFrom = taken.next();
    sequences.put(kept);
    return taken.observations();
  }

  /** What was let go has had its turn: the timer that {@link #onTimer} owed is set. */
  void rest(String series) throws Exception {
    SequenceState kept = kept(series);
    if (kept != null && kept.timer == SequenceState.NONE) {
      if (kept.open) {
        store(kept);
      } else {
        leave(kept);
      }
    }
  }

  /** The wall clock has reached the alarm of a series. */
  void onAlarm(String series, long timestamp) throws Exception {
    SequenceState kept = kept(series);
    if (kept == null || kept.alarm != timestamp) {
      return; // closed by a row that had to run before
    }
    kept.alarm = SequenceState.NONE;
    if (kept.open && boundaries.due(kept) <= timestamp) {
      closeByTime(series, kept, boundaries.reason(kept), () -> leave(kept));
    } else {
      store(kept);
    }
  }

  /** The observation shows that the sequence was over before it. */
  private void closeBefore(
      String series, SequenceState open, CloseReason reason, Observation observation, Then then)
      throws Exception {
    switch (reason) {
      case RESTARTED, CHANGED, GAP -> closeAt(series, open, reason, observation, then);
      case MAX_STEPS -> // at a filled step
          close(series, open, reason, open.origin + open.position, open.last, then);
      default -> closeByTime(series, open, reason, then);
    }
  }

  private void closeAt(
      String series, SequenceState open, CloseReason reason, Observation observation, Then then)
      throws Exception {
    close(series, open, reason, observation.input(), observation.timestamp, then);
  }

  private void closeByTime(String series, SequenceState open, CloseReason reason, Then then)
      throws Exception {
    long due = boundaries.due(open);
    close(
        series,
        open,
        reason,
        open.origin + open.position,
        reason == CloseReason.END_OF_INPUT || due == Long.MAX_VALUE ? open.last : due,
        then);
  }

  /** Rule 7: the final prediction or the decoder's run, the closed record, what follows. */
  private void close(
      String series,
      SequenceState state,
      CloseReason reason,
      String input,
      long timestamp,
      Then then)
      throws Exception {
    boolean predicts = state.steps > 0 && state.steps >= boundaries.minSteps();
    if (decoder != null && predicts && emission.on() == Emit.END && decoder.canStart(state)) {
      decoder.start(
          series,
          state,
          state.output,
          Prediction.Kind.DECODED,
          state.keep,
          () -> {
            emitter.closed(series, state, reason, input, timestamp);
            then.run();
          });
      return;
    }
    if (decoder == null && predicts && emission.on() == Emit.END) {
      emitter.last(series, state);
    }
    emitter.closed(series, state, reason, input, timestamp);
    then.run();
  }
}
