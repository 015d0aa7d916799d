package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;

/** "A sequence's life", by the number of its rules, on both state backends. */
final class SequenceLifeTest {
  private static final long IDLE = 1000;

  private static SequenceConfig stepping() {
    return TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.STEP);
  }

  private static SequenceConfig endless() {
    return TestModels.config(
        TestModels.rnn(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP);
  }

  private static SequenceConfig atEnd() {
    return TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.END);
  }

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.1, -0.2, timestamp % 7 * 0.1);
  }

  @Nested
  class Rule1Opening {
    @ParameterizedTest
    @OnBackends
    void opensWithTheFirstObservationAndNamesTheSequenceAfterIt(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        assertEquals(List.of("opened A/5000 @5000 t/0@0"), harness.eventLines());
        assertEquals(List.of("A/5000 step 0 @5000 t/0@0"), harness.predictionLines());
        assertArrayEquals(
            TestModels.alone(TestModels.rnn(), at("A", 5000).features)[0],
            harness.predictions().get(0).output);
      }
    }

    @ParameterizedTest
    @OnBackends
    void everySequenceStartsFromTheInitialState(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000).andEnd());
        harness.observe(at("A", 5000).andEnd());
        List<Prediction> predictions = harness.predictions();
        assertArrayEquals(predictions.get(0).output, predictions.get(1).output);
      }
    }

    @ParameterizedTest
    @OnBackends
    void theStateStartsAtTheModelsOwnConstant(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.config(TestModels.startingAtHalf(), IDLE, Boundaries.NO_LIMIT, Emit.STEP);
      float[] initial = new float[5];
      TestModels.read(TestModels.startingAtHalf()).initialState(initial, 0);
      assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f, 0.5f, 0.5f}, initial);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(at("A", 5000).andEnd());
        harness.observe(at("A", 5000));
        float[] expected = TestModels.alone(TestModels.startingAtHalf(), at("A", 5000).features)[0];
        assertArrayEquals(expected, harness.predictions().get(0).output);
        assertArrayEquals(expected, harness.predictions().get(1).output);
      }
    }

    @ParameterizedTest
    @OnBackends
    void sequencesOpenedInTheSameMillisecondShareTheLabelButNotTheInput(Backend backend)
        throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000).andEnd());
        harness.observe(at("A", 5000).andEnd());
        assertEquals(
            List.of("A/5000 step 0 @5000 t/0@0", "A/5000 step 0 @5000 t/0@1"),
            harness.predictionLines());
      }
    }

    @ParameterizedTest
    @OnBackends
    void keepsNothingForASeriesWithoutAnOpenSequence(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        assertEquals(1, harness.sequences());
        harness.observe(Observation.endOf("A", 5001));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }
  }

  @Nested
  class Rule2Stepping {
    @ParameterizedTest
    @OnBackends
    void eachObservationAdvancesItsOwnSeriesOnly(Backend backend) throws Exception {
      try (SequenceHarness both = SequenceHarness.open(backend, stepping());
          SequenceHarness alone = SequenceHarness.open(backend, stepping())) {
        for (int i = 0; i < 5; i++) {
          both.observe(at("A", 5000 + i));
          both.observe(at("B", 7000 + 3 * i));
          alone.observe(at("B", 7000 + 3 * i));
        }
        List<Prediction> ofB =
            both.predictions().stream().filter(p -> p.series.equals("B")).toList();
        assertEquals(5, ofB.size());
        for (int i = 0; i < 5; i++) {
          assertEquals(i, ofB.get(i).step);
          assertArrayEquals(alone.predictions().get(i).output, ofB.get(i).output);
        }
      }
    }

    @ParameterizedTest
    @OnBackends
    void theFirstObservationPrimesTransformsAndIsNoStep(Backend backend) throws Exception {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, TestModels.logReturns(IDLE, Boundaries.NO_LIMIT))) {
        harness.observe(Observation.of("DAX", 5000, 100));
        assertEquals(List.of("opened DAX/5000 @5000 t/0@0"), harness.eventLines());
        assertEquals(List.of(), harness.predictionLines());
        harness.observe(Observation.of("DAX", 5001, 101));
        harness.observe(Observation.of("DAX", 5002, 99));
        assertEquals(
            List.of("DAX/5000 step 0 @5001 t/0@1", "DAX/5000 step 1 @5002 t/0@2"),
            harness.predictionLines());
        float[][] expected =
            TestModels.alone(
                TestModels.indices(),
                new double[] {100 * StrictMath.log(101 / 100.0)},
                new double[] {100 * StrictMath.log(99 / 101.0)});
        assertArrayEquals(expected[0], harness.predictions().get(0).output);
        assertArrayEquals(expected[1], harness.predictions().get(1).output);
        assertEquals(1, harness.count(Counter.PRIMINGS));
        assertEquals(2, harness.count(Counter.STEPS));
      }
    }

    @ParameterizedTest
    @OnBackends
    void aValueThatATransformCannotUseIsRejectedAlsoWhenPriming(Backend backend) throws Exception {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, TestModels.logReturns(IDLE, Boundaries.NO_LIMIT))) {
        harness.observe(Observation.of("DAX", 5000, 0));
        harness.observe(Observation.of("DAX", 5001, 100));
        harness.observe(Observation.of("DAX", 5002, -1));
        harness.observe(Observation.of("DAX", 5003, 101));
        assertEquals(
            List.of(
                "t/0@0: feature 'close': found 0.0, expected a finite number above zero for"
                    + " log-return",
                "t/0@2: feature 'close': found -1.0, expected a finite number above zero for"
                    + " log-return"),
            harness.rejectedLines());
        assertEquals(List.of("opened DAX/5001 @5001 t/0@1"), harness.eventLines());
        assertArrayEquals(
            TestModels.alone(
                TestModels.indices(), new double[] {100 * StrictMath.log(101 / 100.0)})[0],
            harness.predictions().get(0).output);
      }
    }
  }

  @Nested
  class Rule3Closing {
    @ParameterizedTest
    @OnBackends
    void anEndMarkerWithFeaturesIsSteppedFirst(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5001).andEnd());
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0", "closed A/5000 end steps 2 5000..5001 @5001 t/0@1"),
            harness.eventLines());
        assertEquals(2, harness.predictions().size());
      }
    }

    @ParameterizedTest
    @OnBackends
    void anEndMarkerWithoutFeaturesIsNoStep(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(Observation.endOf("A", 5001));
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0", "closed A/5000 end steps 1 5000..5001 @5001 t/0@1"),
            harness.eventLines());
        assertEquals(1, harness.predictions().size());
        assertEquals(1, harness.count(Counter.MARKERS));
      }
    }

    @ParameterizedTest
    @OnBackends
    void maxStepsClosesWithTheLastStepAndTheNextObservationOpens(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, 2, Emit.STEP);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5001));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
        harness.observe(at("A", 5002));
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0",
                "closed A/5000 max-steps steps 2 5000..5001 @5001 t/0@1",
                "opened A/5002 @5002 t/0@2"),
            harness.eventLines());
      }
    }

    @ParameterizedTest
    @OnBackends
    void idleTimeoutClosesAtLastPlusTimeout(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5500));
        harness.watermark(6499);
        assertEquals(1, harness.eventLines().size());
        harness.watermark(6500);
        assertEquals(
            "closed A/5000 idle steps 2 5000..5500 @6500 t/0@1", harness.eventLines().get(1));
        assertEquals(0, harness.sequences());
      }
    }
  }

  @Nested
  class Rule4TimeByTimestamps {
    @ParameterizedTest
    @OnBackends
    void recordAndTimerInEitherOrderGiveTheSame(Backend backend) throws Exception {
      try (SequenceHarness timerFirst = SequenceHarness.open(backend, stepping());
          SequenceHarness recordFirst = SequenceHarness.open(backend, stepping())) {
        timerFirst.observe(at("A", 5000));
        timerFirst.watermark(6000);
        timerFirst.observe(at("A", 6000));

        recordFirst.observe(at("A", 5000));
        recordFirst.observe(at("A", 6000));
        recordFirst.watermark(6000);

        List<String> expected =
            List.of(
                "opened A/5000 @5000 t/0@0",
                "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0",
                "opened A/6000 @6000 t/0@1");
        assertEquals(expected, timerFirst.eventLines());
        assertEquals(expected, recordFirst.eventLines());
        assertEquals(timerFirst.predictionLines(), recordFirst.predictionLines());
        assertArrayEquals(
            timerFirst.predictions().get(1).output, recordFirst.predictions().get(1).output);
        assertEquals(1, recordFirst.timers());
      }
    }

    @ParameterizedTest
    @OnBackends
    void anObservationJustBeforeDueStepsInTheOpenSequence(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5999));
        assertEquals(1, harness.eventLines().size());
        assertEquals(1, harness.predictions().get(1).step);
      }
    }

    @ParameterizedTest
    @OnBackends
    void anOlderObservationStepsAndLastNeverGoesBack(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 3000));
        harness.watermark(5999);
        assertEquals(1, harness.eventLines().size());
        harness.watermark(6000);
        assertEquals(
            "closed A/5000 idle steps 2 5000..5000 @6000 t/0@1", harness.eventLines().get(1));
        assertEquals(
            List.of("A/5000 step 0 @5000 t/0@0", "A/5000 step 1 @3000 t/0@1"),
            harness.predictionLines());
      }
    }

    @ParameterizedTest
    @OnBackends
    void withoutAnOpenSequenceWhatTheWatermarkPassedIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.watermark(6000);
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5001));
        assertEquals(1, harness.late().size());
        assertEquals("t/0@0", harness.late().get(0).input);
        assertEquals(6000L, harness.late().get(0).watermark);
        assertEquals(
            "late: timestamp + idle-timeout is 6000, the watermark is 6000",
            harness.late().get(0).reason);
        assertEquals(List.of("opened A/5001 @5001 t/0@1"), harness.eventLines());
        assertEquals(1, harness.count(Counter.LATE));
      }
    }

    @ParameterizedTest
    @OnBackends
    void withAnOpenSequenceAnOldObservationIsNotLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 6500));
        harness.watermark(6400);
        harness.observe(at("A", 5000));
        assertEquals(List.of(), harness.late());
        assertEquals(2, harness.predictions().size());
      }
    }

    @ParameterizedTest
    @OnBackends
    void withoutATimeoutNothingIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, endless())) {
        harness.watermark(1_000_000);
        harness.observe(at("A", 5000));
        assertEquals(List.of(), harness.late());
        assertEquals(1, harness.predictions().size());
      }
    }

    @ParameterizedTest
    @OnBackends
    void sumsAtTheEndOfTimeSaturate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        long nearTheEnd = Long.MAX_VALUE - 10;
        harness.observe(at("A", nearTheEnd));
        harness.observe(at("A", nearTheEnd + 5));
        harness.watermark(Long.MAX_VALUE - 1);
        assertEquals(1, harness.eventLines().size());
        harness.endOfInput();
        assertEquals(
            "closed A/"
                + nearTheEnd
                + " idle steps 2 "
                + nearTheEnd
                + ".."
                + (nearTheEnd + 5)
                + " @"
                + (nearTheEnd + 5)
                + " t/0@1",
            harness.eventLines().get(1));
      }
    }
  }

  @Nested
  class Rule5Clock {
    @ParameterizedTest
    @OnBackends
    void theWallClockClosesNothing(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.wallClock(1_000_000);
        assertEquals(1, harness.sequences());
        harness.watermark(6000);
        assertEquals(0, harness.sequences());
      }
    }
  }

  @Nested
  class Rule6EndOfInput {
    @ParameterizedTest
    @OnBackends
    void closesWithTheTimeLimitsReasonAsIfTimeHadGoneOn(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5500));
        harness.observe(at("B", 5200));
        harness.endOfInput();
        assertEquals(
            List.of(
                "closed B/5200 idle steps 1 5200..5200 @6200 t/0@2",
                "closed A/5000 idle steps 2 5000..5500 @6500 t/0@1"),
            harness.eventLines().subList(2, 4));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @OnBackends
    void withoutATimeLimitItClosesWithEndOfInput(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, endless())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5500));
        harness.watermark(Long.MAX_VALUE - 1);
        assertEquals(1, harness.eventLines().size());
        harness.endOfInput();
        assertEquals(
            "closed A/5000 end-of-input steps 2 5000..5500 @5500 t/0@1",
            harness.eventLines().get(1));
        assertEquals(0, harness.sequences());
      }
    }

    @ParameterizedTest
    @OnBackends
    void everyOpenSequenceHoldsExactlyOneTimer(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        for (int i = 0; i < 20; i++) {
          harness.observe(at("A", 5000 + 10 * i));
          harness.observe(at("B", 5000 + 10 * i));
          harness.watermark(5000 + 10 * i - 1);
          assertEquals(2, harness.timers());
        }
        harness.watermark(6100); // fires early, is armed again
        assertEquals(2, harness.timers());
        assertEquals(2, harness.sequences());
      }
      try (SequenceHarness harness = SequenceHarness.open(backend, endless())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5001));
        assertEquals(1, harness.timers());
      }
    }
  }

  @Nested
  class Rule7AtTheClose {
    @ParameterizedTest
    @OnBackends
    void onEndTheLastStepsOutputGoesOutWithTheTimer(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, atEnd());
          SequenceHarness steps = SequenceHarness.open(backend, stepping())) {
        for (long t : new long[] {5000, 5400, 5300}) {
          Observation observation = at("A", t);
          observation.keep = new String[] {"\"k" + t + "\""};
          harness.observe(observation);
          steps.observe(at("A", t));
        }
        assertEquals(List.of(), harness.predictionLines());
        harness.watermark(6400);
        assertEquals(List.of("A/5000 final 2 @5300 t/0@2"), harness.predictionLines());
        Prediction last = harness.predictions().get(0);
        assertArrayEquals(steps.predictions().get(2).output, last.output);
        assertArrayEquals(new String[] {"\"k5300\""}, last.keep);
        assertEquals(
            "closed A/5000 idle steps 3 5000..5400 @6400 t/0@2", harness.eventLines().get(1));
        assertEquals(0, harness.sequences());
      }
    }

    @ParameterizedTest
    @OnBackends
    void onStepNoExtraFinalPredictionGoesOut(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000).andEnd());
        assertEquals(List.of("A/5000 step 0 @5000 t/0@0"), harness.predictionLines());
      }
    }

    @ParameterizedTest
    @OnBackends
    void markerTimeoutAndEndOfInputGiveTheSameFinalPrediction(Backend backend) throws Exception {
      try (SequenceHarness marker = SequenceHarness.open(backend, atEnd());
          SequenceHarness timeout = SequenceHarness.open(backend, atEnd());
          SequenceHarness end = SequenceHarness.open(backend, atEnd())) {
        for (SequenceHarness harness : List.of(marker, timeout, end)) {
          harness.observe(at("A", 5000));
          harness.observe(at("A", 5001));
        }
        marker.observe(Observation.endOf("A", 5002));
        timeout.watermark(10_000);
        end.endOfInput();
        assertEquals(List.of("A/5000 final 1 @5001 t/0@1"), marker.predictionLines());
        assertEquals(marker.predictionLines(), timeout.predictionLines());
        assertEquals(marker.predictionLines(), end.predictionLines());
        float[] expected = marker.predictions().get(0).output;
        assertArrayEquals(expected, timeout.predictions().get(0).output);
        assertArrayEquals(expected, end.predictions().get(0).output);
      }
    }
  }

  @Nested
  class Rule8Corners {
    private static Observation unusableEnd(String series, long timestamp) {
      Observation observation = Observation.endOf(series, timestamp);
      observation.unusable = "feature 'x0': found text";
      return observation;
    }

    @ParameterizedTest
    @OnBackends
    void anUnusableEndMarkerIsRejectedAndItsEndHonoured(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(unusableEnd("A", 5001));
        assertEquals(List.of("t/0@1: feature 'x0': found text"), harness.rejectedLines());
        assertEquals(
            "closed A/5000 end steps 1 5000..5000 @5001 t/0@1", harness.eventLines().get(1));
        assertEquals(0, harness.count(Counter.MARKERS));
        assertEquals(0, harness.sequences());
      }
    }

    @ParameterizedTest
    @OnBackends
    void anEndMarkerPastDueClosesByTheLimitAndAppliesToTheNewSequence(Backend backend)
        throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 6000).andEnd());
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0",
                "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0",
                "opened A/6000 @6000 t/0@1",
                "closed A/6000 end steps 1 6000..6000 @6000 t/0@1"),
            harness.eventLines());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @OnBackends
    void anEndMarkerWithoutFeaturesPastDueAppliesToNone(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(Observation.endOf("A", 6000));
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0", "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0"),
            harness.eventLines());
        assertEquals(1, harness.count(Counter.MARKERS));
      }
    }

    @ParameterizedTest
    @OnBackends
    void anUnusableEndMarkerPastDueClosesByTheLimit(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("A", 5000));
        harness.observe(unusableEnd("A", 6000));
        assertEquals(1, harness.rejected().size());
        assertEquals(
            "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0", harness.eventLines().get(1));
      }
    }

    @ParameterizedTest
    @OnBackends
    void endOnTheMaxStepsThStepIsEnd(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, 2, Emit.STEP);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(at("A", 5000));
        harness.observe(at("A", 5001).andEnd());
        assertEquals(
            "closed A/5000 end steps 2 5000..5001 @5001 t/0@1", harness.eventLines().get(1));
      }
    }

    @ParameterizedTest
    @OnBackends
    void anEndMarkerWithNothingOpenAndNoFeaturesIsCountedAndIgnored(Backend backend)
        throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(Observation.endOf("A", 5000));
        harness.observe(at("A", 5001).andEnd());
        harness.observe(Observation.endOf("A", 5002));
        assertEquals(2, harness.count(Counter.MARKERS));
        assertEquals(2, harness.eventLines().size());
        assertEquals(0, harness.sequences());
      }
    }

    @ParameterizedTest
    @OnBackends
    void endOnAPrimingObservationOpensAndClosesWithZeroSteps(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.config(
              TestModels.indices(),
              List.of(new Feature("close", Transform.logReturn(100))),
              IDLE,
              Boundaries.NO_LIMIT,
              Emit.END);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(Observation.of("DAX", 5000, 100).andEnd());
        assertEquals(
            List.of(
                "opened DAX/5000 @5000 t/0@0",
                "closed DAX/5000 end steps 0 5000..5000 @5000 t/0@0"),
            harness.eventLines());
        assertEquals(List.of(), harness.predictionLines());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @OnBackends
    void aSequenceOfZeroStepsClosesByTimeWithoutAPrediction(Backend backend) throws Exception {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, TestModels.logReturns(IDLE, Boundaries.NO_LIMIT))) {
        harness.observe(Observation.of("DAX", 5000, 100));
        harness.watermark(6000);
        assertEquals(
            "closed DAX/5000 idle steps 0 5000..5000 @6000 t/0@0", harness.eventLines().get(1));
        assertEquals(List.of(), harness.predictionLines());
      }
    }

    @ParameterizedTest
    @OnBackends
    void aSequenceOfLengthOneOpensAndClosesWithOneRecord(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, atEnd())) {
        harness.observe(at("A", 5000).andEnd());
        assertEquals(List.of("A/5000 final 0 @5000 t/0@0"), harness.predictionLines());
        assertEquals(0, harness.sequences());
      }
    }
  }

  @Nested
  class Rule9Rejected {
    @ParameterizedTest
    @OnBackends
    void opensNothingPrimesNothingRefreshesNothing(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(Observation.of("A", 5000, 1, Double.NaN, 1));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
        harness.observe(at("A", 5000));
        harness.observe(Observation.of("A", 5900, 1, 1, Double.POSITIVE_INFINITY));
        harness.observe(Observation.of("A", 5900, 1, 1));
        harness.observe(Observation.of("A", 5900, 1, 1, 1e300));
        Observation neither = Observation.endOf("A", 5900);
        neither.end = false;
        harness.observe(neither);
        harness.watermark(6000);
        assertEquals(
            List.of(
                "t/0@0: feature 'x1': found NaN, expected a finite number",
                "t/0@2: feature 'x2': found Infinity, expected a finite number",
                "t/0@3: found 2 features, expected 3",
                "t/0@4: feature 'x2': none of 1.0E300 is not finite in float32",
                "t/0@5: features: found none, expected 3"),
            harness.rejectedLines());
        assertEquals(
            "closed A/5000 idle steps 1 5000..5000 @6000 t/0@1", harness.eventLines().get(1));
      }
    }

    @ParameterizedTest
    @OnBackends
    void anEmptySeriesIsRejected(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
        harness.observe(at("", 5000));
        assertEquals(
            List.of("t/0@0: series: found an empty text, expected a name"),
            harness.rejectedLines());
        assertEquals(0, harness.sequences());
      }
    }

    @ParameterizedTest
    @OnBackends
    void aStepWhoseResultIsNotFiniteLeavesTheStateUntouched(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.config(TestModels.overflowing(), IDLE, Boundaries.NO_LIMIT, Emit.STEP);
      double big = 3e38;
      try (SequenceHarness poisoned = SequenceHarness.open(backend, config);
          SequenceHarness clean = SequenceHarness.open(backend, config)) {
        poisoned.observe(Observation.of("A", 4999, big, -big, big, -big), 10); // opens nothing
        poisoned.observe(Observation.of("A", 5000, 1, 2, 3, 4), 0);
        poisoned.observe(Observation.of("A", 5500, -big, big, -big, big), 11); // refreshes nothing
        poisoned.observe(Observation.of("A", 7001, big, -big, big, -big), 12); // closes nothing
        poisoned.observe(Observation.of("A", 5600, 4, 3, 2, 1), 1);
        clean.observe(Observation.of("A", 5000, 1, 2, 3, 4), 0);
        clean.observe(Observation.of("A", 5600, 4, 3, 2, 1), 1);
        String reason = ": the model's result of this step is not finite";
        assertEquals(
            List.of("t/0@10" + reason, "t/0@11" + reason, "t/0@12" + reason),
            poisoned.rejectedLines());
        assertEquals(clean.eventLines(), poisoned.eventLines());
        assertEquals(clean.predictionLines(), poisoned.predictionLines());
        assertArrayEquals(clean.predictions().get(1).output, poisoned.predictions().get(1).output);
      }
    }

    @ParameterizedTest
    @OnBackends
    void anEndMarkerWhoseStepIsNotFiniteStillEnds(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.config(TestModels.overflowing(), IDLE, Boundaries.NO_LIMIT, Emit.STEP);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(Observation.of("A", 5000, 1, 2, 3, 4));
        harness.observe(Observation.of("A", 5001, 3e38, -3e38, 3e38, -3e38).andEnd());
        assertEquals(1, harness.rejected().size());
        assertEquals(
            "closed A/5000 end steps 1 5000..5000 @5001 t/0@1", harness.eventLines().get(1));
      }
    }
  }

  @Nested
  class Rule10Accounting {
    @ParameterizedTest
    @OnBackends
    void everyInputIsCountedOnce(Backend backend) throws Exception {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, TestModels.logReturns(IDLE, 3))) {
        harness.observe(Observation.of("A", 5000, 100)); // priming
        harness.observe(Observation.of("A", 5001, 101)); // step
        harness.observe(Observation.of("A", 5002, 0)); // rejected
        harness.observe(Observation.endOf("A", 5003)); // marker
        harness.observe(Observation.endOf("A", 5004)); // marker
        harness.watermark(9000);
        harness.observe(Observation.of("A", 5005, 100)); // late
        harness.observe(Observation.of("A", 9000, 100).andEnd()); // priming
        assertEquals(7, harness.count(Counter.INPUTS));
        assertEquals(1, harness.count(Counter.STEPS));
        assertEquals(2, harness.count(Counter.PRIMINGS));
        assertEquals(2, harness.count(Counter.MARKERS));
        assertEquals(1, harness.count(Counter.LATE));
        assertEquals(1, harness.count(Counter.REJECTED));
        assertEquals(2, harness.count(Counter.OPENED));
        assertEquals(2, harness.count(Counter.CLOSED_END));
        assertEquals(1, harness.count(Counter.PREDICTIONS));
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void rejectedAndLateRecordsCarryTheRawRecord(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, stepping())) {
      Observation bad = Observation.of("A", 5000, Double.NaN, 1, 1);
      bad.raw = new io.unroll.connectors.record.RawRecord(null, new byte[] {1, 2});
      harness.observe(bad);
      harness.observe(Observation.of("A", 5000, Double.NaN, 1, 1));
      assertNotNull(harness.rejected().get(0).raw);
      assertArrayEquals(new byte[] {1, 2}, harness.rejected().get(0).raw.value);
      assertNull(harness.rejected().get(1).raw);
    }
  }
}
