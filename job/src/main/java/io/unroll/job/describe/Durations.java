package io.unroll.job.describe;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Durations as a pipeline writes them: a number and one of ms, s, min, h, d. */
public final class Durations {
  /** A century: beyond it a number is a slip, and far below what overflows milliseconds. */
  public static final Duration LONGEST = Duration.ofDays(36_500);

  // What has a number of milliseconds.
  private static final Duration LEAST = Duration.ofMillis(Long.MIN_VALUE + 1);
  private static final Duration MOST = Duration.ofMillis(Long.MAX_VALUE);

  /** The units' names, the shortest first. */
  public static final List<String> UNITS = List.of("ms", "s", "min", "h", "d");

  private static final Map<String, Duration> LENGTHS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "min", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private Durations() {}

  /** How long a unit is; null for what is none. */
  public static @Nullable Duration unit(String name) {
    return LENGTHS.get(name);
  }

  /**
   * {@code 7 d}, as the pipeline file writes it; what has no number of whole milliseconds as Java
   * does.
   */
  public static String words(Duration duration) {
    boolean whole = duration.equals(duration.truncatedTo(ChronoUnit.MILLIS));
    return whole && duration.compareTo(LEAST) >= 0 && duration.compareTo(MOST) <= 0
        ? words(duration.toMillis())
        : duration.toString();
  }

  /** {@code 7 d}, as the pipeline file writes it. */
  public static String words(long millis) {
    if (millis == 0) {
      return "0 s";
    }
    for (int i = UNITS.size() - 1; i > 0; i--) {
      long length = LENGTHS.getOrDefault(UNITS.get(i), Duration.ZERO).toMillis();
      if (millis % length == 0) {
        return millis / length + " " + UNITS.get(i);
      }
    }
    return millis + " ms";
  }
}
