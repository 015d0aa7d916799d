package io.unroll.job.life;

import java.io.Serializable;

/**
 * What is remembered of a series across its sequences.
 *
 * @param keepMillis how long after the last observation that was used
 * @param duplicates among how many of the last observations a duplicate is looked for; {@link
 *     #NO_DUPLICATES} where none is
 */
public record SeriesMemory(long keepMillis, int duplicates) implements Serializable {
  /** {@link #duplicates} where identities are not remembered. */
  public static final int NO_DUPLICATES = 0;

  /** {@link #duplicates} where nobody says otherwise. */
  public static final int DUPLICATES = 64;

  /** The most observations among which a duplicate is looked for. */
  public static final int MOST_DUPLICATES = 10_000;

  public SeriesMemory {
    if (keepMillis <= 0) {
      throw new IllegalArgumentException(
          "keep-series-for: found " + keepMillis + " ms, expected more than 0");
    }
    if (duplicates < NO_DUPLICATES || duplicates > MOST_DUPLICATES) {
      throw new IllegalArgumentException(
          "deduplicate-by: found a window of " + duplicates + ", expected 0 to " + MOST_DUPLICATES);
    }
  }
}
