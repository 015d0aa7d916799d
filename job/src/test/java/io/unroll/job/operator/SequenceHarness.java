package io.unroll.job.operator;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Tuning;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.EvaluationSums;
import io.unroll.model.Draws;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** The operator alone, on a state backend, without a cluster. Every observation gets a position. */
final class SequenceHarness implements AutoCloseable {
  static final int MAX_PARALLELISM = 256;

  private static final long LONG_DELAY = 1_000_000;

  /** The state backends that tests of state run on, and how series advance on them. */
  enum Backend {
    /** Each observation steps when it comes. */
    HEAP,
    /** With all live series in the cache. */
    ROCKSDB,
    /** As many as wait advance together. */
    HEAP_BATCHES,
    ROCKSDB_BATCHES,
    /** In batches, with a cache that every series leaves at once. */
    ROCKSDB_CRAMPED,
    /** Without a cache. */
    ROCKSDB_DIRECT;

    /** All under {@code -Pthorough}; else both stores, with and without batches and evictions. */
    static Collection<Backend> tested() {
      return Draws.thorough()
          ? EnumSet.allOf(Backend.class)
          : EnumSet.of(HEAP, ROCKSDB_BATCHES, ROCKSDB_CRAMPED);
    }

    StateBackend create() {
      return onHeap() ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
    }

    boolean onHeap() {
      return this == HEAP || this == HEAP_BATCHES;
    }

    SequenceConfig tune(SequenceConfig config) {
      return switch (this) {
        case HEAP, ROCKSDB -> config;
        case HEAP_BATCHES, ROCKSDB_BATCHES -> batches(config);
        case ROCKSDB_CRAMPED -> TestModels.cached(batches(config), 1);
        case ROCKSDB_DIRECT -> TestModels.cached(config, 0);
      };
    }

    private static SequenceConfig batches(SequenceConfig config) {
      return TestModels.batches(config, Tuning.BATCH_SIZE, Tuning.BATCH_DELAY_MILLIS);
    }
  }

  private final KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness;
  private long offset;
  private long wallClock;
  private boolean patient;

  private SequenceHarness(
      KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness) {
    this.harness = harness;
  }

  static SequenceHarness open(Backend backend, SequenceConfig config) throws Exception {
    return restore(backend, config, null, 1, 0);
  }

  static SequenceHarness restore(Backend backend, SequenceConfig config, OperatorSubtaskState state)
      throws Exception {
    return restore(backend, config, state, 1, 0);
  }

  /** One of {@code parallelism} subtasks; {@code state} is already its own part, null for none. */
  static SequenceHarness restore(
      Backend backend,
      SequenceConfig config,
      @Nullable OperatorSubtaskState state,
      int parallelism,
      int subtask)
      throws Exception {
    return start(backend, backend.tune(config), state, parallelism, subtask, 0);
  }

  /**
   * The wall clock stands there before the operator starts, and rows wait until something makes
   * them run: the delay of a batch is longer than any test.
   */
  static SequenceHarness waiting(
      Backend backend, SequenceConfig config, @Nullable OperatorSubtaskState state, long wallClock)
      throws Exception {
    SequenceConfig tuned = backend.tune(config);
    Tuning tuning = tuned.tuning();
    return start(
            backend,
            tuned.with(tuning.withBatch(Math.max(8, tuning.batchSize()), LONG_DELAY)),
            state,
            1,
            0,
            wallClock)
        .patient();
  }

