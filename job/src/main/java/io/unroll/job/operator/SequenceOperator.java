package io.unroll.job.operator;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.CountersAccumulator;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStateSerializer;
import io.unroll.job.state.SequenceStore;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.sorted.state.BatchExecutionKeyedStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Advances the recurrent network of every series by one step per observation.
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
final class SequenceOperator extends AbstractStreamOperator<Prediction>
    implements OneInputStreamOperator<Observation, Prediction>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;

  // These names are in every savepoint: they cannot change.
  private static final String TIMERS = "user-timers";
  private static final String SEQUENCE = "sequence";

  /** {@link SequenceState#timer} of a sequence that has not been stored yet. */
  private static final long NO_TIMER = Long.MIN_VALUE;

  private final SequenceConfig settings;
  private final Features features;

  private transient RecurrentModel model;
  private transient long fingerprint;
  private transient Advance advance;
  private transient Emitter emitter;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient SequenceStore sequences;
  private transient OperatorMemory memory;

  @SuppressWarnings("NullAway.Init") // runtime fields are set in initializeState and open
  SequenceOperator(SequenceConfig settings) {
    this.settings = settings;
    this.features = new Features(settings.features());
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    if (getKeyedStateBackend() instanceof BatchExecutionKeyedStateBackend) {
      throw new IllegalStateException(
          "execution.runtime-mode: found BATCH, expected STREAMING: in BATCH mode Flink drops the"
              + " state of a series at every change of key");
    }
    model = settings.serve(settings.model().read(Kernels.named(settings.tuning().kernel())));
    fingerprint = Long.parseUnsignedLong(model.fingerprint().substring(0, 16), 16);
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    sequences =
        SequenceStore.of(
            backend,
            context.getKeyedStateStore().getState(descriptor()),
            settings.tuning().cacheBytes(),
            getMetricGroup().addGroup("unroll"));
    memory =
        new OperatorMemory(
            context,
            model.id() + " " + model.fingerprint(),
            features.transforms(),
            settings.window(),
            settings.idleTimeoutMillis());
  }

  @Override
  public void open() throws Exception {
    super.open();
    timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
    advance = new Advance(model, features, 1);
    Counters counters = memory.counters();
    emitter = new Emitter(output, counters, model.id());
    getRuntimeContext().addAccumulator("sequences", new CountersAccumulator(counters));
    if (memory.idleTimeoutChanged()) {
      getKeyedStateBackend()
          .applyToAllKeys(
              VoidNamespace.INSTANCE,
              VoidNamespaceSerializer.INSTANCE,
              descriptor(),
              (key, state) -> rearm(state));
    }
    for (Counter counter : Counter.values()) {
      getMetricGroup().addGroup("unroll").gauge(counter.label(), () -> counters.get(counter));
    }
  }

  @Override
  public void processElement(StreamRecord<Observation> element) throws Exception {
    Observation observation = element.getValue();
    memory.counters().add(Counter.INPUTS);
    SequenceState open = openSequence();
    boolean expired = open != null && observation.timestamp >= settings.due(open.last);
    SequenceState current = expired ? null : open;

    String fault = fault(observation);
    if (fault != null) {
      reject(observation, fault, open, expired);
    } else if (observation.features == null) {
      mark(observation, open, expired);
    } else if (current == null && isLate(observation)) {
      late(observation, open);
    } else if (current == null && features.primed()) {
      prime(observation, observation.features, open);
    } else {
      step(observation, observation.features, open, expired);
    }
  }

  private @Nullable SequenceState openSequence() throws Exception {
    SequenceState open = sequences.get();
    if (open != null && open.model != fingerprint) {
      throw new IllegalStateException(
          String.format(
              "series '%s': its state is of model %016x, this job runs %016x",
              getCurrentKey(), open.model, fingerprint));
    }
    return open;
  }

  private static ValueStateDescriptor<SequenceState> descriptor() {
    return new ValueStateDescriptor<>(SEQUENCE, new SequenceStateSerializer());
  }

  private @Nullable String fault(Observation observation) {
    if (getCurrentKey().equals("")) {
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

  /** Rule 9, and the first corner of rule 8: the end of a rejected end marker is honoured. */
  private void reject(
      Observation observation, String reason, @Nullable SequenceState open, boolean expired)
      throws Exception {
    emitter.rejected(observation, reason);
    if (observation.end && open != null) {
      if (expired) {
        closeByTime(open);
      } else {
        close(open, CloseReason.END, observation.input(), observation.timestamp);
      }
    }
  }

  /** An end marker without features. */
  private void mark(Observation observation, @Nullable SequenceState open, boolean expired)
      throws Exception {
    memory.counters().add(Counter.MARKERS);
    if (open == null) {
      return;
    }
    if (expired) {
      closeByTime(open);
    } else {
      open.last = Math.max(open.last, observation.timestamp);
      close(open, CloseReason.END, observation.input(), observation.timestamp);
    }
  }

  private boolean isLate(Observation observation) {
    return settings.timesOut() && settings.due(observation.timestamp) <= currentWatermark();
  }

  private void late(Observation observation, @Nullable SequenceState expired) throws Exception {
    if (expired != null) {
      closeByTime(expired);
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
  private void prime(Observation observation, double[] raw, @Nullable SequenceState expired)
      throws Exception {
    if (expired != null) {
      closeByTime(expired);
    }
    memory.counters().add(Counter.PRIMINGS);
    SequenceState state = begin(observation, features.remember(raw));
    emitter.opened(observation.series, state);
    if (observation.end) {
      close(state, CloseReason.END, observation.input(), observation.timestamp);
    } else {
      store(state);
    }
  }

  private void step(
      Observation observation, double[] raw, @Nullable SequenceState open, boolean expired)
      throws Exception {
    String fault =
        open == null || expired
            ? advance.load(0, raw, NOTHING_REMEMBERED, null)
            : advance.load(0, raw, open.previous, open.hidden);
    if (fault == null) {
      advance.run(1);
      fault = advance.fault(0);
    }
    if (fault != null) {
      reject(observation, fault, open, expired);
      return;
    }

    if (open != null && expired) {
      closeByTime(open);
    }
    SequenceState state;
    if (open == null || expired) {
      state = begin(observation, NOTHING_REMEMBERED);
      emitter.opened(observation.series, state);
    } else {
      state = open;
    }
    settle(observation, raw, state);
  }

  /** Takes the result of a step into the sequence, emits, and closes or stores it. */
  private void settle(Observation observation, double[] raw, SequenceState state) throws Exception {
    memory.counters().add(Counter.STEPS);
    advance.takeHidden(0, state.hidden);
    features.rememberInto(raw, state.previous);
    state.steps++;
    state.last = Math.max(state.last, observation.timestamp);
    state.seen = observation.timestamp;
    state.origin = observation.origin;
    state.position = observation.position;
    switch (settings.emit()) {
      case STEP -> {
        emitter.step(observation.series, state, advance.output(0), observation.keep);
        // Left by a run that emitted at the end: it must not go out a second time.
        state.output = null;
        state.keep = null;
      }
      case END -> {
        state.output = advance.output(0);
        state.keep = observation.keep;
      }
    }
    if (observation.end) {
      close(state, CloseReason.END, observation.input(), observation.timestamp);
    } else if (state.steps >= settings.maxSteps()) {
      close(state, CloseReason.MAX_STEPS, observation.input(), observation.timestamp);
    } else {
      store(state);
    }
  }

  private static final double[] NOTHING_REMEMBERED = {};

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

  /** Moves the timer of the current key to where this job's idle timeout wants it. */
  private void rearm(ValueState<SequenceState> state) throws Exception {
    SequenceState open = state.value();
    if (open != null && open.timer != settings.due(open.last)) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, open.timer);
      arm(open);
      state.update(open);
    }
  }

  private void closeByTime(SequenceState state) throws Exception {
    long due = settings.due(state.last);
    close(
        state,
        settings.timesOut() ? CloseReason.IDLE : CloseReason.END_OF_INPUT,
        state.origin + state.position,
        due == Long.MAX_VALUE ? state.last : due);
  }

  /** Rule 7. */
  private void close(SequenceState state, CloseReason reason, String input, long timestamp)
      throws Exception {
    String series = (String) getCurrentKey();
    emitter.last(series, state);
    emitter.closed(series, state, reason, input, timestamp);
    if (state.timer != NO_TIMER) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, state.timer);
      sequences.remove();
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    SequenceState open = openSequence();
    if (open == null || open.timer != timer.getTimestamp()) {
      throw new IllegalStateException(
          "series '"
              + timer.getKey()
              + "': a timer at "
              + timer.getTimestamp()
              + " has no sequence");
    }
    if (timer.getTimestamp() < settings.due(open.last)) {
      arm(open);
      sequences.put(open);
    } else {
      closeByTime(open);
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("no processing-time timer is ever registered");
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    super.processWatermark(mark);
    memory.advance(mark.getTimestamp());
  }

  /** The live counters. */
  Counters counters() {
    return memory.counters();
  }

  private long currentWatermark() {
    return Math.max(memory.watermark(), timers.currentWatermark());
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    sequences.flush();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    memory.snapshot();
  }
}
