package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.EvaluationSums.Sum;
import io.unroll.model.unroll.DecoderRules;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;

/** Predictions and what comes true of them. */
final class EvaluationTest {
  private static final SeriesMemory MEMORY = new SeriesMemory(10_000, 0);

  private static Evaluate evaluate(int ahead, boolean raw) {
    return new Evaluate("y0", 0, "a", 0, raw, ahead, Long.MIN_VALUE, Double.NaN);
  }

  private static SequenceConfig config(Feature first, Evaluate... evaluations) {
    return SequenceConfig.of(TestModels.rnn(), List.of(first, Feature.raw("b"), Feature.raw("c")))
        .with(Boundaries.NONE.withIdleTimeout(1000))
        .with(TestModels.logReturns(1, 1).tuning())
        .with(MEMORY)
        .with(TestModels.evaluated(List.of(evaluations)));
  }

  private static Observation at(String series, long timestamp, double value) {
    return Observation.of(series, timestamp, value, 0.25, -0.5);
  }

  private static String line(Evaluation e) {
    return "%s/%s %d @%d %s ahead %d: %s was %s, before %s @%d"
        .formatted(
            e.series,
            e.sequence,
            e.step,
            e.made,
            e.input(),
            e.ahead,
            e.output,
            e.actual,
            e.persistence,
            e.timestamp);
  }

  private static List<String> lines(SequenceHarness harness) {
    return harness.evaluations().stream().map(EvaluationTest::line).toList();
  }

