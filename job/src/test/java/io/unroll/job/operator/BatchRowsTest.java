package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in a batch: one row per series, in the order of the series, each on its own. */
final class BatchRowsTest {
  private static final int SIZE = 3;
  private static final long DELAY = 10;

  private static final SequenceConfig CONFIG =
      batches(TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP));

  private static SequenceConfig batches(SequenceConfig config) {
    return TestModels.batches(config, SIZE, DELAY);
  }

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.3, timestamp % 5 * 0.1, -0.4);
  }

  private static SequenceHarness open(Backend backend) throws Exception {
    return open(backend, CONFIG);
  }

  private static SequenceHarness open(Backend backend, SequenceConfig config) throws Exception {
    return SequenceHarness.open(backend, config).patient();
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void neverHoldsTwoStepsOfOneSeries(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.observe(at("B", 5000));
      harness.observe(at("A", 5001));
      assertEquals(1, harness.batches().flushes(Flush.SERIES));
      assertEquals(2, harness.count(Counter.STEPS));
      harness.observe(at("A", 5002));
      harness.observe(at("A", 5003));
      harness.barrier();
      assertEquals(
          List.of(
              "A/5000 step 0 @5000 t/0@0",
              "B/5000 step 0 @5000 t/0@1",
              "A/5000 step 1 @5001 t/0@2",
              "A/5000 step 2 @5002 t/0@3",
              "A/5000 step 3 @5003 t/0@4"),
          harness.outputLines());
      float[][] alone =
          TestModels.alone(
              TestModels.rnn(),
              at("A", 5000).features,
              at("A", 5001).features,
              at("A", 5002).features,
              at("A", 5003).features);
      List<Prediction> ofA =
          harness.predictions().stream().filter(p -> p.series.equals("A")).toList();
      for (int t = 0; t < 4; t++) {
        assertArrayEquals(alone[t], ofA.get(t).output, "step " + t);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void whatIsNoStepComesAfterTheStepOfItsSeriesThatWaits(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.observe(Observation.of("B", 5000, Double.NaN, 1, 1)); // another series: A waits on
      assertEquals(List.of(), harness.outputLines());
      assertEquals(1, harness.rejected().size());
      harness.observe(Observation.of("A", 5001, Double.NaN, 1, 1));
      assertEquals(1, harness.outputLines().size());
      assertEquals(2, harness.rejected().size());
      harness.observe(at("A", 5002));
      harness.observe(Observation.endOf("A", 5003));
      assertEquals("closed A/5000 end steps 2 5000..5003 @5003 t/0@4", harness.eventLines().get(1));
      assertEquals(2, harness.batches().flushes(Flush.SERIES));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void aPrimingObservationPastDueClosesWhatTheRowThatWaitedStepped(Backend backend)
      throws Exception {
    try (SequenceHarness harness =
        open(backend, batches(TestModels.logReturns(1000, Boundaries.NO_LIMIT)))) {
      harness.observe(Observation.of("DAX", 5000, 100)); // primes
      harness.observe(Observation.of("DAX", 5001, 101)); // waits
      harness.observe(Observation.of("DAX", 7000, 102)); // primes the next sequence
      assertEquals(
          List.of(
              "opened DAX/5000 @5000 t/0@0",
              "closed DAX/5000 idle steps 1 5000..5001 @6001 t/0@1",
              "opened DAX/7000 @7000 t/0@2"),
          harness.eventLines());
      assertEquals(List.of("DAX/5000 step 0 @5001 t/0@1"), harness.outputLines());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void aRowThatIsNotFiniteConcernsNoOther(Backend backend) throws Exception {
    SequenceConfig config =
        batches(TestModels.config(TestModels.overflowing(), 1000, Boundaries.NO_LIMIT, Emit.STEP));
    double big = 3e38;
    try (SequenceHarness harness = open(backend, config)) {
      for (String series : List.of("A", "B", "C")) {
        harness.observe(Observation.of(series, 5000, 1, 2, 3, 4));
      }
      harness.observe(Observation.of("A", 5001, 4, 3, 2, 1));
      harness.observe(Observation.of("B", 5001, -big, big, -big, big));
      harness.observe(Observation.of("C", 5001, 4, 3, 2, 1));
      harness.observe(Observation.of("B", 5002, 4, 3, 2, 1));
      harness.observe(Observation.of("C", 5002, big, -big, big, -big).andEnd());
      harness.finish();
      String reason = ": the model's result of this step is not finite";
      assertEquals(List.of("t/0@4" + reason, "t/0@7" + reason), harness.rejectedLines());
      float[] second =
          TestModels.alone(
              TestModels.overflowing(), new double[] {1, 2, 3, 4}, new double[] {4, 3, 2, 1})[1];
      List<Prediction> predictions = harness.predictions();
      assertEquals(
          List.of(
              "A/5000 step 1 @5001 t/0@3",
              "C/5000 step 1 @5001 t/0@5",
              "B/5000 step 1 @5002 t/0@6"),
          harness.outputLines().subList(3, 6));
      for (int i = 3; i < 6; i++) {
        assertArrayEquals(second, predictions.get(i).output);
      }
      assertEquals("closed C/5000 end steps 2 5000..5001 @5002 t/0@7", harness.eventLines().get(3));
      assertEquals(6, harness.count(Counter.STEPS));
      assertEquals(2, harness.count(Counter.REJECTED));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void windowsOfInputsRunInBatches(Backend backend) throws Exception {
    SequenceConfig windows = TestModels.window(CONFIG, 2);
    try (SequenceHarness together = open(backend, windows);
        SequenceHarness alone = open(backend, TestModels.batches(windows, 1, DELAY))) {
      for (int t = 0; t < 4; t++) {
        for (String series : List.of("A", "B", "C")) {
          together.observe(at(series, 5000 + t));
          alone.observe(at(series, 5000 + t));
        }
      }
      assertEquals(alone.outputLines(), together.outputLines());
      for (int i = 0; i < 12; i++) {
        assertArrayEquals(alone.predictions().get(i).output, together.predictions().get(i).output);
      }
    }
  }
}
