package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Batch;
import io.unroll.job.life.DecoderRuns;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emitter;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Evaluator;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Features;
import io.unroll.job.life.HeldBack;
import io.unroll.job.life.Order;
import io.unroll.job.life.Outlet;
import io.unroll.job.life.ReleasedObservations;
import io.unroll.job.life.Row;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SequenceLife;
import io.unroll.job.life.ServedModel;
import io.unroll.job.life.ServedModels;
import io.unroll.job.life.Tuning;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.CountersAccumulator;
import io.unroll.job.state.EvaluationSums;
import io.unroll.job.state.RejectedReasons;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStateSerializer;
import io.unroll.job.state.SequenceStore;
import io.unroll.job.state.SequenceStores;
import io.unroll.job.state.UnusableStateException;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Kernels;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManager;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.sorted.state.BatchExecutionKeyedStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advances the recurrent network of every series by one step per observation.
 *
 * <p>Three rooms, and this is the hall between them and Flink: {@link SequenceLife} decides what an
 * observation does to its series; what is to advance waits in the {@link Batch} of its model, at
 * most one row per series; when it runs is said here and by {@link BatchDelay}. A batch runs before
 * anything passes it that could show its rows' effect: a record of one of its series, a watermark,
 * a barrier, the end. So a row that waits is never seen, and nothing of it is in a checkpoint.
 */