  private static SequenceHarness start(
      Backend backend,
      SequenceConfig tuned,
      @Nullable OperatorSubtaskState state,
      int parallelism,
      int subtask,
      long wallClock)
      throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SequenceOperator(tuned, Accounts.ALONE),
            observation -> observation.series,
            Types.STRING,
            MAX_PARALLELISM,
            parallelism,
            subtask);
    harness.setStateBackend(backend.create());
    harness.setup();
    SequenceHarness started = new SequenceHarness(harness);
    started.wallClock(wallClock);
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return started;
  }

  /** The part of {@code whole} that a subtask gets when the job is rescaled. */
  static OperatorSubtaskState part(
      OperatorSubtaskState whole, int oldParallelism, int parallelism, int subtask)
      throws Exception {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        whole, MAX_PARALLELISM, oldParallelism, parallelism, subtask);
  }

  void observe(Observation observation) throws Exception {
    observe(observation, offset++);
  }

  void observe(Observation observation, long position) throws Exception {
    harness.processElement(
        new StreamRecord<>(observation.at("t/0@", position), observation.timestamp));
  }

  void watermark(long timestamp) throws Exception {
    harness.processWatermark(timestamp);
  }

  void wallClock(long timestamp) throws Exception {
    wallClock = timestamp;
    harness.setProcessingTime(timestamp);
  }

  /** From here on what is asked for does not wait until the rows in a batch are through. */
  SequenceHarness patient() {
    patient = true;
    return this;
  }

  /** Lets the delay of a batch pass. */
  private void settle() {
    if (!patient) {
      try {
        wallClock(wallClock + Tuning.BATCH_DELAY_MILLIS);
      } catch (Exception e) { // a step that fails
        throw new IllegalStateException(e);
      }
    }
  }

  void idle() throws Exception {
    harness.processWatermarkStatus(WatermarkStatus.IDLE);
  }

  void active() throws Exception {
    harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
  }

  void barrier() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
  }

  void finish() throws Exception {
    operator().finish();
  }

  /** The alarms of series that stand in processing time. */
  int alarms() {
    return harness.numProcessingTimeTimers();
  }

  /** What stands in processing time, for alarms and for the delay of a batch. */
  int clockTimers() {
    return harness.getProcessingTimeService().getNumActiveTimers();
  }

  BatchMetrics batches() {
    return operator().batches();
  }

  private SequenceOperator operator() {
    return (SequenceOperator) harness.getOperator();
  }

  void endOfInput() throws Exception {
    harness.processWatermark(Long.MAX_VALUE);
  }

  OperatorSubtaskState snapshot() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    return harness.snapshot(1, 1);
  }

  /** In the format that every state backend reads. */
  OperatorSubtaskState savepoint() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    return harness
        .snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
        .getJobManagerOwnedState();
  }

  /** Series with an open sequence in the state backend, when all that waits is written. */
  int sequences() throws Exception {
    harness.prepareSnapshotPreBarrier(1);
    KeyedStateBackend<String> backend = operator().getKeyedStateBackend();
    try (Stream<String> keys = backend.getKeys("sequence", VoidNamespace.INSTANCE)) {
      return (int) keys.count();
    }
  }

  int timers() {
    settle();
    return harness.numEventTimeTimers();
  }

  List<Prediction> predictions() {
    settle();
    List<Prediction> result = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        result.add((Prediction) record.getValue());
      }
    }
    return result;
  }

  List<SequenceEvent> events() {
    settle();
    return values(harness.getSideOutput(Outputs.SEQUENCES));
  }

  List<Rejected> rejected() {
    settle();
    return values(harness.getSideOutput(Outputs.REJECTED));
  }

  List<Rejected> late() {
    settle();
    return values(harness.getSideOutput(Outputs.LATE));
  }

  List<Evaluation> evaluations() {
    settle();
    return values(harness.getSideOutput(Outputs.EVALUATIONS));
  }

  /** What has come out so far is not told again. */
  void forget() {
    harness.getOutput().clear();
    forget(Outputs.SEQUENCES);
    forget(Outputs.REJECTED);
    forget(Outputs.LATE);
    forget(Outputs.EVALUATIONS);
  }

  private <T> void forget(OutputTag<T> output) {
    Queue<StreamRecord<T>> records = harness.getSideOutput(output);
    if (records != null) {
      records.clear();
    }
  }

  private static <T> List<T> values(Queue<StreamRecord<T>> records) {
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  /** {@code A/1000 step 0 @1000 t/0@0}, one line per prediction. */
  List<String> predictionLines() {
    return predictions().stream().map(SequenceHarness::line).toList();
  }

  private static String line(Prediction p) {
    return p.series
        + "/"
        + p.sequence
        + " "
        + p.kind.label()
        + " "
        + p.step
        + " @"
        + p.timestamp
        + " "
        + p.input();
  }

  /** The main output in its order: predictions, {@code watermark 6000}, {@code idle}. */
  List<String> outputLines() {
    List<String> lines = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        lines.add(line((Prediction) record.getValue()));
      } else if (element instanceof Watermark watermark) {
        lines.add("watermark " + watermark.getTimestamp());
      } else {
        lines.add(((WatermarkStatus) element).isIdle() ? "idle" : "active");
      }
    }
    return lines;
  }

  /**
   * {@code opened A/1000 @1000 t/0@0} or {@code closed A/1000 idle steps 2 1000..2000 @3000 t/0@1}.
   */
  List<String> eventLines() {
    return events().stream().map(SequenceHarness::line).toList();
  }

  private static String line(SequenceEvent e) {
    String head = e.event.label() + " " + e.series + "/" + e.sequence;
    String tail = " @" + e.timestamp + " " + e.input;
    return e.reason == null
        ? head + tail
        : head
            + " "
            + e.reason.label()
            + " steps "
            + e.steps
            + " "
            + e.first
            + ".."
            + e.last
            + tail;
  }

  /** {@code t/0@3: reason}. */
  List<String> rejectedLines() {
    return rejected().stream().map(r -> r.input + ": " + r.reason).toList();
  }

  long count(Counter counter) {
    settle();
    return operator().counters().get(counter);
  }

  /** What an evaluation adds up to so far. */
  double sum(String evaluation, EvaluationSums.Sum sum) {
    settle();
    return operator().evaluations().get(evaluation, sum);
  }

  @Override
  public void close() {
    try {
      harness.close();
    } catch (Exception e) { // the harness declares it
      throw new IllegalStateException(e);
    }
  }
}
