package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does what the {@link Judge} has decided, and takes the results of steps and what timers say, for
 * the series that is current in the key context. Knows nothing of other series and of batches: what
 * is to advance is asked for, and settled when the result is there.
 *
 * <p>Invariants, by the number of the rule in "A sequence's life":
 *
 * <ol>
 *   <li>A series has a value in state if and only if it has an open sequence, observations that are
 *       held back, or something that is to be remembered.
 *   <li>One observation changes the value of its own series, and by one step.
 *   <li>The {@link Judge} and this class decide that a sequence closes; the end marker wins over
 *       max-steps. A limit of time wins over what the observation says that shows it.
 *   <li>Time limits are decided by timestamps: whether the timer or the record comes first, the
 *       output is the same. {@code last} never goes back, so {@code due} only moves later, and the
 *       one timer may stand early but never late ({@link SeriesAlarm}).
 *   <li>The clock of the limits is the input's event time, or that of arrival.
 *   <li>A series with a value holds exactly one event-time timer.
 *   <li>At the close: the final prediction, then the closed record, then value and timer are gone.
 *   <li>A rejected end marker still ends.
 *   <li>A rejected observation changes nothing: the step runs on a copy before anything is decided.
 *       One exception: values of a record that lacks others are left to the sequence that opens
 *       next ({@link Rejections}).
 *   <li>Every observation is counted as exactly one of step, priming, marker, late, rejected; one
 *       that is held back is counted when it is let go.
 * </ol>
 */
public final class SequenceLife {
  /** What {@link Row#left} is where no sequence opens. */
  private static final double[] GOES_ON = {};

  private final Boundaries boundaries;
  private final boolean byArrival;
  private final ServedModels models;
  private final Judge judge;
  private final Opening opening;
  private final Closing close;
  private final Steps steps;
  private final SeriesTime time;
  private final Priming priming;
  private final Rejections rejections;
  private final @Nullable GapFiller filler;
  private final @Nullable VectorToSequence alone;
  private final SeriesRecords records;
  private final SeriesValue value;
  private final SeriesTimers timers;
  private final @Nullable HeldBack heldBack;
  private final Counters counters;
  private final Emitter emitter;
  private final BehindWatermark behindWatermark;

  /**
   * @param models what steps
   * @param sequences of the series in Flink's key context
   * @param timers of the same
   * @param heldBack of the same; null where observations step as they come
   * @param evaluator hears of every observation that is used
   */
  public SequenceLife(
      Rules rules,
      ServedModels models,
      SequenceStore sequences,
      SeriesTimers timers,
      @Nullable HeldBack heldBack,
      Counters counters,
      Emitter emitter,
      Evaluator evaluator) {
    this.boundaries = rules.boundaries();
    this.byArrival = boundaries.clock() == SequenceClock.PROCESSING;
    this.models = models;
    this.timers = timers;
    this.heldBack = heldBack;
    this.counters = counters;
    this.emitter = emitter;
    this.judge = new Judge(rules, models, heldBack != null);
    SeriesAlarm alarm = new SeriesAlarm(boundaries, rules.memory(), timers);
    this.records = new SeriesRecords(rules.memory(), evaluator);
    this.value = new SeriesValue(models, sequences, alarm, records);
    this.behindWatermark = new BehindWatermark(timers, counters);
    this.opening = new Opening(rules, records);
    this.close = new Closing(rules, emitter, models);
    this.steps = new Steps(rules, value, close, counters, emitter);
    this.time =
        new SeriesTime(boundaries, timers, alarm, records, value, close, heldBack, counters);
    this.rejections = new Rejections(models, records, value, close, behindWatermark, emitter);
    this.priming =
        new Priming(models, opening, close, records, value, counters, behindWatermark, emitter);
    this.filler =
        rules.gap() == null
            ? null
            : new GapFiller(rules.gap(), records, counters, emitter, rules.emission());
    this.alone =
        !rules.alone()
            ? null
            : new VectorToSequence(
                models, opening, records, value, counters, behindWatermark, emitter);
  }

