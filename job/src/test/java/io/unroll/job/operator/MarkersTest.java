package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.STEPPING;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.closed;
import static io.unroll.job.operator.TestSequences.end;
import static io.unroll.job.operator.TestSequences.lines;
import static io.unroll.job.operator.TestSequences.start;
import static io.unroll.job.operator.TestSequences.unusable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Emission;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;

/** Names, start and end markers where {@link TimelinesTest} draws nothing: corners of corners. */
final class MarkersTest {
  @Nested
  class NamedSequences {
    @ParameterizedTest
    @OnBackends
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
    @OnBackends
    void anEndMarkerWithTheSameNameEnds(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(end(5001).by("red"));
        assertEquals(List.of("closed end 5001 steps 1"), closed(harness));
      }
    }

    /** It shows that the open sequence is over; what it would end is not open. */
    @ParameterizedTest
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
    void anObservationWithoutANameStepsInTheOpenSequence(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
        harness.observe(at(5000).by("red"));
        harness.observe(at(5001));
        assertEquals(List.of("opened A/red @5000 t/0@0"), lines(harness));
      }
    }

    /** The same name again is another sequence: only the open one is known. */
    @ParameterizedTest
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
    @OnBackends
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
}
