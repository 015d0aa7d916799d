package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.brief;
import static io.unroll.job.operator.TestSequences.nothingIsLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.onnx.OnnxFile;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Records that have some of their values, with {@code missing: previous}: one that would open a
 * sequence and lacks a value is rejected, and leaves those that it has to the next one.
 */
final class SparseSeriesTest {
  private static final double NONE = Double.NaN;
  private static final SeriesMemory FOR_5_S = new SeriesMemory(5000, 0);

  private static SequenceConfig config(OnnxFile model, Feature... features) {
    return SequenceConfig.of(model, List.of(features))
        .with(Boundaries.NONE.withIdleTimeout(1000))
        .with(TestModels.logReturns(1, 1).tuning())
        .with(FOR_5_S);
  }

  private static Feature sparse(String name) {
    return Feature.raw(name).missing(Missing.PREVIOUS);
  }

  /** The tanh cell over two values that may be missing and one that is always there. */
  private static SequenceConfig config() {
    return config(TestModels.rnn(), sparse("a"), sparse("b"), Feature.raw("c"));
  }

  private static Observation at(long timestamp, double a, double b) {
    return Observation.of("A", timestamp, a, b, 0.5);
  }

  /** The steps of one sequence, in what the model saw of a and b. */
  private static void assertSaw(List<Prediction> predictions, double[]... pairs) {
    double[][] inputs = new double[pairs.length][];
    for (int i = 0; i < pairs.length; i++) {
      inputs[i] = new double[] {pairs[i][0], pairs[i][1], 0.5};
    }
    float[][] expected = TestModels.alone(TestModels.rnn(), inputs);
    assertEquals(pairs.length, predictions.size());
    for (int i = 0; i < pairs.length; i++) {
      assertArrayEquals(expected[i], predictions.get(i).output, 1e-6f, "step " + i);
    }
  }

  private static double[] saw(double a, double b) {
    return new double[] {a, b};
  }

