package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.BY_ARRIVAL;
import static io.unroll.job.operator.TestSequences.ENDLESS;
import static io.unroll.job.operator.TestSequences.IDLE;
import static io.unroll.job.operator.TestSequences.STEPPING;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.closed;
import static io.unroll.job.operator.TestSequences.messages;
import static io.unroll.job.operator.TestSequences.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Sequences that are open when the job starts with other limits, another clock or another order.
 */
final class RestoredLimitsTest {
  private static OperatorSubtaskState written(Backend backend, SequenceConfig config, long opened)
      throws Exception {
    try (SequenceHarness before = SequenceHarness.open(backend, config).patient()) {
      before.wallClock(100);
      before.observe(at(opened));
      return before.snapshot();
    }
  }

  @ParameterizedTest
  @OnBackends
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
  @OnBackends
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
  @OnBackends
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
  @OnBackends
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
  @OnBackends
  void theClockBecomesThatOfArrival(Backend backend) throws Exception {
    OperatorSubtaskState snapshot = written(backend, STEPPING, 5000);
    try (SequenceHarness after = SequenceHarness.restore(backend, BY_ARRIVAL, snapshot).patient()) {
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
  @OnBackends
  void theClockBecomesThatOfTimestamps(Backend backend) throws Exception {
    OperatorSubtaskState snapshot = written(backend, BY_ARRIVAL, 5000);
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
  @OnBackends
  void theClockOfArrivalHasAnotherLimit(Backend backend) throws Exception {
    OperatorSubtaskState snapshot = written(backend, BY_ARRIVAL, 5000); // arrives at 100
    SequenceConfig longer =
        ENDLESS.with(Boundaries.NONE.withIdleTimeout(3 * IDLE).withClock(SequenceClock.PROCESSING));
    try (SequenceHarness after = SequenceHarness.restore(backend, longer, snapshot).patient()) {
      after.wallClock(3099);
      assertEquals(List.of(), closed(after));
      after.wallClock(3100);
      assertEquals(List.of("closed idle 3100 steps 1"), closed(after));
    }
  }

  @ParameterizedTest
  @OnBackends
  void anotherOrderIsRefusedBothWays(Backend backend) throws Exception {
    SequenceConfig ordered = STEPPING.with(Order.EVENT_TIME);
    refuses(backend, STEPPING, ordered, "arrival, is event-time");
    refuses(backend, ordered, STEPPING, "event-time, is arrival");
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
        messages(refused).contains("\n  sequence.order: was " + message + "\n"), messages(refused));
  }
}
