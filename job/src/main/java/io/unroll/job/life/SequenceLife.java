package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
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
public final class SequenceLife {
  private static final float[] NO_STATE = {};

  private final Boundaries boundaries;
  private final Emission emission;
  private final Features features;
  private final @Nullable GapFiller filler;
  private final SeriesRecords records;
  private final Unscaler unscaler;
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
  private final BehindWatermark behindWatermark;

  /**
   * @param fingerprint first eight bytes of the model's
   * @param sequences of the series in Flink's key context
   * @param timers of the same
   * @param heldBack of the same; null where observations step as they come
   * @param advance where results are found
   * @param unscaler of the outputs, which are the decoder's where there is one
   * @param evaluator hears of every observation that is used
   * @param decoder what runs when a prediction goes out; null without
   */
  public SequenceLife(
      Rules settings,
      Features features,
      long fingerprint,
      SequenceStore sequences,
      SeriesTimers timers,
      @Nullable HeldBack heldBack,
      Counters counters,
      Emitter emitter,
      Advance advance,
      Unscaler unscaler,
      Evaluator evaluator,
      @Nullable DecoderRuns decoder) {
    this.boundaries = settings.boundaries();
    this.emission = settings.emission();
    this.features = features;
    this.fingerprint = fingerprint;
    this.sequences = sequences;
    this.timers = timers;
    this.alarm = new SeriesAlarm(boundaries, settings.memory(), timers);
    this.records = new SeriesRecords(settings.memory(), alarm, features, evaluator);
    this.heldBack = heldBack;
    this.counters = counters;
    this.emitter = emitter;
    this.advance = advance;
    this.unscaler = unscaler;
    this.filler =
        settings.gap() == null
            ? null
            : new GapFiller(
                settings.gap(),
                features,
                advance,
                records,
                counters,
                emitter,
                emission,
                decoder != null);
    this.decoder = settings.alone() ? null : decoder;
    this.alone = settings.alone() ? decoder : null;
    this.behindWatermark = new BehindWatermark(timers, counters);
  }

  /**
   * Takes an observation of the input: counts it, holds it back, or goes on as {@link #observe}. No
   * row of its series may wait.
   */
  public @Nullable Row take(String series, Observation observation) throws Exception {
    counters.add(Counter.INPUTS);
    if (heldBack != null && !series.isEmpty()) {
      SequenceState kept = kept(series);
      if (observation.rejected != null) {
        if (kept != null && kept.heldFrom != SequenceState.NEVER) {
          heldBack.addBehind(observation);
          counters.add(Counter.HELD_BACK);
          return null;
        }
        return observe(series, observation, false);
      }
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
  public @Nullable Row observe(String series, Observation observation, boolean onTime)
      throws Exception {
    if (observation.rejected != null) {
      emitter.rejected(observation.rejected);
      return null;
    }
    SequenceState kept = kept(series);
    SequenceState open = kept != null && kept.open ? kept : null;
    long arrived = arrival(observation);
    CloseReason closing = open == null ? null : closing(open, observation, arrived);
    boolean behind = !onTime && behindWatermark.is(observation);

    if (heldBack != null
        && onTime
        && open != null
        && closing == null
        && observation.timestamp < open.seen) { // the watermark of a restore was lower than its own
      outOfOrder(observation, open.seen);
      return null;
    }
    if (records.isDuplicate(observation, kept, closing)) {
      // Its end, if it is one, has been honoured.
      behindWatermark.other(observation, behind);
      emitter.rejected(observation, "duplicate: '" + observation.identity + "' has been used");
      return null;
    }
    String fault = fault(series, observation);
    if (fault != null) {
      behindWatermark.other(observation, behind);
      reject(series, observation, fault, kept, closing);
      return null;
    }
    if (observation.features == null) {
      behindWatermark.other(observation, behind);
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
        behindWatermark.other(observation, behind);
        reject(series, observation, fault, kept, closing);
        return null;
      }
      if (features.primed()) {
        prime(series, observation, observation.features, kept, closing, arrived, behind);
        return null;
      }
    }
    if (alone != null) {
      decodeAlone(alone, series, observation, observation.features, kept, arrived, behind);
      return null;
    }
    Filling filling =
        filler == null || open == null || closing != null
            ? null
            : filler.filling(open, observation);
    return new Row(
        series,
        observation,
        observation.features,
        records.moments(kept, closing, observation),
        filling == null ? kept : filling.work,
        closing,
        arrived,
        filling,
        behind);
  }

  /** Vector-to-sequence: the observation is opened, decoded, closed. */
  private void decodeAlone(
      DecoderRuns alone,
      String series,
      Observation observation,
      double[] raw,
      @Nullable SequenceState kept,
      long arrived,
      boolean behind)
      throws Exception {
    float[] inputs = new float[features.inputs()];
    String fault =
        features.apply(
            series,
            raw,
            features.nothing(),
            records.moments(kept, null, observation),
            observation.timestamp,
            SequenceState.NONE,
            inputs,
            0);
    if (fault != null) {
      behindWatermark.other(observation, behind);
      emitter.rejected(observation, fault);
      return;
    }
    counters.add(Counter.STEPS);
    SequenceState state = begin(observation, features.nothing(), arrived);
    inherit(state, kept, null, observation);
    state.steps = 1;
    behindWatermark.opened(observation, behind);
    records.use(series, state, observation, raw, features.nothing(), inputs);
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
      records.found(kept);
    }
    return kept;
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
    return filler != null && filler.isTooWide(open, observation) ? CloseReason.GAP : null;
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
    return features.fault(series, observation.features);
  }

