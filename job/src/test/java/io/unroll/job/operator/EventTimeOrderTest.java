package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.Seeds;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Observations that wait for the watermark and step by their timestamps. */
final class EventTimeOrderTest {
  private static final long IDLE = 1000;
  private static final SequenceConfig ENDLESS =
      TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP)
          .with(Order.EVENT_TIME);
  private static final SequenceConfig STEPPING =
      ENDLESS.with(Boundaries.NONE.withIdleTimeout(IDLE));

  private static Observation at(long timestamp) {
    return at("A", timestamp);
  }

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.1, -0.2, timestamp % 7 * 0.1);
  }

  private static Observation end(long timestamp) {
    return Observation.endOf("A", timestamp);
  }

  /** As {@link ReferenceSeries} writes it. */
  private static String line(Prediction p) {
    return "%s/%s %s %d @%d %s %s"
            .formatted(
                p.series,
                p.sequence,
                p.kind.label(),
                p.step,
                p.timestamp,
                p.input(),
                Arrays.toString(p.output))
        + (p.ahead == 0
            ? ""
            : " ahead %d for %d"
                .formatted(
                    p.ahead, p.predicted == Prediction.NOT_PREDICTED ? p.timestamp : p.predicted));
  }

  private static void nothingIsLeft(SequenceHarness harness) throws Exception {
    assertEquals(0, harness.count(Counter.HELD_BACK), "held back");
    assertEquals(0, harness.sequences(), "values in state");
    assertEquals(0, harness.timers(), "timers");
  }

  @Nested
  class HeldBackObservations {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void stepByTimestampWhenTheWatermarkIsThere(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
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
    @EnumSource(Backend.class)
    void ofOneTimestampAsTheyCameTheBareEndMarkerLast(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
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

    /** What came twice is two. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void ofOnePlaceAreBothKept(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
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
    @EnumSource(Backend.class)
    void ofManySeriesStepBeforeTheWatermarkPasses(Backend backend) throws Exception {
      long seed = Seeds.seed();
      Map<String, ReferenceSeries> references = new HashMap<>();
      List<Observation> observations = new ArrayList<>();
      for (int series = 0; series < 100; series++) {
        references.put("S" + series, new ReferenceSeries(STEPPING));
        for (int i = 0; i < 4; i++) {
          observations.add(at("S" + series, 5000 + 400 * i + series));
        }
      }
      Collections.shuffle(observations, Seeds.random(seed));
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
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
                  .map(EventTimeOrderTest::line)
                  .toList(),
              Seeds.message(seed));
        }
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void areCountedWhileTheyWait(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
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
    @EnumSource(Backend.class)
    void withoutASeriesAreRejectedAtOnce(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
        harness.observe(at("", 5000));
        assertEquals(1, harness.rejected().size());
        nothingIsLeft(harness);
      }
    }

    /** Nothing has ever come but what waits, without a watermark in between. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void areNotLostAtTheEndOfInput(Backend backend) throws Exception {
      long seed = Seeds.seed();
      List<Integer> times = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
      Collections.shuffle(times, Seeds.random(seed));
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
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
    @EnumSource(Backend.class)
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
  class TheOneTimer {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void standsAtTheFirstHeldBack(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000));
        harness.watermark(5000); // due at 6000
        harness.observe(at(5500));
        assertEquals(1, harness.timers());
        harness.observe(at(5300));
        assertEquals(1, harness.timers());
        harness.watermark(5299);
        assertEquals(1, harness.predictions().size());
        harness.watermark(5300);
        assertEquals("A/5000 step 1 @5300 t/0@2", harness.predictionLines().get(1));
        assertEquals(1, harness.timers());
        harness.watermark(5500);
        assertEquals("A/5000 step 2 @5500 t/0@1", harness.predictionLines().get(2));
        assertEquals(1, harness.timers());
        harness.watermark(6499);
        assertEquals(1, harness.eventLines().size());
        harness.watermark(6500);
        assertEquals(
            "closed A/5000 idle steps 3 5000..5500 @6500 t/0@1", harness.eventLines().get(1));
        nothingIsLeft(harness);
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void standsAtTheCloseWhereThatIsEarlier(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000));
        harness.watermark(5000);
        harness.observe(at(6500));
        assertEquals(1, harness.timers());
        harness.watermark(5999);
        assertEquals(1, harness.eventLines().size());
        harness.watermark(6000);
        assertEquals(
            "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0", harness.eventLines().get(1));
        assertEquals(1, harness.sequences(), "what is held back");
        assertEquals(1, harness.timers());
        harness.watermark(6499);
        assertEquals(2, harness.eventLines().size());
        harness.watermark(6500);
        assertEquals("opened A/6500 @6500 t/0@1", harness.eventLines().get(2));
        assertEquals(1, harness.timers());
      }
    }

    /** One watermark passes both: the same as when it comes in small steps. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void givesTheSameHoweverFarTheWatermarkGoes(Backend backend) throws Exception {
      long[] timestamps = {6000, 5000, 8500, 5999, 7400, 6999, 9500};
      try (SequenceHarness far = SequenceHarness.open(backend, STEPPING);
          SequenceHarness near = SequenceHarness.open(backend, STEPPING)) {
        for (SequenceHarness harness : List.of(far, near)) {
          for (long timestamp : timestamps) {
            harness.observe(at(timestamp));
          }
        }
        far.watermark(20_000);
        for (long watermark = 4900; watermark <= 20_000; watermark += 100) {
          near.watermark(watermark);
        }
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@1",
                "closed A/5000 idle steps 5 5000..7400 @8400 t/0@4",
                "opened A/8500 @8500 t/0@2",
                "closed A/8500 idle steps 1 8500..8500 @9500 t/0@2",
                "opened A/9500 @9500 t/0@6",
                "closed A/9500 idle steps 1 9500..9500 @10500 t/0@6"),
            far.eventLines());
        assertEquals(far.eventLines(), near.eventLines());
        assertEquals(far.predictionLines(), near.predictionLines());
        nothingIsLeft(far);
        nothingIsLeft(near);
      }
    }

    /** An end marker, a rejected one, a bare start: after each of them nothing is left. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void goesWithTheLastThatWaitsWhereNothingOpens(Backend backend) throws Exception {
      Observation bareStart = end(5002).andStart();
      bareStart.end = false;
      for (Observation alone :
          List.of(
              end(5000),
              Observation.of("A", 5001, Double.NaN, 1, 1),
              bareStart,
              at(5003).andEnd())) {
        try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
          harness.observe(alone);
          assertEquals(1, harness.sequences());
          assertEquals(1, harness.timers());
          harness.watermark(5003);
          nothingIsLeft(harness);
        }
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void staysWithWhatWaitsWhenTheSequenceCloses(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000));
        harness.observe(end(5001));
        harness.observe(at(9000));
        harness.watermark(5001);
        assertEquals(
            "closed A/5000 end steps 1 5000..5001 @5001 t/0@1", harness.eventLines().get(1));
        assertEquals(1, harness.sequences());
        assertEquals(1, harness.timers());
        assertEquals(1, harness.count(Counter.HELD_BACK));
        harness.watermark(9000);
        assertEquals("opened A/9000 @9000 t/0@2", harness.eventLines().get(2));
        assertEquals(1, harness.timers());
      }
    }

    /** Beside the alarm of the wall clock. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void letsGoAlsoWhereTheWallClockCloses(Backend backend) throws Exception {
      SequenceConfig config =
          STEPPING.with(STEPPING.boundaries().withClock(SequenceClock.PROCESSING));
      try (SequenceHarness harness = SequenceHarness.open(backend, config).patient()) {
        harness.wallClock(100_000);
        harness.observe(at(5001));
        harness.observe(at(5000));
        harness.observe(at(9000));
        harness.wallClock(200_000); // what waits has not arrived yet
        harness.watermark(5001);
        assertEquals(List.of("opened A/5000 @5000 t/0@1"), harness.eventLines());
        assertEquals(1, harness.timers());
        harness.wallClock(201_000);
        assertEquals(
            "closed A/5000 idle steps 2 5000..5001 @201000 t/0@0", harness.eventLines().get(1));
        assertEquals(1, harness.sequences());
        assertEquals(1, harness.timers());
        harness.endOfInput();
        assertEquals(
            List.of(
                "opened A/9000 @9000 t/0@2",
                "closed A/9000 end-of-input steps 1 9000..9000 @9000 t/0@2"),
            harness.eventLines().subList(2, 4));
        nothingIsLeft(harness);
      }
    }
  }

  @Nested
  class BehindTheWatermark {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void olderThanTheLastStepIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
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
    @EnumSource(Backend.class)
    void notOlderThanTheLastStepItStepsAtOnce(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
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
    @EnumSource(Backend.class)
    void whatIsDueIsClosedFirst(Backend backend) throws Exception {
      SequenceConfig config = ENDLESS.with(Boundaries.NONE.withMaxDuration(100));
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
    @EnumSource(Backend.class)
    void withoutAnOpenSequenceTheIdleTimeoutDecides(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
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
    @EnumSource(Backend.class)
    void withoutAnOpenSequenceAndWithoutALimitNothingIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, ENDLESS)) {
        harness.watermark(1_000_000);
        harness.observe(at(5000));
        assertEquals(1, harness.predictions().size());
        assertEquals(List.of(), harness.late());
      }
    }

    /** It does not wait for those that do, which are all newer. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void itDoesNotWaitForWhatIsHeldBack(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
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
    @EnumSource(Backend.class)
    void whatWasHeldBackIsNeverLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
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

  @Nested
  class Restored {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatWaitsStillDoes(Backend backend) throws Exception {
      OperatorSubtaskState snapshot;
      try (SequenceHarness before = SequenceHarness.open(backend, STEPPING)) {
        before.observe(at(5000), 0);
        before.watermark(5000);
        before.observe(at(5200), 1);
        before.observe(at(5100), 2);
        snapshot = before.snapshot();
        before.watermark(5150); // after the snapshot: must not be in it
      }
      try (SequenceHarness after = SequenceHarness.restore(backend, STEPPING, snapshot)) {
        assertEquals(2, after.count(Counter.HELD_BACK));
        assertEquals(1, after.timers());
        assertEquals(1, after.sequences());
        after.observe(at(5150), 3);
        after.observe(at(4999), 4); // behind the watermark from before
        after.watermark(5200);
        assertEquals(
            List.of(
                "A/5000 step 1 @5100 t/0@2",
                "A/5000 step 2 @5150 t/0@3",
                "A/5000 step 3 @5200 t/0@1"),
            after.predictionLines());
        assertEquals(1, after.late().size());
        after.endOfInput();
        nothingIsLeft(after);
      }
    }

    /** Without a sequence, and as they came with everything they carry. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void observationsAreWhole(Backend backend) throws Exception {
      OperatorSubtaskState savepoint;
      try (SequenceHarness before = SequenceHarness.open(backend, STEPPING)) {
        Observation first = at(5000).by("red");
        first.keep = new String[] {"\"k\""};
        before.observe(first, 0);
        before.observe(at(5001).by("red").andStart().andEnd(), 1);
        Observation broken = Observation.endOf("A", 5002);
        broken.unusable = "feature 'x0': found text";
        broken.raw = new RawRecord(null, new byte[] {1, 2});
        before.observe(broken, 2);
        before.observe(Observation.of("A", 5003, Double.NaN, 1, 1), 3);
        savepoint = before.savepoint();
      }
      Backend other = backend.onHeap() ? Backend.ROCKSDB : Backend.HEAP;
      for (Backend reading : List.of(backend, other)) {
        try (SequenceHarness after = SequenceHarness.restore(reading, STEPPING, savepoint)) {
          after.watermark(5003);
          assertEquals(
              List.of(
                  "opened A/red @5000 t/0@0",
                  "closed A/red restarted steps 1 5000..5000 @5001 t/0@1",
                  "opened A/red @5001 t/0@1",
                  "closed A/red end steps 1 5001..5001 @5001 t/0@1"),
              after.eventLines());
          assertArrayEquals(new String[] {"\"k\""}, after.predictions().get(0).keep);
          assertNull(after.predictions().get(1).keep);
          assertEquals(
              List.of(
                  "t/0@2: feature 'x0': found text",
                  "t/0@3: feature 'x0': found NaN, expected a finite number"),
              after.rejectedLines());
          assertNotNull(after.rejected().get(0).raw);
          assertArrayEquals(new byte[] {1, 2}, after.rejected().get(0).raw.value);
          nothingIsLeft(after);
        }
      }
    }

    /** 1 to 3 to 2 subtasks, with something that waits each time. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void onOtherSubtasksNothingIsLost(Backend backend) throws Exception {
      List<String> series = IntStream.range(0, 30).mapToObj(i -> "S" + i).toList();
      Map<String, ReferenceSeries> expected = new HashMap<>();
      series.forEach(name -> expected.put(name, new ReferenceSeries(STEPPING)));
      Map<String, List<String>> found = new HashMap<>();
      OperatorSubtaskState state = null;
      int before = 1;
      long position = 0;
      int[] parallelism = {1, 3, 2};
      for (int round = 0; round < parallelism.length; round++) {
        int now = parallelism[round];
        long from = 5000 + 1000L * round;
        boolean last = round == parallelism.length - 1;
        OperatorSubtaskState[] parts = new OperatorSubtaskState[now];
        long held = 0;
        long firstPosition = position;
        for (int subtask = 0; subtask < now; subtask++) {
          try (SequenceHarness harness =
              state == null
                  ? SequenceHarness.open(backend, STEPPING)
                  : SequenceHarness.restore(
                      backend,
                      STEPPING,
                      SequenceHarness.part(state, before, now, subtask),
                      now,
                      subtask)) {
            List<String> mine = mine(series, now, subtask);
            if (round > 0) {
              assertEquals(mine.size(), harness.timers());
              assertEquals(mine.size(), harness.sequences());
            }
            for (long later : new long[] {900, 100, 500}) { // 900 waits beyond the round
              for (String name : mine) {
                Observation o = at(name, from + later + series.indexOf(name)).at("t/0@", position);
                expected.get(name).observe(o);
                harness.observe(at(name, o.timestamp), position++);
              }
            }
            held += harness.count(Counter.HELD_BACK);
            harness.watermark(last ? Long.MAX_VALUE : from + 800);
            for (Prediction p : harness.predictions()) {
              found.computeIfAbsent(p.series, unused -> new ArrayList<>()).add(line(p));
            }
            assertEquals(List.of(), harness.late());
            if (last) {
              assertEquals(0, harness.sequences());
              assertEquals(0, harness.timers());
            } else {
              parts[subtask] = harness.snapshot();
            }
          }
        }
        assertEquals(position - firstPosition + (round == 0 ? 0 : series.size()), held);
        long watermark = last ? Long.MAX_VALUE : from + 800;
        expected.values().forEach(reference -> reference.watermark(watermark));
        if (!last) {
          state = AbstractStreamOperatorTestHarness.repackageState(parts);
          before = now;
        }
      }
      for (String name : series) {
        assertEquals(9, found.get(name).size(), name);
        assertEquals(expected.get(name).predictions, found.get(name), name);
      }
    }

    private static List<String> mine(List<String> series, int parallelism, int subtask) {
      return series.stream()
          .filter(
              name ->
                  KeyGroupRangeAssignment.assignKeyToParallelOperator(
                          name, SequenceHarness.MAX_PARALLELISM, parallelism)
                      == subtask)
          .toList();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anotherLimitMovesTheTimerButNotBeyondWhatWaits(Backend backend) throws Exception {
      OperatorSubtaskState snapshot;
      try (SequenceHarness before = SequenceHarness.open(backend, ENDLESS)) {
        before.observe(at(5000), 0);
        before.watermark(5000);
        before.observe(at(8000), 1);
        before.observe(at("B", 7000), 2); // nothing is open
        snapshot = before.snapshot();
      }
      try (SequenceHarness after = SequenceHarness.restore(backend, STEPPING, snapshot)) {
        assertEquals(2, after.timers());
        after.watermark(6000);
        assertEquals(
            List.of("closed A/5000 idle steps 1 5000..5000 @6000 t/0@0"), after.eventLines());
        after.watermark(8000);
        assertEquals(
            List.of("B/7000 step 0 @7000 t/0@2", "A/8000 step 0 @8000 t/0@1"),
            after.predictionLines());
      }
    }
  }

  @Nested
  class WithADecoder {
    private static SequenceConfig decoding(Emission emission) {
      return STEPPING
          .with(emission)
          .with(
              Decoding.of(
                  TestModels.decoder(), new DecoderRules(new First.Zeros(), Next.OUTPUT, 3)));
    }

    private static void givesWhatTheReferenceGives(
        Backend backend, SequenceConfig config, int predictions) throws Exception {
      Observation[] observations = {
        at(5002).andEnd(), at(5000), at(7000), at(5001), at(5002), at(9000), end(9001), at(7001)
      };
      ReferenceSeries reference = new ReferenceSeries(config);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        for (int i = 0; i < observations.length; i++) {
          reference.observe(observations[i].at("t/0@", i));
          harness.observe(observations[i], i);
        }
        for (long watermark : new long[] {5001, 9000, 9500}) {
          reference.watermark(watermark);
          harness.watermark(watermark);
        }
        assertEquals(predictions, harness.predictions().size());
        assertEquals(
            reference.predictions,
            harness.predictions().stream().map(EventTimeOrderTest::line).toList());
        assertEquals(reference.events, harness.eventLines());
        nothingIsLeft(harness);
      }
    }

    /** The end of one sequence, its decoder, and the next one, in the turns of one watermark. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void theRunComesBeforeWhatWaitsOpensTheNextSequence(Backend backend) throws Exception {
      givesWhatTheReferenceGives(backend, decoding(Emission.AT_END), 4 * 3);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aForecastStartsFromTheStateInThatOrder(Backend backend) throws Exception {
      givesWhatTheReferenceGives(backend, decoding(Emission.EVERY_STEP), 7 * 3);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aDecoderAloneTakesVectorsInTheirOrder(Backend backend) throws Exception {
      SequenceConfig config =
          SequenceConfig.of(TestModels.decoder(), List.of(Feature.raw("a"), Feature.raw("b")))
              .with(STEPPING.tuning())
              .with(Emission.AT_END)
              .with(Order.EVENT_TIME)
              .with(
                  Decoding.alone(
                      TestModels.decoder(), new DecoderRules(new First.Input(), Next.ZEROS, 2)));
      ReferenceSeries reference = new ReferenceSeries(config);
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        long[] timestamps = {5002, 5000, 5001};
        for (int i = 0; i < timestamps.length; i++) {
          Observation o = Observation.of("A", timestamps[i], 0.1 * i, -0.3).at("t/0@", i);
          reference.observe(o);
          harness.observe(o, i);
        }
        assertEquals(1, harness.timers());
        reference.watermark(5002);
        harness.watermark(5002);
        assertEquals(3 * 2, harness.predictions().size());
        assertEquals(
            reference.predictions,
            harness.predictions().stream().map(EventTimeOrderTest::line).toList());
        assertEquals(reference.events, harness.eventLines());
        nothingIsLeft(harness);
      }
    }
  }
}
