package io.unroll.job.life;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A time of day that ends whatever sequence is open then.
 *
 * <p>Where a day's clocks skip the time it is as much later as they skip, and where they show it
 * twice it is the first one.
 *
 * @param time of the day
 * @param zone where
 */
public record CloseAt(LocalTime time, ZoneId zone) implements Serializable {

  /** True at such a moment: what happens then belongs to the sequence after it. */
  public boolean isAt(long timestamp) {
    return after(timestamp - 1) == timestamp;
  }

  /**
   * The next such moment.
   *
   * @param timestamp epoch milliseconds
   * @return epoch milliseconds, after {@code timestamp}
   */
  long after(long timestamp) {
    // What is skipped before midnight comes on the day after.
    LocalDate day = Instant.ofEpochMilli(timestamp).atZone(zone).toLocalDate().minusDays(1);
    while (true) {
      long moment = ZonedDateTime.of(day, time, zone).toInstant().toEpochMilli();
      if (moment > timestamp) {
        return moment;
      }
      day = day.plusDays(1);
    }
  }
}
