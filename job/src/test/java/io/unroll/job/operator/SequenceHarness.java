package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.state.Counter;
import java.util.ArrayList;
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
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The operator alone, on a state backend, without a cluster. Every observation gets a position. */
final class SequenceHarness implements AutoCloseable {
  static final int MAX_PARALLELISM = 256;

  /** The state backends that every test of state runs on. */
  enum Backend {
    HEAP,
    /** With all live series in the cache. */
    ROCKSDB,
    /** With a cache that every series leaves at once. */
    ROCKSDB_CRAMPED,
    /** Without a cache. */
    ROCKSDB_DIRECT;

    StateBackend create() {
      return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
    }

    SequenceConfig tune(SequenceConfig config) {
      return switch (this) {
        case HEAP, ROCKSDB -> config;
        case ROCKSDB_CRAMPED -> TestModels.cached(config, 1);
        case ROCKSDB_DIRECT -> TestModels.cached(config, 0);
      };
    }
  }

  private final KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness;
  private long offset;

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

  /** One of {@code parallelism} subtasks; {@code state} is already its own part. */
  static SequenceHarness restore(
      Backend backend,
      SequenceConfig config,
      OperatorSubtaskState state,
      int parallelism,
      int subtask)
      throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SequenceOperator(backend.tune(config)),
            observation -> observation.series,
            Types.STRING,
            MAX_PARALLELISM,
            parallelism,
            subtask);
    harness.setStateBackend(backend.create());
    harness.setup();
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return new SequenceHarness(harness);
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
    harness.setProcessingTime(timestamp);
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
    KeyedStateBackend<String> backend =
        ((SequenceOperator) harness.getOperator()).getKeyedStateBackend();
    try (Stream<String> keys = backend.getKeys("sequence", VoidNamespace.INSTANCE)) {
      return (int) keys.count();
    }
  }

  int timers() {
    return harness.numEventTimeTimers();
  }

  List<Prediction> predictions() {
    List<Prediction> result = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        result.add((Prediction) record.getValue());
      }
    }
    return result;
  }

  List<SequenceEvent> events() {
    return values(harness.getSideOutput(Outputs.SEQUENCES));
  }

  List<Rejected> rejected() {
    return values(harness.getSideOutput(Outputs.REJECTED));
  }

  List<Rejected> late() {
    return values(harness.getSideOutput(Outputs.LATE));
  }

  private static <T> List<T> values(Queue<StreamRecord<T>> records) {
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  /** {@code A/1000 step 0 @1000 t/0@0}, one line per prediction. */
  List<String> predictionLines() {
    return predictions().stream()
        .map(
            p ->
                p.series
                    + "/"
                    + p.sequence
                    + " "
                    + p.kind.label()
                    + " "
                    + p.step
                    + " @"
                    + p.timestamp
                    + " "
                    + p.input)
        .toList();
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
    return ((SequenceOperator) harness.getOperator()).counters().get(counter);
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