  @ParameterizedTest
  @OnBackends
  void aRestoredSeriesOpensWithWhatWasLeft(Backend backend) throws Exception {
    OperatorSubtaskState state;
    try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
      harness.observe(at(1000, 0.1, NONE));
      harness.observe(at(1100, 0.2, NONE)); // the last value stands
      assertEquals(2, harness.count(Counter.REJECTED));
      assertEquals(1, harness.sequences());
      assertEquals(1, harness.timers());
      state = harness.snapshot();
    }
    try (SequenceHarness harness = SequenceHarness.restore(backend, config(), state)) {
      harness.observe(at(1200, NONE, 0.3));
      harness.observe(at(1300, 0.4, NONE));
      assertSaw(harness.predictions(), saw(0.2, 0.3), saw(0.4, 0.3));
      harness.watermark(2300);
      nothingIsLeft(harness);
    }
  }

  @ParameterizedTest
  @OnBackends
  void nothingIsKeptOfASeriesWithoutKeepSeriesFor(Backend backend) throws Exception {
    try (SequenceHarness harness =
        SequenceHarness.open(backend, config().with((SeriesMemory) null))) {
      harness.observe(at(1000, 0.1, NONE));
      nothingIsLeft(harness);
      harness.observe(at(1100, NONE, 0.3));
      assertEquals(2, harness.count(Counter.REJECTED));
      nothingIsLeft(harness);
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRecordWithoutAnyValueLeavesNothing(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
      harness.observe(at(1000, NONE, NONE));
      nothingIsLeft(harness);
      assertEquals(
          "feature 'a': found no value, and none before it, expected a finite number",
          harness.rejected().get(0).reason);
    }
  }

  /** Whether the watermark or the next record comes first. */
  @ParameterizedTest
  @OnBackends
  void whatWasLeftIsForgotten(Backend backend) throws Exception {
    for (boolean first : new boolean[] {true, false}) {
      try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
        harness.observe(at(1000, 0.1, NONE));
        if (first) {
          harness.watermark(5999);
          assertEquals(1, harness.sequences());
          harness.watermark(6000);
          nothingIsLeft(harness);
        }
        harness.observe(at(6001, NONE, 0.3)); // leaves its own
        assertEquals(List.of(), harness.predictions());
        harness.observe(at(6002, 0.2, NONE));
        assertSaw(harness.predictions(), saw(0.2, 0.3));
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void aSequenceTakesWhatWasLeftOnce(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
      harness.observe(at(1000, 0.1, NONE));
      harness.observe(at(1001, NONE, 0.2).andEnd());
      nothingIsLeft(harness);
      harness.observe(at(1002, NONE, 0.3));
      assertEquals(2, harness.count(Counter.REJECTED));
      assertSaw(harness.predictions(), saw(0.1, 0.2));
    }
  }

  /** It shows that the sequence is over, and refreshes nothing of it. */
  @ParameterizedTest
  @OnBackends
  void aRecordPastTheLimitLeavesItsValuesToTheNextSequence(Backend backend) throws Exception {
    for (boolean first : new boolean[] {true, false}) {
      try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
        harness.observe(at(1000, 0.1, 0.2));
        if (first) {
          harness.watermark(2000);
        }
        harness.observe(at(2000, 0.3, NONE));
        harness.observe(at(2001, NONE, 0.4));
        harness.barrier();
        assertEquals(
            List.of("opened 1000", "closed idle 2000 steps 1", "opened 2001"), brief(harness));
        assertSaw(harness.predictions().subList(1, 2), saw(0.3, 0.4));
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRejectedStartLeavesItsValuesAndTheSequenceGoesOn(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
      harness.observe(at(1000, 0.1, 0.2));
      harness.observe(at(1100, 0.3, NONE).andStart());
      harness.observe(at(1200, NONE, NONE)); // of the open sequence still
      harness.observe(at(1300, NONE, 0.4).andStart());
      harness.barrier();
      assertEquals(
          List.of("opened 1000", "closed restarted 1300 steps 2", "opened 1300"), brief(harness));
      assertSaw(harness.predictions().subList(0, 2), saw(0.1, 0.2), saw(0.1, 0.2));
      assertSaw(harness.predictions().subList(2, 3), saw(0.3, 0.4));
    }
  }

  @ParameterizedTest
  @OnBackends
  void anIncompleteEndMarkerEndsAndLeaves(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
      harness.observe(at(1000, 0.1, 0.2));
      harness.observe(at(1100, 0.3, NONE).andStart().andEnd());
      harness.barrier();
      assertEquals(List.of("opened 1000", "closed end 1100 steps 1"), brief(harness));
      harness.observe(at(1200, NONE, 0.4).andEnd());
      assertSaw(harness.predictions().subList(1, 2), saw(0.3, 0.4));
      nothingIsLeft(harness);
    }
  }

  @ParameterizedTest
  @OnBackends
  void aLateRecordLeavesNothing(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config())) {
      harness.watermark(3000);
      harness.observe(at(2000, 0.1, NONE));
      assertEquals(1, harness.count(Counter.LATE));
      nothingIsLeft(harness);
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRecordWithAValueThatATransformCannotUseLeavesNothing(Backend backend) throws Exception {
    SequenceConfig config =
        config(
            TestModels.rnn(),
            new Feature("a", Transform.log1p(1)).missing(Missing.PREVIOUS),
            sparse("b"),
            Feature.raw("c"));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at(1000, -1, NONE));
      nothingIsLeft(harness);
    }
  }

  /** The first difference is to the value that was left: the record that is there primes b. */
  @ParameterizedTest
  @OnBackends
  void whatWasLeftPrimes(Backend backend) throws Exception {
    SequenceConfig config =
        config(
            TestModels.rnn(),
            new Feature("a", Transform.diff(1)).missing(Missing.PREVIOUS),
            sparse("b"),
            Feature.raw("c"));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at(1000, 0.1, NONE));
      harness.observe(at(1100, NONE, 0.2));
      assertEquals(1, harness.count(Counter.PRIMINGS));
      harness.observe(at(1200, 0.4, NONE));
      assertSaw(harness.predictions(), saw(0.3, 0.2));
    }
  }

  @ParameterizedTest
  @OnBackends
  void inTheOrderOfTimestamps(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, config().with(Order.EVENT_TIME))) {
      harness.observe(at(1200, 0.4, NONE));
      harness.observe(at(1100, NONE, 0.2));
      harness.observe(at(1000, 0.1, NONE));
      harness.watermark(1000);
      harness.barrier();
      assertEquals(1, harness.count(Counter.REJECTED));
      harness.watermark(1200);
      assertSaw(harness.predictions(), saw(0.1, 0.2), saw(0.4, 0.2));
      harness.watermark(2200);
      nothingIsLeft(harness);
    }
  }

  /** A scale learns from records that are used: it has seen one value of a, not two. */
  @ParameterizedTest
  @OnBackends
  void aScaleLearnsNothingFromWhatWasLeft(Backend backend) throws Exception {
    SequenceConfig config =
        config(
            TestModels.rnn(),
            sparse("a").scaled(new Scale.Online(Scale.Online.FOREVER)),
            sparse("b"),
            Feature.raw("c"));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at(1000, 7, NONE));
      harness.observe(at(1100, NONE, 0.2)); // 7, the first value that the scale is asked for
      harness.observe(at(1200, 3, NONE)); // the first one that it learns
      harness.observe(at(1300, 5, NONE)); // mean 4, deviation 1
      assertSaw(harness.predictions(), saw(0, 0.2), saw(0, 0.2), saw(1, 0.2));
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRejectedRecordIsNoDuplicateOfItself(Backend backend) throws Exception {
    try (SequenceHarness harness =
        SequenceHarness.open(backend, config().with(new SeriesMemory(5000, 4)))) {
      harness.observe(at(1000, 0.1, NONE).identity("one"));
      harness.observe(at(1100, NONE, 0.2).identity("two"));
      harness.observe(at(1200, 0.3, NONE).identity("one"));
      harness.observe(at(1300, 0.4, NONE).identity("two"));
      assertSaw(harness.predictions(), saw(0.1, 0.2), saw(0.3, 0.2));
      assertEquals(2, harness.count(Counter.REJECTED));
    }
  }

  /** Else each record that takes it would be rejected with it. */
  @ParameterizedTest
  @OnBackends
  void aValueThatOverflowsTheModelIsGoneWithTheRecordThatTakesIt(Backend backend) throws Exception {
    SequenceConfig config =
        config(
            TestModels.overflowing(), sparse("a"), sparse("b"), Feature.raw("c"), Feature.raw("d"));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(Observation.of("A", 1000, 1e38, NONE, 0, 0));
      harness.observe(Observation.of("A", 1001, NONE, 0.1, 0, 0));
      assertEquals(2, harness.count(Counter.REJECTED));
      nothingIsLeft(harness);
      harness.observe(Observation.of("A", 1002, NONE, 0.1, 0, 0));
      harness.observe(Observation.of("A", 1003, 0.1, NONE, 0, 0));
      assertEquals(1, harness.predictions().size());
    }
  }
}