  /** A request that cannot be stepped. */
  public void reject(Row row, String reason) throws Exception {
    behindWatermark.other(row.observation(), row.behind());
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
    if (closing == null
        || !Boundaries.isOfTime(closing)) { // a rejected start is none, and fills no gap
      closeAt(series, kept, CloseReason.END, observation, () -> leave(kept));
    } else {
      closeByTime(series, kept, closing, () -> leave(kept));
    }
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
      if (records.remembers(observation)) {
        SequenceState state = kept == null ? SequenceState.closed() : kept;
        records.forget(state, null, observation);
        records.use(state, observation);
        store(state);
      }
      return;
    }
    if (closing != null) {
      Then used =
          () -> {
            if (records.remembers(observation)) { // otherwise it is nothing to the series
              records.forget(kept, closing, observation);
              records.use(kept, observation);
            }
            leave(kept);
          };
      closeBefore(series, kept, closing, observation, used);
    } else {
      records.use(kept, observation);
      kept.last = Math.max(kept.last, observation.timestamp);
      closeAt(series, kept, CloseReason.END, observation, () -> leave(kept));
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
    if (kept != null && closing != null && Boundaries.isOfTime(closing)) {
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
      long arrived,
      boolean behind)
      throws Exception {
    Then opening =
        () -> {
          counters.add(Counter.PRIMINGS);
          behindWatermark.opened(observation, behind);
          SequenceState state = begin(observation, features.remember(raw), arrived);
          inherit(state, kept, closing, observation);
          records.use(series, state, observation, raw, features.nothing(), null);
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
  public @Nullable Row settle(Row request, int index) throws Exception {
    String fault = fault(request, index);
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

  /** Why the result of a step cannot be used, or null. */
  private @Nullable String fault(Row request, int index) {
    String fault = advance.fault(index);
    if (fault != null || unscaler.isIdle() || decoder != null) { // a decoder looks at its own
      return fault;
    }
    SequenceState current = request.current();
    double[] previous = current == null ? features.nothing() : current.previous;
    double[] moments = request.moments();
    if (!request.fills()) { // as they are when it has been taken
      moments = features.learns() ? features.learn(request.raw(), previous, moments) : moments;
      previous = previous.clone();
      features.rememberInto(request.raw(), previous);
    }
    return unscaler.fault(
        unscaler.apply(request.series(), moments, unscaler.bases(previous), advance.output(index)));
  }

  /** Takes a filled step: the next one, or the observation behind the gap, is to be advanced. */
  private @Nullable Row fill(Row request, Filling filling, int index) throws Exception {
    GapFiller filler = Objects.requireNonNull(this.filler);
    filler.take(filling, index);
    SequenceState work = filling.work;
    boolean closes = work.steps >= boundaries.maxSteps();
    if (closes) {
      filling.remaining = 0;
      if (features.primed()) {
        String fault = features.primingFault(request.raw());
        if (fault != null) {
          reject(request, fault);
          return null;
        }
        filler.emit(request.series(), filling);
        prime(
            request.series(),
            request.observation(),
            request.raw(),
            work,
            CloseReason.MAX_STEPS,
            request.arrived(),
            request.behind());
        return null;
      }
    } else if (filling.remaining > 0) {
      filler.lookAhead(filling);
    }
    return new Row(
        request.series(),
        request.observation(),
        request.raw(),
        request.moments(),
        work,
        closes ? CloseReason.MAX_STEPS : null,
        request.arrived(),
        filling,
        request.behind());
  }

  private void take(Row request, int index) throws Exception {
    if (filler != null && request.filling() != null) {
      filler.emit(request.series(), request.filling());
    }
    String series = request.series();
    Observation observation = request.observation();
    float[] inputs = records.wantsInputs() ? advance.inputs(index) : null;
    SequenceState current = request.current();
    if (current != null) {
      behindWatermark.stepped(observation, request.behind());
      records.use(series, current, observation, request.raw(), current.previous, inputs);
      advanceTo(current, request, index);
      emit(series, current, observation, output(current, index));
      return;
    }
    behindWatermark.opened(observation, request.behind());
    SequenceState kept = request.kept();
    CloseReason closing = request.closing();
    SequenceState state = begin(observation, features.nothing(), request.arrived());
    advanceTo(state, request, index);
    float[] output = output(state, index);
    Then opening =
        () -> {
          inherit(state, kept, closing, observation);
          records.use(series, state, observation, request.raw(), features.nothing(), inputs);
          emitter.opened(series, state);
          emit(series, state, observation, output);
        };
    if (kept != null && closing != null) {
      closeBefore(series, kept, closing, observation, opening);
    } else {
      opening.run();
    }
  }

  private boolean feedsBack() {
    return filler != null && filler.feedsBack();
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
    // Otherwise left by a job that filled gaps or decoded: they are no longer those of the last
    // step.
    state.inputs =
        filler != null || (decoder != null && decoder.needsInputs()) ? advance.inputs(index) : null;
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

  /** A sequence that opens with an observation. */
  private SequenceState begin(Observation observation, double[] previous, long arrived) {
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
    return state;
  }

  /**
   * A sequence takes over what its series keeps across them, once the one before has closed.
   *
   * @param closing why that did; null if none was open
   */
  private void inherit(
      SequenceState state,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      Observation observation) {
    if (kept != null) {
      records.forget(kept, closing, observation);
      state.outlive(kept);
    }
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
  public boolean rearm(SequenceState kept) {
    return alarm.move(kept);
  }

  /**
   * The watermark has reached the timer of a series: it closes the sequence, lets observations go
   * that were held back, or moves on to where it is due.
   *
   * @return what is to be observed now, in this order; then {@link #rest} is owed
   */
  public List<Observation> onTimer(String series, long timestamp) throws Exception {
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
      records.forget(kept);
      leave(kept);
    } else if (kept.open && alarm.due(kept) <= timestamp) {
      closeByTime(series, kept, alarm.reason(kept), () -> leave(kept));
    } else if (!kept.open) { // of a job that remembered more
      leave(kept);
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
  public void rest(String series) throws Exception {
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
  public void onAlarm(String series, long timestamp) throws Exception {
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
