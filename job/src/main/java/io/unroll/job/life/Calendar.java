package io.unroll.job.life;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A place in a cycle of the calendar as two model inputs, the sine and the cosine of its angle, so
 * that the end of a cycle is beside its beginning.
 *
 * @param cycle which one
 * @param zone whose calendar
 */
public record Calendar(Cycle cycle, ZoneId zone) implements Serializable {
  /** Model inputs of each. */
  static final int INPUTS = 2;

  /**
   * The cycles; whole numbers as a data frame's hour, day of week and day of year are. By the
   * zone's clock on the wall, also on days when it changes.
   */
  public enum Cycle {
    /** Hours since midnight, of 24. */
    HOUR_OF_DAY("hour-of-day", 24),
    /** Days since Monday, of 7. */
    DAY_OF_WEEK("day-of-week", 7),
    /** Days since the first of January, of 365.25. */
    DAY_OF_YEAR("day-of-year", 365.25),
    /** Minutes since midnight, of 1440. */
    MINUTE_OF_DAY("minute-of-day", 1440),
    /** Hours since the midnight before Monday, of 168. */
    HOUR_OF_WEEK("hour-of-week", 168);

    private final String label;
    private final double length;

    Cycle(String label, double length) {
      this.label = label;
      this.length = length;
    }

    /** The word in the pipeline file. */
    public String label() {
      return label;
    }
  }

  /**
   * Writes sine and cosine.
   *
   * @param timestamp epoch milliseconds
   * @param inputs from {@code offset} on. Modified.
   */
  public void write(long timestamp, float[] inputs, int offset) {
    ZonedDateTime time = Instant.ofEpochMilli(timestamp).atZone(zone);
    int place =
        switch (cycle) {
          case HOUR_OF_DAY -> time.getHour();
          case DAY_OF_WEEK -> time.getDayOfWeek().getValue() - 1;
          case DAY_OF_YEAR -> time.getDayOfYear() - 1;
          case MINUTE_OF_DAY -> time.getHour() * 60 + time.getMinute();
          case HOUR_OF_WEEK -> (time.getDayOfWeek().getValue() - 1) * 24 + time.getHour();
        };
    double angle = 2 * Math.PI * place / cycle.length;
    // StrictMath: the same bits interpreted and compiled, so that a replay is invisible.
    inputs[offset] = (float) StrictMath.sin(angle);
    inputs[offset + 1] = (float) StrictMath.cos(angle);
  }
}