  /** The next observation of the series, in the next sequence too, and after a restart. */
  @ParameterizedTest
  @OnBackends
  void eachPredictionMeetsTheObservationItIsAbout(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a"), evaluate(1, true), evaluate(2, true));
    OperatorSubtaskState snapshot;
    List<String> found;
    List<Prediction> predictions;
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("B", 1000, 7));
      harness.observe(at("A", 1100, 2));
      found = new ArrayList<>(lines(harness));
      predictions = new ArrayList<>(harness.predictions());
      snapshot = harness.snapshot();
    }
    try (SequenceHarness harness = SequenceHarness.restore(backend, config, snapshot)) {
      harness.observe(at("A", 5000, 4)); // closes by its time, opens the next
      predictions.addAll(harness.predictions());
      found.addAll(lines(harness));
      assertEquals(
          List.of(
              "A/1000 0 @1000 t/0@0 ahead 1: y0 was 2.0, before 1.0 @1100",
              "A/1000 0 @1000 t/0@0 ahead 2: y0 was 4.0, before 1.0 @5000",
              "A/1000 1 @1100 t/0@2 ahead 1: y0 was 4.0, before 2.0 @5000"),
          found);
      assertEquals(
          predictions.stream().filter(p -> p.series.equals("A")).toList().get(1).output[0],
          (float) harness.evaluations().get(1).predicted);
      String label = config.output().evaluations().get(0).label();
      assertEquals(2, harness.sum(label, Sum.COUNT));
      assertEquals(3, harness.sum(label, Sum.PERSISTENCE_ERROR)); // 1 + 2
      harness.endOfInput();
      assertEquals(2, harness.sum(label, Sum.UNMATCHED)); // of A and B
      assertEquals(0, harness.sequences());
    }
  }

  /** In the model's unit: after transform and scale; the one that primes has none. */
  @ParameterizedTest
  @OnBackends
  void againstWhatTheModelSees(Backend backend) throws Exception {
    SequenceConfig config =
        config(
            new Feature("a", Transform.diff(1)).scaled(new Scale.Constant(new Norm(0, 2))),
            evaluate(1, false));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("A", 1100, 2));
      harness.observe(at("A", 1200, 5).andEnd());
      harness.observe(at("A", 1300, 9)); // primes: how far it is from 5 is not asked
      assertEquals(
          List.of("A/1000 0 @1100 t/0@1 ahead 1: y0 was 1.5, before 0.5 @1200"), lines(harness));
      assertEquals(1, harness.sum(config.output().evaluations().get(0).label(), Sum.UNMATCHED));
    }
  }

  /** A value that is missing does not come true; the one before it is still the last. */
  @ParameterizedTest
  @OnBackends
  void aMissingValueIsNoTruth(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a").missing(Missing.value(0)), evaluate(1, true));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("A", 1100, Double.NaN));
      harness.observe(at("A", 1200, 3));
      assertEquals(
          List.of("A/1000 1 @1100 t/0@1 ahead 1: y0 was 3.0, before 1.0 @1200"), lines(harness));
      String label = config.output().evaluations().get(0).label();
      assertEquals(1, harness.sum(label, Sum.UNMATCHED));
      assertEquals(2, harness.sum(label, Sum.PERSISTENCE_ERROR));
    }
  }

  /** A field that the model does not see. */
  @ParameterizedTest
  @OnBackends
  void againstAFieldThatIsNoInput(Backend backend) throws Exception {
    SequenceConfig config =
        SequenceConfig.of(
                TestModels.rnn(),
                List.of(
                    Feature.raw("a"), Feature.raw("b"), Feature.raw("c"), Feature.truth("label")))
            .with(TestModels.logReturns(1, 1).tuning())
            .with(MEMORY)
            .with(
                TestModels.evaluated(
                    List.of(
                        new Evaluate("y2", 2, "label", 3, true, 1, Long.MIN_VALUE, Double.NaN))));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(Observation.of("A", 1000, 1, 0.25, -0.5, Double.NaN));
      harness.observe(Observation.of("A", 1100, 1, 0.25, -0.5, 12));
      harness.observe(Observation.of("A", 1200, 1, 0.25, -0.5, Double.POSITIVE_INFINITY));
      assertEquals(
          List.of("A/1000 0 @1000 t/0@0 ahead 1: y2 was 12.0, before NaN @1100"), lines(harness));
      assertEquals(List.of(), harness.rejectedLines()); // it is nothing to the model
      assertEquals(1, harness.sum(config.output().evaluations().get(0).label(), Sum.UNMATCHED));
    }
  }

  /** A bare marker is nothing to the record, whichever of timer and marker is first. */
  @ParameterizedTest
  @OnBackends
  void aMarkerForgetsNothing(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a"), evaluate(1, true));
    for (boolean timerFirst : new boolean[] {false, true}) {
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(at("A", 1000, 1));
        if (timerFirst) {
          harness.watermark(2000);
        }
        harness.observe(Observation.endOf("A", 13_000));
        harness.observe(at("A", 6000, 4));
        assertEquals(
            List.of("A/1000 0 @1000 t/0@0 ahead 1: y0 was 4.0, before 1.0 @6000"),
            lines(harness),
            "timer first: " + timerFirst);
      }
    }
  }

  /** A job that remembers nothing any more leaves nothing of the series. */
  @ParameterizedTest
  @OnBackends
  void aMemoryThatIsTakenAway(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a"), evaluate(1, true));
    OperatorSubtaskState snapshot;
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.watermark(2000);
      assertEquals(1, harness.sequences());
      snapshot = harness.snapshot();
    }
    SequenceConfig without =
        SequenceConfig.of(TestModels.rnn(), config.features())
            .with(config.boundaries())
            .with(config.tuning());
    try (SequenceHarness harness = SequenceHarness.restore(backend, without, snapshot)) {
      harness.watermark(3000);
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
    }
  }

  /** Quantiles have a pinball loss, and cover or do not. */
  @ParameterizedTest
  @OnBackends
  void quantiles(Backend backend) throws Exception {
    SequenceConfig config =
        config(
            Feature.raw("a"),
            new Evaluate("q05", 0, "a", 0, true, 1, 1100, 0.05)); // from the second on
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("A", 1100, -5));
      harness.observe(at("A", 1200, 5));
      harness.observe(at("A", 1300, -5));
      List<Prediction> predictions = harness.predictions();
      String label = config.output().evaluations().get(0).label();
      double above = 0.05 * (5 - (double) predictions.get(1).output[0]);
      double below = 0.95 * (predictions.get(2).output[0] + 5d);
      assertEquals(2, harness.sum(label, Sum.COUNT));
      assertEquals(0, harness.sum(label, Sum.UNMATCHED));
      assertEquals(above + below, harness.sum(label, Sum.PINBALL), 1e-9);
      assertEquals(1, harness.sum(label, Sum.COVERED));
      assertTrue(harness.evaluations().stream().allMatch(e -> e.quantile == 0.05));
    }
  }

  /** By the time that a decoder's step names; what passes it without its observation is not met. */
  @ParameterizedTest
  @OnBackends
  void aDecodersStepMeetsTheObservationOfItsTime(Backend backend) throws Exception {
    Decoding decoding =
        Decoding.of(
                TestModels.decoder(),
                new DecoderRules(new DecoderRules.First.Zeros(), DecoderRules.Next.OUTPUT, 3))
            .every(100);
    SequenceConfig config = config(Feature.raw("a"), evaluate(2, true)).with(decoding);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1)); // foretells 1200
      harness.observe(at("A", 1150, 2)); // foretells 1350
      harness.observe(at("A", 1200, 3)); // foretells 1400
      harness.observe(at("A", 1401, 4)); // foretells 1601
      assertEquals(
          List.of("A/1000 0 @1000 t/0@0 ahead 2: y0 was 3.0, before 1.0 @1200"), lines(harness));
      assertEquals(
          harness.predictions().get(1).output[0], (float) harness.evaluations().get(0).predicted);
      assertEquals(2, harness.sum(config.output().evaluations().get(0).label(), Sum.UNMATCHED));
      assertEquals(harness.predictions().get(0).model, harness.evaluations().get(0).model);
    }
  }

  /** A filled step's observation never came; what that step says is about the next. */
  @ParameterizedTest
  @OnBackends
  void acrossAGap(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a"), evaluate(1, true)).with(Gap.previous(100, 3));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("A", 1200, 2));
      assertEquals(
          List.of("A/1000 1 @1100 t/0@0 ahead 1: y0 was 2.0, before 1.0 @1200"), lines(harness));
      assertEquals(1, harness.sum(config.output().evaluations().get(0).label(), Sum.UNMATCHED));
    }
  }

  /** The final prediction is about what comes after, whichever of timer and record is first. */
  @ParameterizedTest
  @OnBackends
  void theFinalPredictionIsAboutTheNextSequence(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a"), evaluate(1, true)).with(Emission.AT_END);
    List<String> expected = List.of("A/1000 1 @1100 t/0@1 ahead 1: y0 was 4.0, before 2.0 @5000");
    for (boolean timerFirst : new boolean[] {false, true}) {
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(at("A", 1000, 1));
        harness.observe(at("A", 1100, 2));
        if (timerFirst) {
          harness.watermark(2100);
        }
        harness.observe(at("A", 5000, 4));
        assertEquals(expected, lines(harness), "timer first: " + timerFirst);
      }
    }
  }

  /** Rule 9 and duplicates: what is rejected neither comes true nor counts. */
  @ParameterizedTest
  @OnBackends
  void whatIsRejectedDoesNotComeTrue(Backend backend) throws Exception {
    SequenceConfig config =
        config(Feature.raw("a"), evaluate(1, true)).with(new SeriesMemory(10_000, 4));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 1000, 1).identity("x"));
      harness.observe(at("A", 1100, 2).identity("x"));
      harness.observe(Observation.of("A", 1150, 3, Double.NaN, 0));
      harness.observe(at("A", 1200, 4).identity("y"));
      assertEquals(
          List.of("A/1000 0 @1000 t/0@0 ahead 1: y0 was 4.0, before 1.0 @1200"), lines(harness));
    }
  }

  /** Sums add up over subtasks, whoever restores them. */
  @ParameterizedTest
  @OnBackends
  void sumsAddUpWhenTheJobIsRescaled(Backend backend) throws Exception {
    SequenceConfig config = config(Feature.raw("a"), evaluate(1, true));
    String label = config.output().evaluations().get(0).label();
    OperatorSubtaskState one;
    double error;
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      for (int i = 0; i < 40; i++) {
        harness.observe(at("S" + i % 8, 1000 + i, i));
      }
      error = harness.sum(label, Sum.ABSOLUTE_ERROR);
      assertEquals(32, harness.sum(label, Sum.COUNT));
      one = harness.snapshot();
    }
    OperatorSubtaskState[] parts = new OperatorSubtaskState[3];
    double errors = 0;
    double count = 0;
    for (int i = 0; i < 3; i++) {
      try (SequenceHarness harness =
          SequenceHarness.restore(backend, config, SequenceHarness.part(one, 1, 3, i), 3, i)) {
        errors += harness.sum(label, Sum.ABSOLUTE_ERROR);
        count += harness.sum(label, Sum.COUNT);
        parts[i] = harness.snapshot();
      }
    }
    assertEquals(error, errors, 1e-9);
    assertEquals(32, count);
    OperatorSubtaskState three = AbstractStreamOperatorTestHarness.repackageState(parts);
    try (SequenceHarness harness =
        SequenceHarness.restore(backend, config, SequenceHarness.part(three, 3, 1, 0))) {
      assertEquals(32, harness.sum(label, Sum.COUNT));
      for (int i = 0; i < 8; i++) {
        harness.observe(at("S" + i, 1040 + i, i));
      }
      assertEquals(40, harness.sum(label, Sum.COUNT));
    }
  }

  /** Another list of evaluations starts anew; nothing is held against what it was not about. */
  @ParameterizedTest
  @OnBackends
  void otherEvaluationsAfterARestore(Backend backend) throws Exception {
    SequenceConfig before = config(Feature.raw("a"), evaluate(1, true));
    SequenceConfig after = config(Feature.raw("a"), evaluate(2, true));
    OperatorSubtaskState snapshot;
    try (SequenceHarness harness = SequenceHarness.open(backend, before)) {
      harness.observe(at("A", 1000, 1));
      harness.observe(at("A", 1100, 1));
      snapshot = harness.snapshot();
    }
    try (SequenceHarness harness = SequenceHarness.restore(backend, after, snapshot)) {
      harness.observe(at("A", 1200, 2));
      harness.observe(at("A", 1300, 3));
      assertEquals(List.of(), lines(harness));
      harness.observe(at("A", 1400, 4));
      assertEquals(
          List.of("A/1000 2 @1200 t/0@0 ahead 2: y0 was 4.0, before 2.0 @1400"), lines(harness));
      assertEquals(1, harness.sum(before.output().evaluations().get(0).label(), Sum.COUNT));
    }
    try (SequenceHarness harness =
        SequenceHarness.restore(backend, config(Feature.raw("a")), snapshot)) {
      harness.observe(at("A", 1200, 2));
      assertFalse(harness.predictions().isEmpty());
      assertEquals(List.of(), lines(harness));
    }
  }
}
