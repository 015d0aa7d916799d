package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Feature;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Unscale;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.model.unroll.DecoderRules;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What the model sees of scaled features, and what is told in the units of fields. */
final class ScalingTest {
  private static final SeriesMemory WEEK = new SeriesMemory(7 * 86_400_000L, 0);
  private static final Scale ONLINE = new Scale.Online(Scale.Online.FOREVER);

  /** The tanh cell: its inputs are {@code first}, and two that stay as they are. */
  private static SequenceConfig config(Feature first) {
    return SequenceConfig.of(TestModels.rnn(), List.of(first, Feature.raw("b"), Feature.raw("c")))
        .with(Boundaries.NONE.withIdleTimeout(1000))
        .with(TestModels.logReturns(1, 1).tuning());
  }

  private static Observation at(String series, long timestamp, double value) {
    return Observation.of(series, timestamp, value, 0.25, -0.5);
  }

  private static void assertSaw(List<Prediction> predictions, double... first) {
    double[][] inputs = new double[first.length][];
    for (int i = 0; i < first.length; i++) {
      inputs[i] = new double[] {first[i], 0.25, -0.5};
    }
    float[][] expected = TestModels.alone(TestModels.rnn(), inputs);
    assertEquals(first.length, predictions.size());
    for (int i = 0; i < first.length; i++) {
      assertArrayEquals(expected[i], predictions.get(i).output, 1e-6f, "step " + i);
    }
  }

