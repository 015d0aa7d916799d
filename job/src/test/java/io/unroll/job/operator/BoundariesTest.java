package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What begins and ends sequences where {@link TimelinesTest} draws nothing: corners of corners. */
final class BoundariesTest {
  private static final long IDLE = 1000;
  private static final SequenceConfig ENDLESS =
      TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP);
  private static final SequenceConfig STEPPING =
      ENDLESS.with(Boundaries.NONE.withIdleTimeout(IDLE));

  private static Observation at(long timestamp) {
    return at(timestamp, "A");
  }

  private static Observation at(long timestamp, String series) {
    return Observation.of(series, timestamp, 0.1, -0.2, timestamp % 7 * 0.1);
  }

  private static Observation at(String instant) {
    return at(millis(instant));
  }

  private static Observation end(long timestamp) {
    return Observation.endOf("A", timestamp);
  }

  private static Observation start(long timestamp) {
    Observation start = end(timestamp).andStart();
    start.end = false;
    return start;
  }

  private static Observation unusable(Observation marker) {
    marker.unusable = "feature 'x0': found text";
    return marker;
  }

  private static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  /** {@code closed idle 6000 steps 2}: why, when, after how many. */
  private static List<String> closed(SequenceHarness harness) throws Exception {
    harness.barrier(); // rows that wait
    return harness.events().stream()
        .filter(event -> event.reason != null)
        .map(BoundariesTest::closed)
        .toList();
  }

  private static String closed(SequenceEvent event) {
    return "closed "
        + (event.reason == null ? "" : event.reason.label())
        + " "
        + event.timestamp
        + " steps "
        + event.steps;
  }

  private static List<String> lines(SequenceHarness harness) throws Exception {
    harness.barrier();
    return harness.eventLines();
  }

  private static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }

  @Nested
  class CloseAtATimeOfDay {
    private static SequenceConfig at(String time, String zone) {
      return ENDLESS.with(
          Boundaries.NONE.withCloseAt(new CloseAt(LocalTime.parse(time), ZoneId.of(zone))));
    }

    /** Opened at the first, the sequence takes the second in and closes at the third. */
    private static void closes(
        Backend backend, SequenceConfig config, String opened, String within, String due)
        throws Exception {
      try (SequenceHarness timer = SequenceHarness.open(backend, config);
          SequenceHarness record = SequenceHarness.open(backend, config)) {
        for (SequenceHarness harness : List.of(timer, record)) {
          harness.observe(BoundariesTest.at(opened));
          harness.observe(BoundariesTest.at(within));
        }
        timer.watermark(millis(due) - 1);
        assertEquals(List.of(), closed(timer));
        timer.watermark(millis(due));
        record.observe(BoundariesTest.at(due));
        List<String> expected = List.of("closed close-at " + millis(due) + " steps 2");
        assertEquals(expected, closed(timer));
        assertEquals(expected, closed(record));
      }
    }

    /**
     * On 29 March 2026 the clocks of Berlin go from 2 to 3: half past two is at half past three.
     */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void thatTheClocksSkipIsAsMuchLater(Backend backend) throws Exception {
      closes(
          backend,
          at("02:30", "Europe/Berlin"),
          "2026-03-28T23:30:00Z",
          "2026-03-29T01:29:59.999Z",
          "2026-03-29T01:30:00Z");
    }

    /** The day after it is where it always is. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void openedAfterTheSkippedOneItIsTheNextDay(Backend backend) throws Exception {
      closes(
          backend,
          at("02:30", "Europe/Berlin"),
          "2026-03-29T01:30:00Z",
          "2026-03-30T00:29:59.999Z",
          "2026-03-30T00:30:00Z");
    }

    /** On 25 October 2026 it is half past two twice, an hour apart. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void thatTheClocksShowTwiceIsTheFirst(Backend backend) throws Exception {
      closes(
          backend,
          at("02:30", "Europe/Berlin"),
          "2026-10-24T22:00:00Z",
          "2026-10-25T00:29:59.999Z",
          "2026-10-25T00:30:00Z");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void openedBetweenTheTwoItIsTheNextDay(Backend backend) throws Exception {
      closes(
          backend,
          at("02:30", "Europe/Berlin"),
          "2026-10-25T00:45:00Z",
          "2026-10-25T01:30:00Z",
          "2026-10-26T01:30:00Z");
    }

    /** A day of 23 hours. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void openedExactlyThenItIsTheNextDay(Backend backend) throws Exception {
      closes(
          backend,
          at("16:00", "Europe/Berlin"),
          "2026-03-28T15:00:00Z",
          "2026-03-29T13:59:59.999Z",
          "2026-03-29T14:00:00Z");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void openedJustBeforeItClosesAtOnce(Backend backend) throws Exception {
      closes(
          backend,
          at("16:00", "Europe/Berlin"),
          "2026-03-28T14:59:59.998Z",
          "2026-03-28T14:59:59.999Z",
          "2026-03-28T15:00:00Z");
    }

    /** The day there is another one than in UTC. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void goesByItsOwnZone(Backend backend) throws Exception {
      closes(
          backend,
          at("16:00", "America/New_York"),
          "2026-07-01T19:00:00Z",
          "2026-07-01T19:59:59.999Z",
          "2026-07-01T20:00:00Z");
      closes(
          backend,
          at("00:00", "Asia/Kolkata"),
          "2026-07-01T18:29:59.999Z",
          "2026-07-01T18:29:59.999Z",
          "2026-07-01T18:30:00Z");
      closes(
          backend,
          at("23:00", "America/Los_Angeles"),
          "2026-07-02T01:00:00Z",
          "2026-07-02T05:59:59.999Z",
          "2026-07-02T06:00:00Z");
    }

    /** An older one that steps in the sequence changes nothing. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void goesByTheObservationThatOpened(Backend backend) throws Exception {
      closes(
          backend,
          at("16:00", "UTC"),
          "2026-07-01T15:00:00Z",
          "2026-06-29T15:00:00Z",
          "2026-07-01T16:00:00Z");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theEndOfInputClosesThen(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, at("16:00", "UTC"))) {
        harness.observe(BoundariesTest.at("2026-07-01T16:00:00Z"));
        harness.endOfInput();
        assertEquals(
            List.of("closed close-at " + millis("2026-07-02T16:00:00Z") + " steps 1"),
            closed(harness));
      }
    }
  }

  @Nested
  class LimitsThatAreDueTogether {
    private static final long SIX = millis("2026-01-05T00:00:06Z");

    private static final CloseAt AT_SIX = new CloseAt(LocalTime.of(0, 0, 6), ZoneId.of("UTC"));

    /** Opened a second before six, all limits are due at six. */
    private static void closesWith(Backend backend, Boundaries boundaries, String reason)
        throws Exception {
      SequenceConfig config = ENDLESS.with(boundaries);
      try (SequenceHarness timer = SequenceHarness.open(backend, config);
          SequenceHarness record = SequenceHarness.open(backend, config);
          SequenceHarness end = SequenceHarness.open(backend, config)) {
        for (SequenceHarness harness : List.of(timer, record, end)) {
          harness.observe(at(SIX - 1000));
        }
        timer.watermark(SIX);
        record.observe(at(SIX));
        end.endOfInput();
        List<String> expected = List.of("closed " + reason + " " + SIX + " steps 1");
        assertEquals(expected, closed(timer));
        assertEquals(expected, closed(record));
        assertEquals(expected, closed(end));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void idleBeforeMaxDuration(Backend backend) throws Exception {
      closesWith(backend, Boundaries.NONE.withIdleTimeout(1000).withMaxDuration(1000), "idle");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void maxDurationBeforeCloseAt(Backend backend) throws Exception {
      closesWith(
          backend, Boundaries.NONE.withMaxDuration(1000).withCloseAt(AT_SIX), "max-duration");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void idleBeforeCloseAt(Backend backend) throws Exception {
      closesWith(backend, Boundaries.NONE.withIdleTimeout(1000).withCloseAt(AT_SIX), "idle");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void idleBeforeBoth(Backend backend) throws Exception {
      closesWith(
          backend,
          Boundaries.NONE.withIdleTimeout(1000).withMaxDuration(1000).withCloseAt(AT_SIX),
          "idle");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void ofDifferentOnesTheEarliest(Backend backend) throws Exception {
      closesWith(
          backend,
          Boundaries.NONE.withIdleTimeout(1001).withMaxDuration(1000).withCloseAt(AT_SIX),
          "max-duration");
      closesWith(
          backend,
          Boundaries.NONE.withIdleTimeout(1001).withMaxDuration(1001).withCloseAt(AT_SIX),
          "close-at");
    }
  }

  @Nested
  class MinSteps {
    private static final Boundaries TWO = Boundaries.NONE.withIdleTimeout(IDLE).withMinSteps(2);

    private static SequenceConfig atEnd() {
      return STEPPING.with(TWO).with(Emission.AT_END);
    }

    private static SequenceConfig decoding() {
      return atEnd()
          .with(
              Decoding.of(
                  TestModels.decoder(), new DecoderRules(new First.Zeros(), Next.OUTPUT, 3)));
    }

    /** A sequence of one step and one of two, ended by a marker, by time, by the end of input. */
    private static void run(Backend backend, SequenceConfig config, List<String> kinds)
        throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
        for (String series : List.of("marker", "time", "end")) {
          long first = series.equals("end") ? 5500 : 5000;
          harness.observe(Observation.of(series + " short", first, 0.1, 0.2, 0.3));
          harness.observe(Observation.of(series + " long", first, 0.1, 0.2, 0.3));
          harness.observe(Observation.of(series + " long", first + 1, 0.1, 0.2, 0.3));
        }
        harness.observe(Observation.endOf("marker short", 5002));
        harness.observe(Observation.endOf("marker long", 5002));
        harness.observe(Observation.of("end short", 5900, 0.1, 0.2, 0.3).andStart());
        harness.watermark(6001);
        assertEquals(5, harness.events().stream().filter(e -> e.reason != null).count());
        harness.endOfInput();
        for (String series : List.of("marker", "time", "end")) {
          assertEquals(
              kinds,
              harness.predictions().stream()
                  .filter(p -> p.series.equals(series + " long"))
                  .map(p -> p.kind.label() + " " + p.step)
                  .toList(),
              series);
        }
        assertEquals(
            List.of(),
            harness.predictions().stream().filter(p -> p.series.endsWith("short")).toList());
        assertEquals(
            7,
            harness.events().stream().filter(e -> e.reason != null).count(),
            "closed, with or without a prediction");
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void withFewerThereIsNoFinalPrediction(Backend backend) throws Exception {
      run(backend, atEnd(), List.of("final 1"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void withFewerTheDecoderDoesNotRun(Backend backend) throws Exception {
      run(backend, decoding(), List.of("decoded 1", "decoded 1", "decoded 1"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void predictionsAfterStepsGoOutAllTheSame(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING.with(TWO))) {
        harness.observe(at(5000).andEnd());
        assertEquals(List.of("A/5000 step 0 @5000 t/0@0"), harness.predictionLines());
        assertEquals(List.of("closed end 5000 steps 1"), closed(harness));
      }
    }
  }

  @Nested
  class NamedSequences {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void anEndMarkerNeedsNoName(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(end(5001));
        assertEquals(
            List.of("opened A/red @5000 t/0@0", "closed A/red end steps 1 5000..5001 @5001 t/0@1"),
            lines(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anEndMarkerWithTheSameNameEnds(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(end(5001).by("red"));
        assertEquals(List.of("closed end 5001 steps 1"), closed(harness));
      }
    }

    /** It shows that the open sequence is over; what it would end is not open. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void anEndMarkerWithAnotherNameChangesAndOpensNothing(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(end(5001).by("blue"));
        assertEquals(
            List.of(
                "opened A/red @5000 t/0@0", "closed A/red changed steps 1 5000..5000 @5001 t/0@1"),
            lines(harness));
        assertEquals(1, harness.count(Counter.MARKERS));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anEndMarkerWithAnotherNameAndFeaturesIsASequenceOfItsOwn(Backend backend)
        throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(at(5001).by("blue").andEnd());
        assertEquals(
            List.of(
                "opened A/red @5000 t/0@0",
                "closed A/red changed steps 1 5000..5000 @5001 t/0@1",
                "opened A/blue @5001 t/0@1",
                "closed A/blue end steps 1 5001..5001 @5001 t/0@1"),
            lines(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRejectedEndMarkerWithAnotherNameChangesNothing(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(unusable(end(5001).by("blue")));
        harness.observe(Observation.of("A", 5002, Double.NaN, 1, 1).by("blue").andEnd());
        harness.observe(at(5003).by("red"));
        assertEquals(2, harness.rejected().size());
        assertEquals(List.of("opened A/red @5000 t/0@0"), lines(harness));
        assertEquals(1, harness.predictions().get(1).step);
        harness.observe(unusable(end(5004).by("red")));
        harness.observe(unusable(end(5005)));
        assertEquals(List.of("closed end 5004 steps 2"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anObservationWithoutANameStepsInTheOpenSequence(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(at(5001));
        assertEquals(List.of("opened A/red @5000 t/0@0"), lines(harness));
      }
    }

    /** The same name again is another sequence: only the open one is known. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aNameThatComesBackOpensAnew(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(at(5001).by("blue"));
        harness.observe(at(5002).by("red"));
        assertEquals(
            List.of(
                "A/red step 0 @5000 t/0@0",
                "A/blue step 0 @5001 t/0@1",
                "A/red step 0 @5002 t/0@2"),
            harness.predictionLines());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aTimeLimitThatHasPassedCountsBeforeAnotherNameAndAStart(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(at(6000).by("blue"));
        harness.observe(at(7000).by("blue").andStart());
        harness.observe(at(7001).by("red").andStart());
        assertEquals(
            List.of(
                "closed idle 6000 steps 1",
                "closed idle 7000 steps 1",
                "closed restarted 7001 steps 1"),
            closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aLateOneWithAnotherNameLeavesTheOpenSequenceAlone(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(9000).by("red"));
        harness.watermark(9500);
        harness.observe(at(8500).by("blue"));
        harness.observe(at(8400).andStart());
        harness.observe(at(8400).by("red"));
        harness.watermark(10_000);
        assertEquals(
            List.of("t/0@1", "t/0@2"), harness.late().stream().map(late -> late.input).toList());
        assertEquals(
            List.of(
                "opened A/red @9000 t/0@0", "closed A/red idle steps 2 9000..9000 @10000 t/0@3"),
            lines(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theNameSurvivesARestore(Backend backend) throws Exception {
      OperatorSubtaskState snapshot;
      try (SequenceHarness before = SequenceHarness.open(backend, STEPPING)) {
        before.observe(at(5000).by("red"), 0);
        snapshot = before.snapshot();
      }
      try (SequenceHarness after = SequenceHarness.restore(backend, STEPPING, snapshot)) {
        after.observe(at(5001).by("red"), 1);
        after.observe(at(5002).by("blue"), 2);
        assertEquals(
            List.of("A/red step 1 @5001 t/0@1", "A/blue step 0 @5002 t/0@2"),
            after.predictionLines());
      }
    }
  }

  @Nested
  class StartMarkers {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void startAndEndInOneRecordIsASequence(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).andStart().andEnd());
        harness.observe(at(5001));
        harness.observe(at(5002).andStart().andEnd());
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0",
                "closed A/5000 end steps 1 5000..5000 @5000 t/0@0",
                "opened A/5001 @5001 t/0@1",
                "closed A/5001 restarted steps 1 5001..5001 @5002 t/0@2",
                "opened A/5002 @5002 t/0@2",
                "closed A/5002 end steps 1 5002..5002 @5002 t/0@2"),
            lines(harness));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void withoutFeaturesItClosesAndOpensNothing(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000));
        harness.observe(start(5001));
        harness.observe(at(5002));
        harness.observe(start(5003).andEnd());
        assertEquals(
            List.of("closed restarted 5001 steps 1", "closed restarted 5003 steps 1"),
            closed(harness));
        assertEquals(2, harness.count(Counter.MARKERS));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void onAnEmptySeriesItOnlyOpens(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(start(4000));
        harness.observe(at(5000).andStart());
        harness.observe(at(5001));
        assertEquals(List.of("opened A/5000 @5000 t/0@1"), lines(harness));
        assertEquals(1, harness.count(Counter.MARKERS));
        assertEquals(
            List.of("A/5000 step 0 @5000 t/0@1", "A/5000 step 1 @5001 t/0@2"),
            harness.predictionLines());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void pastDueTheSequenceClosesByItsLimit(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000));
        harness.observe(at(6000).andStart());
        harness.observe(start(7000));
        assertEquals(
            List.of("closed idle 6000 steps 1", "closed idle 7000 steps 1"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRejectedOneStartsNothingButItsEndCounts(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000));
        harness.observe(Observation.of("A", 5001, Double.NaN, 1, 1).andStart());
        harness.observe(at(5002));
        assertEquals(List.of("opened A/5000 @5000 t/0@0"), lines(harness));
        harness.observe(Observation.of("A", 5003, Double.NaN, 1, 1).andStart().andEnd());
        assertEquals(List.of("closed end 5003 steps 2"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theFinalPredictionIsTheOldSequences(Backend backend) throws Exception {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, STEPPING.with(Emission.AT_END))) {
        harness.observe(at(5000));
        harness.observe(at(5001).andStart());
        assertEquals(List.of("A/5000 final 0 @5000 t/0@0"), harness.predictionLines());
        harness.endOfInput();
        assertEquals("A/5001 final 0 @5001 t/0@1", harness.predictionLines().get(1));
      }
    }
  }

  @Nested
  class OtherLimitsAfterARestore {
    private static OperatorSubtaskState written(Backend backend, SequenceConfig config, long opened)
        throws Exception {
      try (SequenceHarness before = SequenceHarness.open(backend, config).patient()) {
        before.wallClock(100);
        before.observe(at(opened));
        return before.snapshot();
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void maxDurationIsAdded(Backend backend) throws Exception {
      OperatorSubtaskState snapshot = written(backend, ENDLESS, 5000);
      SequenceConfig limited = ENDLESS.with(Boundaries.NONE.withMaxDuration(2000));
      try (SequenceHarness after = SequenceHarness.restore(backend, limited, snapshot)) {
        assertEquals(1, after.timers());
        after.watermark(6999);
        assertEquals(List.of(), closed(after));
        after.watermark(7000);
        assertEquals(List.of("closed max-duration 7000 steps 1"), closed(after));
        assertEquals(0, after.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void maxDurationIsTakenAway(Backend backend) throws Exception {
      OperatorSubtaskState snapshot =
          written(backend, ENDLESS.with(Boundaries.NONE.withMaxDuration(2000)), 5000);
      try (SequenceHarness after = SequenceHarness.restore(backend, ENDLESS, snapshot)) {
        after.watermark(1_000_000);
        assertEquals(List.of(), closed(after));
        assertEquals(1, after.timers());
        after.endOfInput();
        assertEquals(List.of("closed end-of-input 5000 steps 1"), closed(after));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void closeAtIsEarlierOrLater(Backend backend) throws Exception {
      long opened = millis("2026-07-01T14:00:00Z");
      for (int[] hours : new int[][] {{16, 15}, {16, 17}}) {
        OperatorSubtaskState snapshot = written(backend, closeAt(hours[0], "UTC"), opened);
        try (SequenceHarness after =
            SequenceHarness.restore(backend, closeAt(hours[1], "UTC"), snapshot)) {
          long due = millis("2026-07-01T" + hours[1] + ":00:00Z");
          assertEquals(1, after.timers());
          after.watermark(due - 1);
          assertEquals(List.of(), closed(after));
          after.watermark(due);
          assertEquals(List.of("closed close-at " + due + " steps 1"), closed(after));
        }
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void closeAtIsInAnotherZone(Backend backend) throws Exception {
      long opened = millis("2026-07-01T12:00:00Z");
      OperatorSubtaskState snapshot = written(backend, closeAt(16, "UTC"), opened);
      try (SequenceHarness after =
          SequenceHarness.restore(backend, closeAt(16, "Europe/Berlin"), snapshot)) {
        long due = millis("2026-07-01T14:00:00Z");
        after.observe(at(due));
        assertEquals(List.of("closed close-at " + due + " steps 1"), closed(after));
      }
    }

    private static SequenceConfig closeAt(int hour, String zone) {
      return ENDLESS.with(
          Boundaries.NONE.withCloseAt(new CloseAt(LocalTime.of(hour, 0), ZoneId.of(zone))));
    }

    /** What is open then arrived when the job starts: nothing else is known. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void theClockBecomesThatOfArrival(Backend backend) throws Exception {
      OperatorSubtaskState snapshot = written(backend, STEPPING, 5000);
      try (SequenceHarness after =
          SequenceHarness.restore(backend, byArrival(), snapshot).patient()) {
        assertEquals(1, after.timers());
        after.watermark(1_000_000);
        after.wallClock(999);
        assertEquals(List.of(), closed(after));
        after.wallClock(1000);
        assertEquals(List.of("closed idle 1000 steps 1"), closed(after));
        assertEquals(0, after.timers());
        assertEquals(0, after.sequences());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theClockBecomesThatOfTimestamps(Backend backend) throws Exception {
      OperatorSubtaskState snapshot = written(backend, byArrival(), 5000);
      try (SequenceHarness after = SequenceHarness.restore(backend, STEPPING, snapshot).patient()) {
        assertEquals(1, after.timers());
        after.wallClock(1_000_000);
        after.watermark(5999);
        assertEquals(List.of(), closed(after));
        assertEquals(0, after.clockTimers());
        after.watermark(6000);
        assertEquals(List.of("closed idle 6000 steps 1"), closed(after));
        assertEquals(0, after.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theClockOfArrivalHasAnotherLimit(Backend backend) throws Exception {
      OperatorSubtaskState snapshot = written(backend, byArrival(), 5000); // arrives at 100
      SequenceConfig longer =
          ENDLESS.with(
              Boundaries.NONE.withIdleTimeout(3 * IDLE).withClock(SequenceClock.PROCESSING));
      try (SequenceHarness after = SequenceHarness.restore(backend, longer, snapshot).patient()) {
        after.wallClock(3099);
        assertEquals(List.of(), closed(after));
        after.wallClock(3100);
        assertEquals(List.of("closed idle 3100 steps 1"), closed(after));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anotherOrderIsRefusedBothWays(Backend backend) throws Exception {
      SequenceConfig ordered = STEPPING.with(Order.EVENT_TIME);
      refuses(backend, STEPPING, ordered, "in order arrival, this job has event-time");
      refuses(backend, ordered, STEPPING, "in order event-time, this job has arrival");
    }

    private static void refuses(
        Backend backend, SequenceConfig writes, SequenceConfig reads, String message)
        throws Exception {
      OperatorSubtaskState savepoint;
      try (SequenceHarness before = SequenceHarness.open(backend, writes)) {
        before.observe(at(5000));
        savepoint = before.savepoint();
      }
      Exception refused =
          assertThrows(
              Exception.class, () -> SequenceHarness.restore(backend, reads, savepoint).close());
      assertTrue(
          messages(refused)
              .contains(
                  "state was written "
                      + message
                      + ": observations that are held back would be lost, or come out of order;"
                      + " start without the old state"),
          messages(refused));
    }
  }

  private static SequenceConfig byArrival() {
    return STEPPING.with(STEPPING.boundaries().withClock(SequenceClock.PROCESSING));
  }

  @Nested
  class TheProcessingClock {
    @ParameterizedTest
    @EnumSource(Backend.class)
    void idleIsMeasuredByArrival(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, byArrival()).patient()) {
        harness.wallClock(100_000);
        harness.observe(at(5000));
        harness.wallClock(100_900);
        harness.observe(at(9000)); // 4 s later by its timestamp
        harness.wallClock(101_800);
        harness.observe(at(7000));
        harness.wallClock(102_799);
        assertEquals(List.of(), closed(harness));
        harness.wallClock(102_800);
        assertEquals(
            List.of(
                "opened A/5000 @5000 t/0@0", "closed A/5000 idle steps 3 5000..9000 @102800 t/0@2"),
            lines(harness));
        assertEquals(0, harness.sequences());
        assertEquals(0, harness.timers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void maxDurationIsMeasuredByArrival(Backend backend) throws Exception {
      SequenceConfig config =
          ENDLESS.with(Boundaries.NONE.withMaxDuration(IDLE).withClock(SequenceClock.PROCESSING));
      try (SequenceHarness harness = SequenceHarness.open(backend, config).patient()) {
        harness.wallClock(100_000);
        harness.observe(at(5000));
        harness.wallClock(100_999);
        harness.observe(at(50_000));
        assertEquals(List.of(), closed(harness));
        harness.wallClock(101_000);
        assertEquals(List.of("closed max-duration 101000 steps 2"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void closeAtIsATimeOfTheWallClock(Backend backend) throws Exception {
      SequenceConfig config =
          ENDLESS.with(
              Boundaries.NONE
                  .withCloseAt(new CloseAt(LocalTime.of(16, 0), ZoneId.of("Europe/Berlin")))
                  .withClock(SequenceClock.PROCESSING));
      long due = millis("2026-07-01T14:00:00Z");
      try (SequenceHarness harness = SequenceHarness.open(backend, config).patient()) {
        harness.wallClock(due - 10_000);
        harness.observe(at("2026-06-01T13:00:00Z"));
        harness.wallClock(due - 1);
        harness.observe(at("2026-06-01T15:00:00Z"));
        assertEquals(List.of(), closed(harness));
        harness.wallClock(due);
        assertEquals(List.of("closed close-at " + due + " steps 2"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void nothingIsLate(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, byArrival()).patient()) {
        harness.watermark(1_000_000);
        harness.observe(at(5000));
        assertEquals(List.of("opened A/5000 @5000 t/0@0"), lines(harness));
        assertEquals(0, harness.count(Counter.LATE));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRejectedOneDoesNotPutOffTheClose(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, byArrival()).patient()) {
        harness.observe(at(5000));
        harness.wallClock(900);
        harness.observe(Observation.of("A", 5001, Double.NaN, 1, 1));
        harness.wallClock(1000);
        assertEquals(List.of("closed idle 1000 steps 1"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void primingIsAnArrivalToo(Backend backend) throws Exception {
      SequenceConfig logReturns = TestModels.logReturns(IDLE, Boundaries.NO_LIMIT);
      SequenceConfig config =
          logReturns.with(logReturns.boundaries().withClock(SequenceClock.PROCESSING));
      try (SequenceHarness harness = SequenceHarness.open(backend, config).patient()) {
        harness.wallClock(100);
        harness.observe(Observation.of("A", 5000, 100));
        harness.wallClock(600);
        harness.observe(Observation.of("A", 5000, 101));
        harness.wallClock(1599);
        assertEquals(List.of(), closed(harness));
        harness.wallClock(1600);
        assertEquals(List.of("closed idle 1600 steps 1"), closed(harness));
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void theEndOfInputClosesWithThat(Backend backend) throws Exception {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, byArrival().with(Emission.AT_END)).patient()) {
        harness.wallClock(100_000);
        harness.observe(at(5000));
        harness.observe(at(5001));
        harness.watermark(Long.MAX_VALUE - 1);
        assertEquals(List.of(), closed(harness));
        harness.endOfInput();
        assertEquals(List.of("closed end-of-input 5001 steps 2"), closed(harness));
        assertEquals(List.of("A/5000 final 1 @5001 t/0@1"), harness.predictionLines());
        harness.wallClock(1_000_000);
        assertEquals(1, closed(harness).size());
        assertEquals(0, harness.clockTimers());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void timeThatTheJobIsDownCounts(Backend backend) throws Exception {
      OperatorSubtaskState snapshot;
      try (SequenceHarness before = SequenceHarness.open(backend, byArrival()).patient()) {
        before.wallClock(100_000);
        before.observe(at(5000));
        snapshot = before.snapshot();
      }
      try (SequenceHarness after = SequenceHarness.restore(backend, byArrival(), snapshot)) {
        after.patient().wallClock(500_000);
        assertEquals(List.of("closed idle 101000 steps 1"), closed(after));
        assertEquals(0, after.sequences());
      }
      try (SequenceHarness after = SequenceHarness.restore(backend, byArrival(), snapshot)) {
        after.patient().wallClock(100_900);
        after.observe(at(5001));
        after.wallClock(101_899);
        assertEquals(List.of(), closed(after));
        after.wallClock(101_900);
        assertEquals(List.of("closed idle 101900 steps 2"), closed(after));
      }
    }

    /** The alarm is due when the job starts, and an observation is there before it rings. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void anObservationAfterALongStopShowsThatTimeIsOver(Backend backend) throws Exception {
      OperatorSubtaskState snapshot;
      try (SequenceHarness before = SequenceHarness.open(backend, byArrival()).patient()) {
        before.wallClock(100_000);
        before.observe(at(5000));
        snapshot = before.snapshot();
      }
      try (FlinkHarness after = new FlinkHarness(backend, byArrival(), snapshot, 500_000)) {
        after.observe(at(5001));
        after.flush();
        assertEquals(List.of("closed idle 101000 steps 1", "opened 5001"), after.events());
        assertEquals(1, after.alarms());
        after.wallClock(500_999);
        assertEquals(2, after.events().size());
        after.wallClock(501_000);
        assertEquals("closed idle 501000 steps 1", after.events().get(2));
        assertEquals(0, after.alarms());
      }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anOpenSequenceHasOneAlarmAndAClosedOneNone(Backend backend) throws Exception {
      try (FlinkHarness harness = new FlinkHarness(backend, byArrival(), null, 100_000)) {
        for (int i = 0; i < 5; i++) {
          harness.observe(at(5000 + i));
          harness.flush();
          assertEquals(1, harness.alarms());
          assertEquals(1, harness.timers());
          harness.wallClock(100_000 + 600 * i); // the alarm rings early and moves on
          assertEquals(1, harness.alarms());
        }
        harness.observe(end(5005));
        assertEquals(0, harness.alarms());
        assertEquals(0, harness.timers());
        harness.observe(at(5006));
        harness.observe(at(5007).andStart());
        harness.flush();
        assertEquals(1, harness.alarms());
        harness.endOfInput();
        assertEquals(0, harness.alarms());
        assertEquals(0, harness.timers());
      }
    }

    /** The row runs first, and puts the close off. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void anAlarmWhileARowOfItsSeriesWaits(Backend backend) throws Exception {
      try (FlinkHarness harness = new FlinkHarness(backend, byArrival(), null, 100_000)) {
        harness.observe(at(5000));
        harness.flush();
        harness.wallClock(100_500);
        harness.observe(at(5001));
        assertEquals(1, harness.predictions(), "the second waits");
        harness.wallClock(101_000);
        assertEquals(2, harness.predictions());
        assertEquals(List.of("opened 5000"), harness.events());
        harness.wallClock(101_499);
        assertEquals(1, harness.events().size());
        harness.wallClock(101_500);
        assertEquals("closed idle 101500 steps 2", harness.events().get(1));
      }
    }

    /** The row that waits ends the sequence itself. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void anAlarmWhileTheLastRowOfItsSequenceWaits(Backend backend) throws Exception {
      try (FlinkHarness harness = new FlinkHarness(backend, byArrival(), null, 100_000)) {
        harness.observe(at(5000));
        harness.flush();
        harness.wallClock(100_500);
        harness.observe(at(5001).andEnd());
        harness.wallClock(101_000);
        assertEquals(List.of("opened 5000", "closed end 5001 steps 2"), harness.events());
        assertEquals(0, harness.alarms());
        assertEquals(0, harness.timers());
      }
    }

    /** A row of another series waits: what the alarm makes due does not leave it waiting. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void anAlarmWhileARowOfAnotherSeriesWaits(Backend backend) throws Exception {
      try (FlinkHarness harness = new FlinkHarness(backend, byArrival(), null, 100_000)) {
        harness.observe(at(5000));
        harness.flush();
        harness.observe(at(5001, "another"));
        harness.wallClock(100_500);
        harness.observe(at(5002, "a third"));
        harness.wallClock(101_000);
        assertEquals(
            List.of(
                "opened 5000",
                "closed idle 101000 steps 1",
                "opened 5001",
                "opened 5002",
                "closed idle 101000 steps 1"),
            harness.events());
        assertEquals(1, harness.alarms());
      }
    }
  }

  /** Flink's own harness: the wall clock is there before the operator, and alarms are counted. */
  private static final class FlinkHarness implements AutoCloseable {
    private static final long LONG_DELAY = 1_000_000;

    private final KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness;
    private long position;

    FlinkHarness(
        Backend backend,
        SequenceConfig config,
        @Nullable OperatorSubtaskState state,
        long wallClock)
        throws Exception {
      harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              new SequenceOperator(patient(backend.tune(config))),
              observation -> observation.series,
              Types.STRING,
              SequenceHarness.MAX_PARALLELISM,
              1,
              0);
      harness.setStateBackend(backend.create());
      harness.setup();
      harness.setProcessingTime(wallClock);
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
    }

    /** Batches wait until somebody asks. */
    private static SequenceConfig patient(SequenceConfig config) {
      Tuning tuning = config.tuning();
      return config.with(tuning.withBatch(Math.max(8, tuning.batchSize()), LONG_DELAY));
    }

    void observe(Observation observation) throws Exception {
      harness.processElement(
          new StreamRecord<>(observation.at("t/0@", position++), observation.timestamp));
    }

    void flush() throws Exception {
      harness.prepareSnapshotPreBarrier(1);
    }

    void wallClock(long timestamp) throws Exception {
      harness.setProcessingTime(timestamp);
    }

    void endOfInput() throws Exception {
      harness.processWatermark(Long.MAX_VALUE);
    }

    int alarms() {
      return harness.numProcessingTimeTimers();
    }

    int timers() {
      return harness.numEventTimeTimers();
    }

    long predictions() {
      return harness.getOutput().stream().filter(StreamRecord.class::isInstance).count();
    }

    /** {@code opened 5000} or {@code closed idle 6000 steps 1}. */
    List<String> events() {
      List<String> result = new ArrayList<>();
      if (harness.getSideOutput(Outputs.SEQUENCES) != null) {
        for (StreamRecord<SequenceEvent> record : harness.getSideOutput(Outputs.SEQUENCES)) {
          SequenceEvent event = record.getValue();
          result.add(event.reason == null ? "opened " + event.sequence : closed(event));
        }
      }
      return result;
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
}
