package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.IDLE;
import static io.unroll.job.operator.TestSequences.ORDERED;
import static io.unroll.job.operator.TestSequences.ORDERED_ENDLESS;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.end;
import static io.unroll.job.operator.TestSequences.nothingIsLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Observations that wait for the watermark and step by their timestamps; those that come behind it.
 */
final class EventTimeOrderTest {
  @Nested
  class HeldBackObservations {
    @ParameterizedTest
    @OnBackends
    void stepByTimestampWhenTheWatermarkIsThere(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.observe(at(5003));
        harness.observe(at(5001));
        harness.observe(at(5002));
        harness.watermark(5000);
        assertEquals(List.of(), harness.predictionLines());
        assertEquals(List.of(), harness.eventLines());
        harness.watermark(5002);
        assertEquals(
            List.of("A/5001 step 0 @5001 t/0@1", "A/5001 step 1 @5002 t/0@2"),
            harness.predictionLines());
        harness.watermark(5003);
        assertEquals("A/5001 step 2 @5003 t/0@0", harness.predictionLines().get(2));
        assertArrayEquals(
            TestModels.alone(
                TestModels.rnn(), at(5001).features, at(5002).features, at(5003).features)[2],
            harness.predictions().get(2).output);
      }
    }

    @ParameterizedTest
    @OnBackends
    void ofOneTimestampAsTheyCameTheBareEndMarkerLast(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.observe(end(5000));
        harness.observe(at(5000));
        harness.observe(at(5000));
        harness.observe(at(5000).andEnd());
        harness.observe(at(5000));
        harness.watermark(5000);
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@1",
                "closed A/5000 end steps 3 5000..5000 @5000 t/0@3",
                "opened A/5000 @5000 t/0@4",
                "closed A/5000 end steps 1 5000..5000 @5000 t/0@0"),
            harness.eventLines());
        nothingIsLeft(harness);
      }
    }

    /** Trades of one millisecond, whose nanoseconds say which was first. */
    @ParameterizedTest
    @OnBackends
    void ofOneMillisecondByTheirNanoseconds(Backend backend) throws Exception {
      OperatorSubtaskState snapshot;
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.observe(nanos(900_000));
        harness.observe(nanos(100_000));
        harness.observe(nanos(900_000));
        snapshot = harness.snapshot();
      }
      try (SequenceHarness harness = SequenceHarness.restore(backend, ORDERED_ENDLESS, snapshot)) {
        harness.observe(nanos(0), 3);
        harness.watermark(5000);
        assertEquals(
            List.of(
                "A/5000 step 0 @5000 t/0@3",
                "A/5000 step 1 @5000 t/0@1",
                "A/5000 step 2 @5000 t/0@0",
                "A/5000 step 3 @5000 t/0@2"),
            harness.predictionLines());
      }
    }

    private static Observation nanos(int nanos) {
      Observation observation = at(5000);
      observation.nanos = nanos;
      return observation;
    }

    /** What came twice is two. */
    @ParameterizedTest
    @OnBackends
    void ofOnePlaceAreBothKept(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.observe(at(5000), 7);
        harness.observe(at(5000), 7);
        harness.watermark(5000);
        assertEquals(
            List.of("A/5000 step 0 @5000 t/0@7", "A/5000 step 1 @5000 t/0@7"),
            harness.predictionLines());
      }
    }

    /** More series than a batch has rows, each with its own order, before the watermark passes. */
    @ParameterizedTest
    @OnBackends
    void ofManySeriesStepBeforeTheWatermarkPasses(Backend backend) throws Exception {
      long seed = Seeds.seed();
      Map<String, ReferenceSeries> references = new HashMap<>();
      List<Observation> observations = new ArrayList<>();
      for (int series = 0; series < 100; series++) {
        references.put("S" + series, new ReferenceSeries(ORDERED));
        for (int i = 0; i < 4; i++) {
          observations.add(at("S" + series, 5000 + 400 * i + series));
        }
      }
      Collections.shuffle(observations, Seeds.random(seed));
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        for (int i = 0; i < observations.size(); i++) {
          Observation o = observations.get(i);
          references.get(o.series).observe(at(o.series, o.timestamp).at("t/0@", i));
          harness.observe(o, i);
        }
        assertEquals(400, harness.count(Counter.HELD_BACK));
        assertEquals(100, harness.timers());
        harness.watermark(6500);
        List<String> lines = harness.outputLines();
        assertEquals("watermark 6500", lines.get(lines.size() - 1), Seeds.message(seed));
        for (Map.Entry<String, ReferenceSeries> reference : references.entrySet()) {
          reference.getValue().watermark(6500);
          assertEquals(
              reference.getValue().predictions,
              harness.predictions().stream()
                  .filter(p -> p.series.equals(reference.getKey()))
                  .map(TestSequences::line)
                  .toList(),
              Seeds.message(seed));
        }
      }
    }

    @ParameterizedTest
    @OnBackends
    void areCountedWhileTheyWait(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.observe(at(5000));
        harness.observe(at(5002));
        harness.observe(Observation.of("A", 5001, Double.NaN, 1, 1));
        harness.observe(end(5003));
        assertEquals(4, harness.count(Counter.INPUTS));
        assertEquals(4, harness.count(Counter.HELD_BACK));
        assertEquals(0, harness.count(Counter.REJECTED), "it is judged when its turn is");
        harness.watermark(5001);
        assertEquals(2, harness.count(Counter.HELD_BACK));
        assertEquals(1, harness.count(Counter.STEPS));
        assertEquals(1, harness.count(Counter.REJECTED));
        harness.watermark(5003);
        assertEquals(4, harness.count(Counter.INPUTS));
        assertEquals(2, harness.count(Counter.STEPS));
        assertEquals(1, harness.count(Counter.MARKERS));
        nothingIsLeft(harness);
      }
    }

    @ParameterizedTest
    @OnBackends
    void withoutASeriesAreRejectedAtOnce(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.observe(at("", 5000));
        assertEquals(1, harness.rejected().size());
        nothingIsLeft(harness);
      }
    }

    /** Nothing has ever come but what waits, without a watermark in between. */
    @ParameterizedTest
    @OnBackends
    void areNotLostAtTheEndOfInput(Backend backend) throws Exception {
      long seed = Seeds.seed();
      List<Integer> times = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
      Collections.shuffle(times, Seeds.random(seed));
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        for (int time : times) {
          harness.observe(at(5000 + time));
        }
        assertEquals(1, harness.sequences());
        assertEquals(1, harness.timers());
        harness.endOfInput();
        assertEquals(
            IntStream.range(0, 200).mapToObj(i -> i + " @" + (5000 + i)).toList(),
            harness.predictions().stream().map(p -> p.step + " @" + p.timestamp).toList(),
            Seeds.message(seed));
        assertTrue(
            harness.eventLines().get(1).startsWith("closed A/5000 end-of-input steps 200"),
            harness.eventLines().get(1));
        nothingIsLeft(harness);
      }
    }

    @ParameterizedTest
    @OnBackends
    void primeInTheirOrder(Backend backend) throws Exception {
      SequenceConfig config =
          TestModels.logReturns(IDLE, Boundaries.NO_LIMIT).with(Order.EVENT_TIME);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.observe(Observation.of("A", 5001, 101));
        harness.observe(Observation.of("A", 5000, 100));
        harness.watermark(5001);
        assertEquals(List.of("A/5000 step 0 @5001 t/0@0"), harness.predictionLines());
        assertArrayEquals(
            TestModels.alone(
                TestModels.indices(), new double[] {100 * StrictMath.log(101 / 100.0)})[0],
            harness.predictions().get(0).output);
      }
    }
  }

  @Nested
  class BehindTheWatermark {
    @ParameterizedTest
    @OnBackends
    void olderThanTheLastStepIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        harness.observe(at(5500));
        harness.watermark(5600);
        harness.observe(at(5499));
        harness.observe(end(5498));
        assertEquals(
            List.of("t/0@1", "t/0@2"), harness.late().stream().map(late -> late.input).toList());
        assertEquals(
            "late: timestamp 5499 is before 5500, the last one that stepped; the watermark is 5600",
            harness.late().get(0).reason);
        assertEquals(5600L, harness.late().get(0).watermark);
        assertEquals(2, harness.count(Counter.LATE));
        assertEquals(0, harness.count(Counter.MARKERS));
        assertEquals(1, harness.eventLines().size());
      }
    }

    /** As old as the last step or newer: in order. */
    @ParameterizedTest
    @OnBackends
    void notOlderThanTheLastStepItStepsAtOnce(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        harness.observe(at(5500));
        harness.watermark(5600);
        harness.observe(at(5500));
        harness.observe(at(5600));
        harness.observe(at(5599));
        assertEquals(
            List.of(
                "A/5500 step 0 @5500 t/0@0",
                "A/5500 step 1 @5500 t/0@1",
                "A/5500 step 2 @5600 t/0@2"),
            harness.predictionLines());
        assertEquals(1, harness.late().size());
        assertEquals(0, harness.count(Counter.HELD_BACK));
        assertEquals(1, harness.timers());
      }
    }

    @ParameterizedTest
    @OnBackends
    void whatIsDueIsClosedFirst(Backend backend) throws Exception {
      SequenceConfig config = ORDERED_ENDLESS.with(Boundaries.NONE.withMaxDuration(100));
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        harness.watermark(6000);
        harness.observe(at(5500)); // at once, and due at 5600
        harness.observe(at(5600));
        assertEquals(
            List.of(
                "opened A/5500 @5500 t/0@0",
                "closed A/5500 max-duration steps 1 5500..5500 @5600 t/0@0",
                "opened A/5600 @5600 t/0@1"),
            harness.eventLines());
      }
    }

    @ParameterizedTest
    @OnBackends
    void withoutAnOpenSequenceTheIdleTimeoutDecides(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        harness.watermark(6000);
        harness.observe(at(5000));
        harness.observe(at(5001));
        assertEquals(
            List.of("late: timestamp + idle-timeout is 6000, the watermark is 6000"),
            harness.late().stream().map(late -> late.reason).toList());
        assertEquals(List.of("A/5001 step 0 @5001 t/0@1"), harness.predictionLines());
        assertEquals(0, harness.count(Counter.HELD_BACK));
      }
    }

    @ParameterizedTest
    @OnBackends
    void withoutAnOpenSequenceAndWithoutALimitNothingIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
        harness.watermark(1_000_000);
        harness.observe(at(5000));
        assertEquals(1, harness.predictions().size());
        assertEquals(List.of(), harness.late());
      }
    }

    /** It does not wait for those that do, which are all newer. */
    @ParameterizedTest
    @OnBackends
    void itDoesNotWaitForWhatIsHeldBack(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        harness.watermark(5500);
        harness.observe(at(5600));
        harness.observe(at(5400));
        assertEquals(List.of("A/5400 step 0 @5400 t/0@1"), harness.predictionLines());
        assertEquals(1, harness.count(Counter.HELD_BACK));
        assertEquals(1, harness.timers());
        harness.watermark(5600);
        assertEquals("A/5400 step 1 @5600 t/0@0", harness.predictionLines().get(1));
      }
    }

    /** However far the watermark has gone when it is let go. */
    @ParameterizedTest
    @OnBackends
    void whatWasHeldBackIsNeverLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        harness.watermark(4000);
        for (long timestamp : new long[] {9000, 5000, 7000}) {
          harness.observe(at(timestamp));
        }
        harness.watermark(100_000);
        assertEquals(List.of(), harness.late());
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@1",
                "closed A/5000 idle steps 1 5000..5000 @6000 t/0@1",
                "opened A/7000 @7000 t/0@2",
                "closed A/7000 idle steps 1 7000..7000 @8000 t/0@2",
                "opened A/9000 @9000 t/0@0",
                "closed A/9000 idle steps 1 9000..9000 @10000 t/0@0"),
            harness.eventLines());
        nothingIsLeft(harness);
      }
    }
  }
}
