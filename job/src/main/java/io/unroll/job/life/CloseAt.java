package io.unroll.job.life;

import java.io.Serializable;
import java.time.Duration;
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
 * @param inclusive true if what happens in the very millisecond of the close belongs to the
 *     sequence that closes, false if it belongs to the next one
 * @param margin how much later than that time of day the close is; 0 or more
 */
public record CloseAt(LocalTime time, ZoneId zone, boolean inclusive, Duration margin)
    implements Serializable {
  /** At that time of day, whose instant belongs to the next sequence. */
  public CloseAt(LocalTime time, ZoneId zone) {
    this(time, zone, false, Duration.ZERO);
  }

  /** The same, and the instant of the close belongs to the sequence that closes. */
  public CloseAt including() {
    return new CloseAt(time, zone, true, margin);
  }

  /** The same, so much later than the time of day. */
  public CloseAt withMargin(Duration later) {
    return new CloseAt(time, zone, inclusive, later);
  }

  /** True at the moment of a close. */
  public boolean isAt(long timestamp) {
    return after(timestamp - 1) == timestamp;
  }

  /** In words, as far as they are not the default. */
  public String words() {
    return time
        + " "
        + zone
        + (margin.isZero() ? "" : " + " + margin.toMillis() + " ms")
        + (inclusive ? " inclusive" : "");
  }

  /**
   * The first moment of the sequence after the next close.
   *
   * @param timestamp epoch milliseconds
   * @return epoch milliseconds, after {@code timestamp}
   */
  long after(long timestamp) {
    long later = margin.toMillis() + (inclusive ? 1 : 0);
    return timeOfDayAfter(timestamp - later) + later;
  }

  private long timeOfDayAfter(long timestamp) {
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