  /**
   * Takes an observation of the input. No row of its series may wait.
   *
   * @return the row to be advanced if it is to step: {@link #settle} or {@link #reject} is owed to
   *     it. Otherwise null, and everything has been done.
   */
  public @Nullable Row observe(String series, Observation observation) throws Exception {
    counters.add(Counter.INPUTS);
    SequenceState kept = judge.asksForSeries(series, observation) ? value.get(series) : null;
    long arrived = arrival(observation);
    Verdict verdict = judge.onArrival(series, kept, observation, arrived, timers.watermark());
    return apply(verdict, series, observation, kept, arrived);
  }

  /** Takes an observation that was held back, in its turn; else as {@link #observe}. */
  public @Nullable Row observeReleased(String series, Observation observation) throws Exception {
    SequenceState kept = observation.rejected == null ? value.get(series) : null;
    long arrived = arrival(observation);
    Verdict verdict = judge.onTurn(series, kept, observation, arrived, timers.watermark());
    return apply(verdict, series, observation, kept, arrived);
  }

  private @Nullable Row apply(
      Verdict verdict,
      String series,
      Observation observation,
      @Nullable SequenceState kept,
      long arrived)
      throws Exception {
    if (verdict instanceof Verdict.Step step) {
      if (alone != null) {
        alone.decode(series, observation, kept, arrived, step.behind());
        return null;
      }
      return row(step, series, observation, kept, arrived);
    }
    if (verdict instanceof Verdict.Prime prime) {
      double[] raw = Objects.requireNonNull(observation.features);
      priming.prime(series, observation, raw, kept, prime.closing(), arrived, prime.behind());
    } else if (verdict instanceof Verdict.Marker marker) {
      behindWatermark.other(observation, marker.behind());
      mark(series, observation, kept, marker.closing());
    } else if (verdict instanceof Verdict.HeldBack) {
      hold(Objects.requireNonNull(heldBack), observation, kept);
    } else if (verdict instanceof Verdict.HeldBehind) {
      Objects.requireNonNull(heldBack).addBehind(Objects.requireNonNull(kept), observation);
      counters.add(Counter.HELD_BACK);
    } else if (verdict instanceof Verdict.Unread) {
      emitter.rejected(Objects.requireNonNull(observation.rejected));
    } else if (verdict instanceof Verdict.Late late) {
      late(series, observation, kept, late);
    } else if (verdict instanceof Verdict.Duplicate duplicate) {
      behindWatermark.other(observation, duplicate.behind());
      emitter.rejected(observation, duplicate.reason());
    } else if (verdict instanceof Verdict.Incomplete incomplete) {
      rejections.rejectIncomplete(
          series, observation, incomplete.fault(), kept, incomplete.closing(), incomplete.behind());
    } else {
      Verdict.Rejected rejected = (Verdict.Rejected) verdict;
      rejections.reject(
          series, observation, rejected.reason(), kept, rejected.closing(), rejected.behind());
    }
    return null;
  }

  private Row row(
      Verdict.Step step,
      String series,
      Observation observation,
      @Nullable SequenceState kept,
      long arrived) {
    ServedModel served = models.stepping(series, kept, step.closing());
    Filling filling =
        step.fills()
            ? Objects.requireNonNull(filler)
                .begin(served, Objects.requireNonNull(kept), observation)
            : null;
    return new Row(
        served,
        series,
        observation,
        Objects.requireNonNull(observation.features),
        records.moments(served, kept, step.closing(), observation),
        kept != null && kept.open && step.closing() == null
            ? GOES_ON
            : records.left(served.features(), kept, step.closing(), observation),
        filling == null ? kept : filling.work,
        step.closing(),
        arrived,
        filling,
        step.behind());
  }

  private void hold(HeldBack heldBack, Observation observation, @Nullable SequenceState kept)
      throws Exception {
    SequenceState series = kept == null ? SequenceState.closed() : kept;
    heldBack.add(series, observation);
    counters.add(Counter.HELD_BACK);
    value.store(series);
  }

  private long arrival(Observation observation) {
    return byArrival ? timers.now() : observation.timestamp;
  }

