package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.job.state.EvaluationSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/**
 * The subtasks of the operator as a job has them: it is rescaled, stops and goes on from its
 * checkpoints. What had come out of each series at the last checkpoint is kept; the rest comes
 * again after a crash. Rows wait until something makes them run.
 */
final class Fleet implements AutoCloseable {
  private final Backend backend;
  private final SequenceConfig config;
  private final int[] parallelism;
  private final List<SequenceHarness> subtasks = new ArrayList<>();
  private final List<OperatorSubtaskState> checkpoint = new ArrayList<>();
  private int starts;
  private long wallClock;

  final Map<String, List<String>> predictions = new TreeMap<>();
  final Map<String, List<String>> events = new TreeMap<>();
  final Map<String, List<Rejected>> rejected = new TreeMap<>();
  final Map<String, List<Rejected>> late = new TreeMap<>();
  final Map<String, List<String>> evaluations = new TreeMap<>();

  /**
   * Starts.
   *
   * @param parallelism of this start and of each {@link #restart}, over and over
   */
  Fleet(Backend backend, SequenceConfig config, int... parallelism) throws Exception {
    this.backend = backend;
    this.config = config;
    this.parallelism = parallelism;
    start(parallelism[0]);
  }

  private void start(int now) throws Exception {
    subtasks.forEach(SequenceHarness::close);
    subtasks.clear();
    OperatorSubtaskState whole =
        checkpoint.isEmpty()
            ? null
            : AbstractStreamOperatorTestHarness.repackageState(
                checkpoint.toArray(OperatorSubtaskState[]::new));
    for (int i = 0; i < now; i++) {
      OperatorSubtaskState part =
          whole == null ? null : SequenceHarness.part(whole, checkpoint.size(), now, i);
      subtasks.add(SequenceHarness.restore(backend, config, part, now, i).patient());
    }
    pass(0);
  }

  /** How many there are now. */
  int size() {
    return subtasks.size();
  }

  SequenceHarness subtask(int index) {
    return subtasks.get(index);
  }

  /** Those of {@code series} that are the subtask's now. */
  List<String> of(int subtask, List<String> series) {
    return series.stream().filter(name -> subtaskOf(name) == subtask).toList();
  }

  private int subtaskOf(String series) {
    return KeyGroupRangeAssignment.assignKeyToParallelOperator(
        series, SequenceHarness.MAX_PARALLELISM, subtasks.size());
  }

  /** To the subtask of its series, from the position that it has. */
  void observe(Observation observation) throws Exception {
    subtask(subtaskOf(observation.series)).observe(observation, observation.position);
  }

  void watermark(long timestamp) throws Exception {
    for (SequenceHarness subtask : subtasks) {
      subtask.watermark(timestamp);
    }
  }

  /** Lets the wall clock run on. */
  void pass(long millis) throws Exception {
    wallClock += millis;
    for (SequenceHarness subtask : subtasks) {
      subtask.wallClock(wallClock);
    }
  }

  /** The job goes on. */
  void checkpoint() throws Exception {
    checkpoint.clear();
    for (SequenceHarness subtask : subtasks) {
      checkpoint.add(subtask.snapshot());
    }
    collect();
  }

  /** Goes on from a checkpoint that is taken now, on the next parallelism. */
  void restart() throws Exception {
    checkpoint();
    start(parallelism[++starts % parallelism.length]);
  }

  /** Goes on from the last checkpoint: what came after it is to come again. */
  void crash() throws Exception {
    start(subtasks.size());
  }

  long count(Counter counter) {
    return subtasks.stream().mapToLong(subtask -> subtask.count(counter)).sum();
  }

  /** What evaluations have added up to. */
  double sum(EvaluationSums.Sum sum) {
    return config.output().evaluations().stream()
        .flatMapToDouble(
            one -> subtasks.stream().mapToDouble(subtask -> subtask.sum(one.label(), sum)))
        .sum();
  }

  /** Series with something in the state backend. */
  int sequences() throws Exception {
    int sum = 0;
    for (SequenceHarness subtask : subtasks) {
      sum += subtask.sequences();
    }
    return sum;
  }

  /** Series with a timer. */
  int timers() {
    return subtasks.stream().mapToInt(SequenceHarness::timers).sum();
  }

  /** Keeps what has come out since. */
  void collect() {
    for (SequenceHarness subtask : subtasks) {
      for (Prediction p : subtask.predictions()) {
        add(predictions, p.series, TestSequences.line(p));
      }
      List<String> lines = subtask.eventLines();
      List<SequenceEvent> all = subtask.events();
      for (int i = 0; i < lines.size(); i++) {
        add(events, all.get(i).series, lines.get(i));
      }
      subtask.rejected().forEach(record -> add(rejected, record.series, record));
      subtask.late().forEach(record -> add(late, record.series, record));
      subtask
          .evaluations()
          .forEach(pair -> add(evaluations, pair.series, TestSequences.line(pair)));
      subtask.forget();
    }
  }

  private static <T> void add(Map<String, List<T>> to, String series, T one) {
    to.computeIfAbsent(series, unused -> new ArrayList<>()).add(one);
  }

  @Override
  public void close() {
    subtasks.forEach(SequenceHarness::close);
  }
}