  @ParameterizedTest
  @OnBackends
  void constants(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a").scaled(new Scale.Constant(new Norm(10, 4))));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 12));
      harness.observe(at("A", 1001, 8));
      assertSaw(harness.predictions(), 0.5, -0.5);
    }
  }

  @ParameterizedTest
  @OnBackends
  void aTableHasEachSeriesItsOwn(Backend backend) throws Exception {
    Map<String, Norm> table = Map.of("A", new Norm(10, 4), "B", new Norm(0, 2));
    try (SequenceHarness harness =
        SequenceHarness.open(
            backend, config(Feature.raw("a").scaled(new Scale.Table(table, null))))) {
      harness.observe(at("A", 1000, 12));
      harness.observe(at("B", 1000, 1));
      harness.observe(at("C", 1000, 1));
      List<Prediction> predictions = harness.predictions();
      assertSaw(predictions.subList(0, 1), 0.5);
      assertSaw(predictions.subList(1, 2), 0.5);
      assertEquals(
          List.of(
              "t/0@2: feature 'a': found no scale for series 'C', expected one, or one for"
                  + " 'default'"),
          harness.rejectedLines());
      assertEquals(2, harness.sequences());
    }
    try (SequenceHarness harness =
        SequenceHarness.open(
            backend, config(Feature.raw("a").scaled(new Scale.Table(table, new Norm(3, 1)))))) {
      harness.observe(at("C", 1000, 4));
      assertSaw(harness.predictions(), 1);
    }
  }

  /** 1, 3, 5, then in the next sequence 3: the series goes on where it was. */
  @ParameterizedTest
  @OnBackends
  void onlineGoesOnAcrossSequencesAndRestarts(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a").scaled(ONLINE)).with(WEEK);
    OperatorSubtaskState snapshot;
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("A", 1001, 3));
      harness.observe(at("A", 1002, 5));
      assertSaw(harness.predictions(), 0, 1, 2 / Math.sqrt(8 / 3.0));
      harness.watermark(2002); // idle
      assertEquals(1, harness.sequences());
      snapshot = harness.snapshot();
    }
    try (SequenceHarness harness = SequenceHarness.restore(backend, config, snapshot)) {
      harness.observe(at("A", 3000, 7));
      assertSaw(harness.predictions(), 3 / Math.sqrt(5));
      harness.watermark(4000);
      harness.watermark(3000 + WEEK.keepMillis());
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
      harness.observe(at("A", 4000 + WEEK.keepMillis(), 7));
      assertEquals(1, harness.timers());
      assertSaw(harness.predictions().subList(1, 2), 0);
    }
  }

  /** Rule 9: what is rejected is not learnt from; nor is what is missing. */
  @ParameterizedTest
  @OnBackends
  void onlineLearnsOnlyFromWhatIsUsed(Backend backend) throws Exception {
    SequenceConfig config =
        config(Feature.raw("a").missing(Missing.value(100)).scaled(ONLINE)).with(WEEK);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(Observation.of("A", 1001, 50, Double.POSITIVE_INFINITY, 0));
      harness.observe(at("A", 1002, 1e200)); // it could never be forgotten
      harness.observe(at("A", 1003, Double.NaN));
      harness.observe(at("A", 1004, 3));
      assertEquals(2, harness.count(Counter.REJECTED));
      assertSaw(harness.predictions(), 0, 1, 1);
    }
  }

  @ParameterizedTest
  @OnBackends
  void onlineByHalfLife(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a").scaled(new Scale.Online(1))).with(WEEK);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 0));
      harness.observe(at("A", 1001, 3)); // weights 1/2 and 1: mean 2, variance 2
      assertSaw(harness.predictions(), 0, 1 / Math.sqrt(2));
    }
  }

  @Test
  void onlineNeedsAMemory() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SequenceOperator(config(Feature.raw("a").scaled(ONLINE)), Accounts.ALONE));
    assertEquals(
        "keep-series-for: found none, expected how long a series is remembered: online scales and"
            + " evaluations need it",
        refused.getMessage());
  }

  /** What the operator learns for one scale means nothing to another. */
  @ParameterizedTest
  @OnBackends
  void anotherOnlineScaleIsRefused(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    SequenceConfig config = config(Feature.raw("a").scaled(ONLINE)).with(WEEK);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      snapshot = harness.snapshot();
    }
    SequenceConfig other = config(Feature.raw("a").scaled(new Scale.Online(5))).with(WEEK);
    Exception refused =
        assertThrows(
            Exception.class, () -> SequenceHarness.restore(backend, other, snapshot).close());
    assertEquals(
        true,
        refused
            .getMessage()
            .contains("\n  features[0]: was a (scale online), is a (scale online half-life 5)\n"),
        refused.getMessage());
  }

  /** A change becomes the value that it leads to. */
  @ParameterizedTest
  @OnBackends
  void outputsInTheUnitOfAField(Backend backend) throws Exception {
    Scale scale = new Scale.Constant(new Norm(0.5, 2));
    SequenceConfig config =
        config(new Feature("close", Transform.logReturn(100)).scaled(scale))
            .with(TestModels.unscaled(List.of(new Unscale(1, 0))));
    SequenceConfig told = config.with(TestModels.unscaled(List.of()));
    try (SequenceHarness harness = SequenceHarness.open(backend, config);
        SequenceHarness model = SequenceHarness.open(backend, told)) {
      for (double close : new double[] {100, 101, 99, 99.5}) {
        harness.observe(at("A", 1000, close));
        model.observe(at("A", 1000, close));
      }
      double[] closes = {101, 99, 99.5};
      assertEquals(3, harness.predictions().size());
      for (int i = 0; i < 3; i++) {
        float[] output = model.predictions().get(i).output;
        float[] price = harness.predictions().get(i).output;
        double change = (output[1] * 2 + 0.5) / 100;
        assertEquals(closes[i] * Math.exp(change), price[1], 1e-4);
        assertEquals(output[0], price[0]);
      }
    }
  }

  /** Of a decoder each step goes on from the one before. */
  @ParameterizedTest
  @OnBackends
  void decodedChangesAddUp(Backend backend) throws Exception {
    Decoding decoding =
        Decoding.of(
            TestModels.decoder(),
            new DecoderRules(new DecoderRules.First.Zeros(), DecoderRules.Next.OUTPUT, 3));
    SequenceConfig told = config(new Feature("a", Transform.diff(2))).with(decoding);
    SequenceConfig config =
        told.with(TestModels.unscaled(List.of(new Unscale(0, 0)))).with(decoding);
    try (SequenceHarness harness = SequenceHarness.open(backend, config);
        SequenceHarness model = SequenceHarness.open(backend, told)) {
      for (double value : new double[] {10, 10.5}) {
        harness.observe(at("A", 1000, value));
        model.observe(at("A", 1000, value));
      }
      double value = 10.5;
      assertEquals(3, harness.predictions().size());
      for (int i = 0; i < 3; i++) {
        value += model.predictions().get(i).output[0] / 2;
        assertEquals(value, harness.predictions().get(i).output[0], 1e-5);
      }
    }
  }

  /** Outputs whose unit they overflow are no result of a step. */
  @ParameterizedTest
  @OnBackends
  void anOutputThatIsNotFiniteInItsUnitIsRejected(Backend backend) throws Exception {
    SequenceConfig config =
        config(Feature.raw("a").scaled(new Scale.Constant(new Norm(3.4e38, 1e38))))
            .with(TestModels.unscaled(List.of(new Unscale(0, 0))));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 8.4e38)); // one of the two outputs is above 0, the other below
      harness.observe(at("B", 1000, -1.6e38));
      assertEquals(1, harness.count(Counter.STEPS));
      assertEquals(1, harness.count(Counter.REJECTED));
      assertEquals(1, harness.count(Counter.OPENED));
    }
  }

  @ParameterizedTest
  @OnBackends
  void theFirstStepsOfASequenceAreWarming(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a")).with(TestModels.warming(2));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      for (long t = 1000; t < 1004; t++) {
        harness.observe(at("A", t, 1));
      }
      harness.observe(at("A", 9000, 1));
      assertEquals(
          List.of(true, true, false, false, true),
          harness.predictions().stream().map(p -> p.warming).toList());
    }
  }

  /** Another start than the model's, for every step's window too. */
  @ParameterizedTest
  @OnBackends
  void aSequenceStartsWhereThePipelineSays(Backend backend) throws Exception {
    float[] half = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
    SequenceConfig config =
        TestModels.startingFrom(config(Feature.raw("a")), new InitialState(half));
    float[][] expected =
        TestModels.alone(
            TestModels.startingAtHalf(),
            new double[] {1, 0.25, -0.5},
            new double[] {2, 0.25, -0.5});
    for (SequenceConfig one : List.of(config, TestModels.window(config, 2))) {
      try (SequenceHarness harness = SequenceHarness.open(backend, one)) {
        for (int sequence = 0; sequence < 2; sequence++) {
          harness.observe(at("A", 1000 + 5000 * sequence, 1));
          harness.observe(at("A", 1001 + 5000 * sequence, 2));
          for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                expected[i], harness.predictions().get(2 * sequence + i).output, 1e-6f);
          }
        }
      }
    }
    SequenceConfig zero =
        TestModels.startingFrom(
            SequenceConfig.of(TestModels.startingAtHalf(), config.features()).with(config.tuning()),
            new InitialState(new float[5]));
    try (SequenceHarness harness = SequenceHarness.open(backend, zero)) {
      harness.observe(at("A", 1000, 1));
      assertSaw(harness.predictions(), 1);
    }
  }
}
