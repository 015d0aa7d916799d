package io.unroll.connectors.format;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The timestamps that a source believes. What lies outside is rejected before any watermark sees
 * it.
 *
 * @param from the earliest, inclusive
 * @param to the end, exclusive
 * @param maxAhead how far past the wall clock a timestamp may be; null for no such limit (files)
 */
public record TimestampBounds(Instant from, Instant to, @Nullable Duration maxAhead)
    implements Serializable {

  /** 2000-01-01 to 2100-01-01, UTC, with no limit against the wall clock. */
  public static final TimestampBounds DEFAULT =
      new TimestampBounds(
          Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"), null);

  /** Default of {@link #maxAhead} for Kafka sources. */
  public static final Duration DEFAULT_MAX_AHEAD = Duration.ofMinutes(5);
}
