package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What a series had before a snapshot it has after the restore. */
final class SequenceRestoreTest {
  private static final SequenceConfig CONFIG =
      TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP);

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.3, timestamp % 5 * 0.1, -0.4);
  }

  @ParameterizedTest
  @OnBackends
  void restoresHiddenStateMidSequence(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
      before.observe(at("A", 5000), 0);
      before.observe(at("A", 5001), 1);
      snapshot = before.snapshot();
      before.observe(at("A", 5002), 2); // after the snapshot: must not be in it
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot);
        SequenceHarness whole = SequenceHarness.open(backend, CONFIG)) {
      after.observe(at("A", 5002), 2);
      for (int i = 0; i < 3; i++) {
        whole.observe(at("A", 5000 + i), i);
      }
      assertEquals(whole.predictionLines().subList(2, 3), after.predictionLines());
      assertArrayEquals(whole.predictions().get(2).output, after.predictions().get(0).output);
      assertEquals(3, after.count(Counter.STEPS));
    }
  }

  @ParameterizedTest
  @OnBackends
  void transformsRememberAcrossARestore(Backend backend) throws Exception {
    SequenceConfig config = TestModels.logReturns(1000, Boundaries.NO_LIMIT);
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, config)) {
      before.observe(Observation.of("DAX", 5000, 100));
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, config, snapshot)) {
      after.observe(Observation.of("DAX", 5001, 101));
      assertArrayEquals(
          TestModels.alone(TestModels.indices(), new double[] {100 * StrictMath.log(101 / 100.0)})[
              0],
          after.predictions().get(0).output);
    }
  }

  @ParameterizedTest
  @OnBackends
  void timersFireAfterARestore(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
      before.observe(at("A", 5000));
      before.observe(at("A", 5500));
      before.watermark(5499);
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      assertEquals(1, after.timers());
      after.watermark(6499);
      assertEquals(List.of(), after.eventLines());
      after.watermark(6500);
      assertEquals(
          List.of("closed A/5000 idle steps 2 5000..5500 @6500 t/0@1"), after.eventLines());
    }
  }

  @ParameterizedTest
  @OnBackends
  void theFinalPredictionSurvivesARestore(Backend backend) throws Exception {
    SequenceConfig config =
        TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.END);
    OperatorSubtaskState snapshot;
    float[] expected;
    try (SequenceHarness before = SequenceHarness.open(backend, config)) {
      Observation observation = at("A", 5000);
      observation.keep = new String[] {"{\"id\":7}"};
      before.observe(observation);
      snapshot = before.snapshot();
      before.endOfInput();
      expected = before.predictions().get(0).output;
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, config, snapshot)) {
      after.endOfInput();
      Prediction last = after.predictions().get(0);
      assertArrayEquals(expected, last.output);
      assertArrayEquals(new String[] {"{\"id\":7}"}, last.keep);
    }
  }

  @ParameterizedTest
  @OnBackends
  void whatWasLateIsLateAfterARestore(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
      before.watermark(8000);
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      after.observe(at("A", 7000));
      after.observe(at("A", 7001));
      assertEquals(1, after.late().size());
      assertEquals(8000L, after.late().get(0).watermark);
      assertEquals(1, after.predictions().size());
    }
  }

  @ParameterizedTest
  @OnBackends
  void anInputThatEndedDoesNotMakeTheNextOneLate(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
      before.watermark(8000);
      before.endOfInput(); // as stop --drain does before its savepoint
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      after.observe(at("A", 7001));
      assertEquals(1, after.predictions().size());
    }
  }

  @ParameterizedTest
  @OnBackends
  void stoppingWithoutDrainClosesNothing(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
      before.observe(at("A", 5000));
      snapshot = before.snapshot();
      assertEquals(1, before.eventLines().size());
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      assertEquals(1, after.sequences());
      assertEquals(List.of(), after.eventLines());
    }
  }

  @ParameterizedTest
  @OnBackends
  void aSnapshotIsNotChangedByStepsAfterIt(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    List<Prediction> continued;
    try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
      for (int i = 0; i < 4; i++) {
        before.observe(at("A", 5000 + i), i);
      }
      snapshot = before.snapshot();
      for (int i = 4; i < 8; i++) {
        before.observe(at("A", 5000 + i), i);
      }
      continued = before.predictions().subList(4, 8);
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      for (int i = 4; i < 8; i++) {
        after.observe(at("A", 5000 + i), i);
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(continued.get(i).step, after.predictions().get(i).step);
        assertArrayEquals(continued.get(i).output, after.predictions().get(i).output);
      }
    }
  }

  /** 1 to 3 to 2 subtasks: no series loses its state, its timer or its place, no count is lost. */
  @ParameterizedTest
  @OnBackends
  void rescalesFromOneToThreeToTwo(Backend backend) throws Exception {
    List<String> series = Stream.iterate(0, i -> i + 1).limit(30).map(i -> "S" + i).toList();
    Map<String, List<float[]>> outputs = new TreeMap<>();
    List<String> closed = new ArrayList<>();

    OperatorSubtaskState one;
    try (SequenceHarness harness = SequenceHarness.open(backend, CONFIG)) {
      for (String s : series) {
        harness.observe(at(s, 5000));
      }
      harness.watermark(4999);
      collect(harness, outputs);
      one = harness.snapshot();
    }
    OperatorSubtaskState three = scaled(backend, one, 1, 3, series, 5001, outputs);
    OperatorSubtaskState two = scaled(backend, three, 3, 2, series, 5002, outputs);

    long steps = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      try (SequenceHarness harness =
          SequenceHarness.restore(
              backend, CONFIG, SequenceHarness.part(two, 2, 2, subtask), 2, subtask)) {
        steps += harness.count(Counter.STEPS);
        harness.watermark(6002);
        closed.addAll(harness.eventLines());
        harness.observe(at(mine(series, 2, subtask).get(0), 4000));
        assertEquals(1, harness.late().size());
      }
    }
    assertEquals(90, steps);
    assertEquals(30, closed.size());
    assertTrue(closed.stream().allMatch(line -> line.contains("idle steps 3 5000..5002 @6002")));
    float[][] alone =
        TestModels.alone(
            TestModels.rnn(),
            at("S", 5000).features,
            at("S", 5001).features,
            at("S", 5002).features);
    for (String s : series) {
      assertEquals(3, outputs.get(s).size(), s);
      for (int t = 0; t < 3; t++) {
        assertArrayEquals(alone[t], outputs.get(s).get(t), s);
      }
    }
  }

  private static OperatorSubtaskState scaled(
      Backend backend,
      OperatorSubtaskState state,
      int from,
      int to,
      List<String> series,
      long timestamp,
      Map<String, List<float[]>> outputs)
      throws Exception {
    OperatorSubtaskState[] parts = new OperatorSubtaskState[to];
    for (int subtask = 0; subtask < to; subtask++) {
      try (SequenceHarness harness =
          SequenceHarness.restore(
              backend, CONFIG, SequenceHarness.part(state, from, to, subtask), to, subtask)) {
        for (String s : mine(series, to, subtask)) {
          harness.observe(at(s, timestamp));
        }
        harness.watermark(timestamp - 1);
        collect(harness, outputs);
        parts[subtask] = harness.snapshot();
      }
    }
    return AbstractStreamOperatorTestHarness.repackageState(parts);
  }

  private static List<String> mine(List<String> series, int parallelism, int subtask) {
    return series.stream()
        .filter(
            s ->
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        s, SequenceHarness.MAX_PARALLELISM, parallelism)
                    == subtask)
        .toList();
  }

  private static void collect(SequenceHarness harness, Map<String, List<float[]>> outputs) {
    for (Prediction p : harness.predictions()) {
      outputs.computeIfAbsent(p.series, s -> new ArrayList<>()).add(p.output);
    }
  }

  @ParameterizedTest
  @OnBackends
  void emittingAtStepsAfterEmittingAtTheEndSendsNoFinal(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before =
        SequenceHarness.open(
            backend, TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.END))) {
      before.observe(at("A", 5000));
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      after.observe(at("A", 5001));
      after.endOfInput();
      assertEquals(List.of("A/5000 step 1 @5001 t/0@0"), after.predictionLines());
    }
  }

  @ParameterizedTest
  @OnBackends
  void aChangedIdleTimeoutMovesTheTimers(Backend backend) throws Exception {
    SequenceConfig never =
        TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP);
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, never)) {
      before.observe(at("A", 5000));
      before.observe(at("B", 5100));
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
      assertEquals(2, after.timers());
      after.watermark(6000);
      assertEquals(
          List.of("closed A/5000 idle steps 1 5000..5000 @6000 t/0@0"), after.eventLines());
      assertEquals(1, after.timers());
      snapshot = after.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, never, snapshot)) {
      after.watermark(Long.MAX_VALUE - 1);
      assertEquals(List.of(), after.eventLines());
      assertEquals(1, after.timers());
      after.endOfInput();
      assertEquals(
          List.of("closed B/5100 end-of-input steps 1 5100..5100 @5100 t/0@1"), after.eventLines());
    }
  }

  @ParameterizedTest
  @OnBackends
  void otherTransformsAreRefused(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    SequenceConfig logReturns = TestModels.logReturns(1000, Boundaries.NO_LIMIT);
    try (SequenceHarness before = SequenceHarness.open(backend, logReturns)) {
      before.observe(Observation.of("DAX", 5000, 100));
      snapshot = before.snapshot();
    }
    SequenceConfig raw =
        TestModels.config(TestModels.indices(), 1000, Boundaries.NO_LIMIT, Emit.STEP);
    Exception refused =
        assertThrows(
            Exception.class, () -> SequenceHarness.restore(backend, raw, snapshot).close());
    assertTrue(
        messages(refused).contains("\n  features[0]: was close (log-return × 100), is x0\n"),
        messages(refused));
  }

  @Test
  void theStateOfAnotherModelIsRecognised() throws Exception {
    SequenceConfig other =
        TestModels.config(TestModels.relu(), 1000, Boundaries.NO_LIMIT, Emit.STEP);
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(Backend.HEAP, CONFIG)) {
      before.observe(at("A", 5000));
      snapshot = before.snapshot();
    }
    Exception refused =
        assertThrows(
            Exception.class, () -> SequenceHarness.restore(Backend.HEAP, other, snapshot).close());
    assertTrue(
        messages(refused).contains("\n  model: was " + TestModels.read(CONFIG.model()).id()),
        messages(refused));
    assertTrue(
        ExecutionFailureHandler.isUnrecoverableError(refused), "Flink would try the same again");
  }

  private static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }
}
