package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.BY_ARRIVAL;
import static io.unroll.job.operator.TestSequences.ENDLESS;
import static io.unroll.job.operator.TestSequences.IDLE;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.brief;
import static io.unroll.job.operator.TestSequences.closed;
import static io.unroll.job.operator.TestSequences.end;
import static io.unroll.job.operator.TestSequences.lines;
import static io.unroll.job.operator.TestSequences.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emission;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;

/** Sequences that close by the wall clock, and their alarms. */
final class ProcessingClockTest {
  @ParameterizedTest
  @OnBackends
  void idleIsMeasuredByArrival(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, BY_ARRIVAL).patient()) {
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
  @OnBackends
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
  @OnBackends
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
  @OnBackends
  void nothingIsLate(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, BY_ARRIVAL).patient()) {
      harness.watermark(1_000_000);
      harness.observe(at(5000));
      assertEquals(List.of("opened A/5000 @5000 t/0@0"), lines(harness));
      assertEquals(0, harness.count(Counter.LATE));
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRejectedOneDoesNotPutOffTheClose(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, BY_ARRIVAL).patient()) {
      harness.observe(at(5000));
      harness.wallClock(900);
      harness.observe(Observation.of("A", 5001, Double.NaN, 1, 1));
      harness.wallClock(1000);
      assertEquals(List.of("closed idle 1000 steps 1"), closed(harness));
    }
  }

  @ParameterizedTest
  @OnBackends
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
  @OnBackends
  void theEndOfInputClosesWithThat(Backend backend) throws Exception {
    try (SequenceHarness harness =
        SequenceHarness.open(backend, BY_ARRIVAL.with(Emission.AT_END)).patient()) {
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
  @OnBackends
  void timeThatTheJobIsDownCounts(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, BY_ARRIVAL).patient()) {
      before.wallClock(100_000);
      before.observe(at(5000));
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, BY_ARRIVAL, snapshot)) {
      after.patient().wallClock(500_000);
      assertEquals(List.of("closed idle 101000 steps 1"), closed(after));
      assertEquals(0, after.sequences());
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, BY_ARRIVAL, snapshot)) {
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
  @OnBackends
  void anObservationAfterALongStopShowsThatTimeIsOver(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, BY_ARRIVAL).patient()) {
      before.wallClock(100_000);
      before.observe(at(5000));
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.waiting(backend, BY_ARRIVAL, snapshot, 500_000)) {
      after.observe(at(5001));
      after.barrier();
      assertEquals(List.of("closed idle 101000 steps 1", "opened 5001"), brief(after));
      assertEquals(1, after.alarms());
      after.wallClock(500_999);
      assertEquals(2, brief(after).size());
      after.wallClock(501_000);
      assertEquals("closed idle 501000 steps 1", brief(after).get(2));
      assertEquals(0, after.alarms());
    }
  }

  @ParameterizedTest
  @OnBackends
  void anOpenSequenceHasOneAlarmAndAClosedOneNone(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.waiting(backend, BY_ARRIVAL, null, 100_000)) {
      for (int i = 0; i < 5; i++) {
        harness.observe(at(5000 + i));
        harness.barrier();
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
      harness.barrier();
      assertEquals(1, harness.alarms());
      harness.endOfInput();
      assertEquals(0, harness.alarms());
      assertEquals(0, harness.timers());
    }
  }

  /** The row runs first, and puts the close off. */
  @ParameterizedTest
  @OnBackends
  void anAlarmWhileARowOfItsSeriesWaits(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.waiting(backend, BY_ARRIVAL, null, 100_000)) {
      harness.observe(at(5000));
      harness.barrier();
      harness.wallClock(100_500);
      harness.observe(at(5001));
      assertEquals(1, harness.predictions().size(), "the second waits");
      harness.wallClock(101_000);
      assertEquals(2, harness.predictions().size());
      assertEquals(List.of("opened 5000"), brief(harness));
      harness.wallClock(101_499);
      assertEquals(1, brief(harness).size());
      harness.wallClock(101_500);
      assertEquals("closed idle 101500 steps 2", brief(harness).get(1));
    }
  }

  /** The row that waits ends the sequence itself. */
  @ParameterizedTest
  @OnBackends
  void anAlarmWhileTheLastRowOfItsSequenceWaits(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.waiting(backend, BY_ARRIVAL, null, 100_000)) {
      harness.observe(at(5000));
      harness.barrier();
      harness.wallClock(100_500);
      harness.observe(at(5001).andEnd());
      harness.wallClock(101_000);
      assertEquals(List.of("opened 5000", "closed end 5001 steps 2"), brief(harness));
      assertEquals(0, harness.alarms());
      assertEquals(0, harness.timers());
    }
  }

  /** A row of another series waits: what the alarm makes due does not leave it waiting. */
  @ParameterizedTest
  @OnBackends
  void anAlarmWhileARowOfAnotherSeriesWaits(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.waiting(backend, BY_ARRIVAL, null, 100_000)) {
      harness.observe(at(5000));
      harness.barrier();
      harness.observe(at("another", 5001));
      harness.wallClock(100_500);
      harness.observe(at("a third", 5002));
      harness.wallClock(101_000);
      assertEquals(
          List.of(
              "opened 5000",
              "closed idle 101000 steps 1",
              "opened 5001",
              "opened 5002",
              "closed idle 101000 steps 1"),
          brief(harness));
      assertEquals(1, harness.alarms());
    }
  }
}
