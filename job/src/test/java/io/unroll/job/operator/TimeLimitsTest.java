package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.ENDLESS;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.closed;
import static io.unroll.job.operator.TestSequences.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;

/** What time closes where {@link TimelinesTest} draws nothing: corners of corners. */
final class TimeLimitsTest {
  @Nested
  class CloseAtATimeOfDay {
    private static SequenceConfig closingAt(String time, String zone) {
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
          harness.observe(at(opened));
          harness.observe(at(within));
        }
        timer.watermark(millis(due) - 1);
        assertEquals(List.of(), closed(timer));
        timer.watermark(millis(due));
        record.observe(at(due));
        List<String> expected = List.of("closed close-at " + millis(due) + " steps 2");
        assertEquals(expected, closed(timer));
        assertEquals(expected, closed(record));
      }
    }

    /**
     * On 29 March 2026 the clocks of Berlin go from 2 to 3: half past two is at half past three.
     */
    @ParameterizedTest
    @OnBackends
    void thatTheClocksSkipIsAsMuchLater(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("02:30", "Europe/Berlin"),
          "2026-03-28T23:30:00Z",
          "2026-03-29T01:29:59.999Z",
          "2026-03-29T01:30:00Z");
    }

    /** The day after it is where it always is. */
    @ParameterizedTest
    @OnBackends
    void openedAfterTheSkippedOneItIsTheNextDay(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("02:30", "Europe/Berlin"),
          "2026-03-29T01:30:00Z",
          "2026-03-30T00:29:59.999Z",
          "2026-03-30T00:30:00Z");
    }

    /** On 25 October 2026 it is half past two twice, an hour apart. */
    @ParameterizedTest
    @OnBackends
    void thatTheClocksShowTwiceIsTheFirst(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("02:30", "Europe/Berlin"),
          "2026-10-24T22:00:00Z",
          "2026-10-25T00:29:59.999Z",
          "2026-10-25T00:30:00Z");
    }

    @ParameterizedTest
    @OnBackends
    void openedBetweenTheTwoItIsTheNextDay(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("02:30", "Europe/Berlin"),
          "2026-10-25T00:45:00Z",
          "2026-10-25T01:30:00Z",
          "2026-10-26T01:30:00Z");
    }

    /** A day of 23 hours. */
    @ParameterizedTest
    @OnBackends
    void openedExactlyThenItIsTheNextDay(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("16:00", "Europe/Berlin"),
          "2026-03-28T15:00:00Z",
          "2026-03-29T13:59:59.999Z",
          "2026-03-29T14:00:00Z");
    }

    @ParameterizedTest
    @OnBackends
    void openedJustBeforeItClosesAtOnce(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("16:00", "Europe/Berlin"),
          "2026-03-28T14:59:59.998Z",
          "2026-03-28T14:59:59.999Z",
          "2026-03-28T15:00:00Z");
    }

    /** The day there is another one than in UTC. */
    @ParameterizedTest
    @OnBackends
    void goesByItsOwnZone(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("16:00", "America/New_York"),
          "2026-07-01T19:00:00Z",
          "2026-07-01T19:59:59.999Z",
          "2026-07-01T20:00:00Z");
      closes(
          backend,
          closingAt("00:00", "Asia/Kolkata"),
          "2026-07-01T18:29:59.999Z",
          "2026-07-01T18:29:59.999Z",
          "2026-07-01T18:30:00Z");
      closes(
          backend,
          closingAt("23:00", "America/Los_Angeles"),
          "2026-07-02T01:00:00Z",
          "2026-07-02T05:59:59.999Z",
          "2026-07-02T06:00:00Z");
    }

    /** An older one that steps in the sequence changes nothing. */
    @ParameterizedTest
    @OnBackends
    void goesByTheObservationThatOpened(Backend backend) throws Exception {
      closes(
          backend,
          closingAt("16:00", "UTC"),
          "2026-07-01T15:00:00Z",
          "2026-06-29T15:00:00Z",
          "2026-07-01T16:00:00Z");
    }

    @ParameterizedTest
    @OnBackends
    void theEndOfInputClosesThen(Backend backend) throws Exception {
      try (SequenceHarness harness = SequenceHarness.open(backend, closingAt("16:00", "UTC"))) {
        harness.observe(at("2026-07-01T16:00:00Z"));
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
    @OnBackends
    void idleBeforeMaxDuration(Backend backend) throws Exception {
      closesWith(backend, Boundaries.NONE.withIdleTimeout(1000).withMaxDuration(1000), "idle");
    }

    @ParameterizedTest
    @OnBackends
    void maxDurationBeforeCloseAt(Backend backend) throws Exception {
      closesWith(
          backend, Boundaries.NONE.withMaxDuration(1000).withCloseAt(AT_SIX), "max-duration");
    }

    @ParameterizedTest
    @OnBackends
    void idleBeforeCloseAt(Backend backend) throws Exception {
      closesWith(backend, Boundaries.NONE.withIdleTimeout(1000).withCloseAt(AT_SIX), "idle");
    }

    @ParameterizedTest
    @OnBackends
    void idleBeforeBoth(Backend backend) throws Exception {
      closesWith(
          backend,
          Boundaries.NONE.withIdleTimeout(1000).withMaxDuration(1000).withCloseAt(AT_SIX),
          "idle");
    }

    @ParameterizedTest
    @OnBackends
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
}