final class SequenceOperator extends AbstractStreamOperator<Prediction>
    implements OneInputStreamOperator<Observation, Prediction>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOGGER = LoggerFactory.getLogger(SequenceOperator.class);

  // These names are in every savepoint: they cannot change.
  private static final String TIMERS = "user-timers";
  private static final String SEQUENCE = "sequence";

  private final SequenceConfig settings;
  private final Features features;
  private final Accounts accounts;

  private transient RecurrentModel model;
  private transient @Nullable RecurrentModel decoderModel;
  private transient OperatorMemory memory;
  private transient SequenceStore sequences;
  private transient @Nullable HeldBack heldBack;
  private transient SequenceLife life;
  private transient ServedModel served;
  private transient ReleasedObservations released;
  private transient BatchDelay delay;
  private transient BatchMetrics batchMetrics;
  private transient IdleClock idleClock;

  @SuppressWarnings("NullAway.Init") // runtime fields are set in initializeState and open
  SequenceOperator(SequenceConfig settings, Accounts accounts) {
    if (settings.memory() == null
        && (!settings.output().evaluations().isEmpty()
            || settings.features().stream().anyMatch(Feature::learns))) {
      throw new IllegalArgumentException(
          "keep-series-for: found none, expected how long a series is remembered: online scales and"
              + " evaluations need it");
    }
    this.settings = settings;
    this.accounts = accounts;
    this.features = new Features(settings.features());
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    if (getKeyedStateBackend() instanceof BatchExecutionKeyedStateBackend) {
      throw new UnusableStateException(
          "execution.runtime-mode: found BATCH, expected STREAMING: in BATCH mode Flink drops the"
              + " state of a series at every change of key");
    }
    model = settings.serve(settings.model().read(kernel(settings.tuning().kernel())));
    Decoding decoding = settings.decoding();
    RecurrentModel network =
        decoding == null ? null : decoding.decoder().read(kernel(settings.tuning().kernel()));
    // Alone it starts where the pipeline says.
    decoderModel = network != null && settings.isAlone() ? settings.serve(network) : network;
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    sequences =
        SequenceStores.of(
            backend,
            getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks(),
            context.getKeyedStateStore().getState(descriptor()),
            settings.tuning().cacheBytes(),
            getMetricGroup().addGroup("unroll"));
    memory =
        new OperatorMemory(
            context,
            new SignatureState(
                context.getOperatorStateStore(),
                Signatures.of(settings, model, network),
                model.id() + " " + model.fingerprint(),
                features.transforms(),
                settings),
            model.kernel(),
            settings.boundaries().idleTimeoutMillis(),
            settings.boundaries().limits()
                + (settings.memory() == null
                    ? ""
                    : ", keep-series-for " + settings.memory().keepMillis() + " ms"));
    // Before the kernel is warmed: who watches a job that goes on sees where it stood.
    getRuntimeContext()
        .addAccumulator(accounts.sequences(), new CountersAccumulator(memory.counters()));
    heldBack =
        settings.order() == Order.ARRIVAL
            ? null
            : new HeldBack(new FlinkHeldBack(context.getKeyedStateStore()));
  }

  /** All slots of a job run the same kernel: another one would give other bits. */
  private static Kernel kernel(String name) {
    try {
      return Kernels.named(name);
    } catch (IllegalArgumentException e) {
      throw new UnusableStateException(
          "model.kernel: the job was submitted with '"
              + name
              + "', which the JVM of this slot cannot run: "
              + e.getMessage(),
          e);
    }
  }

  private static ValueStateDescriptor<SequenceState> descriptor() {
    return new ValueStateDescriptor<>(SEQUENCE, new SequenceStateSerializer());
  }

  @Override
  public void open() throws Exception {
    super.open();
    Tuning tuning = settings.tuning();
    RejectedReasons reasons = new RejectedReasons();
    getRuntimeContext().addAccumulator(accounts.sequencesRejected(), reasons);
    Outlet outlet = new FlinkOutlet(output, reasons);
    Evaluator evaluator =
        new Evaluator(
            settings.output().evaluations(),
            memory.evaluations(),
            decoderModel == null ? model.id() : decoderModel.id(),
            outlet);
    Emitter emitter = new Emitter(outlet, memory.counters(), settings.output().warmUp(), evaluator);
    DecoderRuns decoder =
        DecoderRuns.of(
            settings,
            model,
            decoderModel,
            tuning.batchSize(),
            emitter,
            memory.counters(),
            this::setCurrentKey);
    served = ServedModel.of(settings, features, model, decoder, tuning.batchSize(), new Settler());
    served.advance().warmUp();
    released = new ReleasedObservations();
    delay =
        new BatchDelay(
            getProcessingTimeService(),
            tuning.batchDelayMillis(),
            served::waiting,
            () -> flush(Flush.DELAY));
    life =
        new SequenceLife(
            settings.rules(),
            new ServedModels(served),
            sequences,
            new FlinkTimers(
                getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this), memory),
            heldBack,
            memory.counters(),
            emitter,
            evaluator);
    idleClock =
        new IdleClock(
            getProcessingTimeService(), timestamp -> processWatermark(new Watermark(timestamp)));
    report(tuning);
    if (memory.limitsChanged()) { // past the cache, which is empty still
      getKeyedStateBackend()
          .applyToAllKeys(
              VoidNamespace.INSTANCE,
              VoidNamespaceSerializer.INSTANCE,
              descriptor(),
              (key, state) -> rearm(state));
    }
  }

  private void report(Tuning tuning) {
    Counters counters = memory.counters();
    MetricGroup group = getMetricGroup().addGroup("unroll");
    for (Counter counter : Counter.values()) {
      group.gauge(counter.label(), () -> counters.get(counter));
    }
    EvaluationSums evaluations = memory.evaluations();
    for (Evaluate evaluation : settings.output().evaluations()) {
      evaluations.add(evaluation.label(), EvaluationSums.Sum.COUNT, 0); // before others look at it
      MetricGroup one = group.addGroup("evaluation", evaluation.label());
      for (EvaluationSums.Sum sum : EvaluationSums.Sum.values()) {
        one.gauge(sum.label(), () -> evaluations.get(evaluation.label(), sum));
      }
    }
    String kernel = model.kernel();
    group.gauge("kernel", () -> kernel);
    batchMetrics = new BatchMetrics(group);
    LOGGER.info(
        "model {} runs on kernel {}, in batches of at most {} series that wait at most {} ms",
        model.id(),
        kernel,
        served.batch().capacity(),
        tuning.batchDelayMillis());
  }

  private void rearm(ValueState<SequenceState> state) throws Exception {
    SequenceState open = state.value();
    if (open != null && life.rearm(open)) {
      state.update(open);
    }
  }

  @Override
  public void processElement(StreamRecord<Observation> element) throws Exception {
    String series = (String) getCurrentKey();
    if (served.mayHold(series)) {
      flush(Flush.SERIES);
      setCurrentKey(series);
    }
    int before = served.waiting();
    Row row = life.observe(series, element.getValue());
    if (row != null) {
      row.served().batch().add(row);
    }
    int now = served.waiting();
    if (served.isFull()) {
      flush(Flush.SIZE);
    } else if (before == 0 && now > 0) {
      delay.start();
    }
  }

  /**
   * Runs and settles what waits, and what that adds to it. Leaves some other series as Flink's
   * current key.
   *
   * @return false if nothing waited
   */
  private boolean flush(Flush cause) throws Exception {
    boolean ran = false;
    do {
      for (int rows = runWaiting(cause); rows > 0; rows = runWaiting(cause)) {
        ran = true;
      }
    } while (released.next(this::observe));
    for (String series : released.over()) {
      setCurrentKey(series);
      life.afterRelease(series);
      ran = true;
    }
    return ran;
  }

  /** Runs every row that waits by a step, and every decoder. */
  private int runWaiting(Flush cause) throws Exception {
    int rows = served.batch().flush();
    if (rows > 0) {
      batchMetrics.flushed(cause, rows);
    }
    return rows + served.decode();
  }

  private void observe(String series, Observation observation) throws Exception {
    setCurrentKey(series);
    Row row = life.observeReleased(series, observation);
    if (row != null) {
      row.served().batch().add(row);
    }
  }

  /** Each row in the key context of its series. */
  private final class Settler implements Batch.Settler {
    @Override
    public void settle(Row row, int index) throws Exception {
      setCurrentKey(row.series());
      Row next = life.settle(row, index);
      if (next != null) {
        next.served().batch().add(next);
      }
    }

    @Override
    public void reject(Row row, String reason) throws Exception {
      setCurrentKey(row.series());
      life.reject(row, reason);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    released.add(timer.getKey(), life.onTimer(timer.getKey(), timer.getTimestamp()));
    if (released.size() >= settings.tuning().batchSize() || served.hasFullDecoder()) {
      flush(Flush.WATERMARK);
    }
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    String series = timer.getKey();
    if (served.mayHold(series)) {
      flush(Flush.SERIES);
      setCurrentKey(series);
    }
    life.onAlarm(series, timer.getTimestamp());
    if (served.waiting() > 0) { // the decoder of what has closed
      flush(Flush.DELAY);
    }
  }

  /**
   * The timers that the watermark fires find every row settled; what they let go runs before it
   * passes, and so do the timers that this sets.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (settings.course().advanceWhenIdle() && mark.getTimestamp() <= memory.watermark()) {
      return; // the clock has run on past it
    }
    flush(Flush.WATERMARK);
    InternalTimeServiceManager<?> timers = getTimeServiceManager().orElseThrow();
    do {
      timers.advanceWatermark(mark);
    } while (flush(Flush.WATERMARK));
    output.emitWatermark(mark);
    memory.advance(mark.getTimestamp());
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    flush(Flush.WATERMARK);
    if (!settings.course().advanceWhenIdle()) {
      super.processWatermarkStatus(status);
    } else if (status.isIdle()) { // those behind are to see the clock run on
      idleClock.start(memory.watermark());
    } else {
      idleClock.stop();
    }
  }

  /** What waits is in this checkpoint, and its predictions are before the barrier. */
  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush(Flush.BARRIER);
    sequences.flush();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    memory.snapshot();
  }

  @Override
  public void finish() throws Exception {
    flush(Flush.END);
    super.finish();
  }

  /** The live counters. */
  Counters counters() {
    return memory.counters();
  }

  /** The live sums of the evaluations. */
  EvaluationSums evaluations() {
    return memory.evaluations();
  }

  /** What has been counted of batches. */
  BatchMetrics batches() {
    return batchMetrics;
  }
}