  /** As {@link Rejections#reject(Row, String)}. */
  public void reject(Row row, String reason) throws Exception {
    rejections.reject(row, reason);
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
        value.store(state);
      }
      return;
    }
    if (closing != null) {
      Continuation used =
          () -> {
            if (records.remembers(observation)) { // otherwise it is nothing to the series
              records.forget(kept, closing, observation);
              records.use(kept, observation);
            }
            value.removeSequence(kept);
          };
      close.before(series, kept, closing, observation, used);
    } else {
      records.use(kept, observation);
      kept.last = Math.max(kept.last, observation.timestamp);
      close.at(series, kept, CloseReason.END, observation, () -> value.removeSequence(kept));
    }
  }

  /** One that is late does not change a sequence, but shows that its time is over. */
  private void late(
      String series, Observation observation, @Nullable SequenceState kept, Verdict.Late late)
      throws Exception {
    CloseReason closing = late.closing();
    if (kept != null && closing != null && Boundaries.isOfTime(closing)) {
      close.byTime(series, kept, closing, () -> value.removeSequence(kept));
    }
    emitter.late(observation, late.reason(), timers.watermark());
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
    ServedModel served = request.served();
    Advance advance = served.advance();
    Unscaler unscaler = served.unscaler();
    String fault = advance.fault(index);
    if (fault != null
        || unscaler.isIdle()
        || served.decoder() != null) { // a decoder looks at its own
      return fault;
    }
    Features features = served.features();
    SequenceState current = request.current();
    double[] previous = current == null ? request.left() : current.previous;
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
    ServedModel served = request.served();
    filler.take(served, filling, index);
    SequenceState work = filling.work;
    boolean closes = work.steps >= boundaries.maxSteps();
    double[] left = GOES_ON;
    if (closes) {
      filling.remaining = 0;
      Features features = models.newest().features();
      left = records.left(features, work, CloseReason.MAX_STEPS, request.observation());
      String fault = features.openingFault(request.raw(), left);
      if (fault != null) { // nothing has been filled either
        rejections.rejectIncomplete(
            request.series(),
            request.observation(),
            fault,
            filling.original,
            null,
            request.behind());
        return null;
      }
      if (features.primed()) {
        filler.emit(served, request.series(), filling);
        priming.prime(
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
      filler.lookAhead(served, filling);
    }
    return new Row(
        closes ? models.newest() : served,
        request.series(),
        request.observation(),
        request.raw(),
        request.moments(),
        left,
        work,
        closes ? CloseReason.MAX_STEPS : null,
        request.arrived(),
        filling,
        request.behind());
  }

  private void take(Row request, int index) throws Exception {
    ServedModel served = request.served();
    String series = request.series();
    Filling filling = request.filling();
    if (filler != null && filling != null) {
      filler.emit(models.of(series, filling.work), series, filling);
    }
    Observation observation = request.observation();
    float[] inputs = records.wantsInputs() ? served.advance().inputs(index) : null;
    SequenceState current = request.current();
    if (current != null) {
      behindWatermark.stepped(observation, request.behind());
      records.use(served, series, current, observation, request.raw(), current.previous, inputs);
      steps.advanceTo(current, request, index);
      steps.emit(served, series, current, observation, steps.output(served, current, index));
      return;
    }
    behindWatermark.opened(observation, request.behind());
    SequenceState kept = request.kept();
    CloseReason closing = request.closing();
    SequenceState state =
        opening.begin(served, observation, request.left().clone(), request.arrived());
    steps.advanceTo(state, request, index);
    float[] output = steps.output(served, state, index);
    Continuation openIt =
        () -> {
          opening.inherit(state, kept, closing, observation);
          records.use(
              served,
              series,
              state,
              observation,
              request.raw(),
              served.features().nothing(),
              inputs);
          emitter.opened(served, series, state);
          steps.emit(served, series, state, observation, output);
        };
    if (kept != null && closing != null) {
      close.before(series, kept, closing, observation, openIt);
    } else {
      openIt.run();
    }
  }

  /** As {@link SeriesTime#rearm}. */
  public boolean rearm(SequenceState kept) {
    return time.rearm(kept);
  }

  /**
   * As {@link SeriesTime#onTimer}.
   *
   * @return what {@link #observeReleased} is to take now, in this order; then {@link #afterRelease}
   *     is owed
   */
  public List<Observation> onTimer(String series, long timestamp) throws Exception {
    return time.onTimer(series, timestamp);
  }

  /** As {@link SeriesTime#afterRelease}. */
  public void afterRelease(String series) throws Exception {
    time.afterRelease(series);
  }

  /** As {@link SeriesTime#onAlarm}. */
  public void onAlarm(String series, long timestamp) throws Exception {
    time.onAlarm(series, timestamp);
  }
}
