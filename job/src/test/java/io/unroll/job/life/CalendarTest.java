package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.unroll.job.life.Calendar.Cycle;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalendarTest {
  /** Feed 72: the minutes count; and the clock on the wall where it is put back. */
  @ParameterizedTest
  @CsvSource({
    "minute-of-day, UTC, 2026-03-02T01:00:00Z, .25881904, .96592583",
    "minute-of-day, UTC, 2026-03-02T01:59:00Z, .49621650, .86819881",
    "minute-of-day, UTC, 2026-03-02T02:00:00Z, .5, .8660254",
    "minute-of-day, UTC, 2024-12-31T12:00:59.999Z, 0, -1",
    "minute-of-day, Europe/Berlin, 2026-10-25T00:30:00Z, .60876143, .79335334",
    "minute-of-day, Europe/Berlin, 2026-10-25T01:30:00Z, .60876143, .79335334",
    "hour-of-week, UTC, 2026-03-02T00:59:00Z, 0, 1",
    "hour-of-week, UTC, 2026-03-03T18:00:00Z, 1, 0",
    "hour-of-week, UTC, 2026-03-05T12:00:00Z, 0, -1",
    "hour-of-week, Europe/Berlin, 2026-03-05T11:30:00Z, 0, -1",
    "hour-of-day, UTC, 2026-03-02T01:59:00Z, .25881904, .96592583",
    "day-of-week, UTC, 2026-03-02T23:59:00Z, 0, 1"
  })
  void writesSineAndCosine(String cycle, String zone, Instant time, float sine, float cosine) {
    float[] inputs = new float[3];
    for (Cycle each : Cycle.values()) {
      if (each.label().equals(cycle)) {
        new Calendar(each, ZoneId.of(zone)).write(time.toEpochMilli(), inputs, 1);
      }
    }
    assertArrayEquals(new float[] {0, sine, cosine}, inputs, 1e-6f);
  }
}
