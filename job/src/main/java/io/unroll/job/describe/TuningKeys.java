package io.unroll.job.describe;

import io.unroll.job.life.Tuning;
import java.time.Duration;
import java.util.List;

/** {@code batch} and {@code state}: how fast, and with how much memory; no output depends on it. */
public final class TuningKeys {
  /** A longer wait would be a slip of the unit. */
  private static final Duration LONGEST_BATCH_DELAY = Duration.ofMinutes(1);

  private static final Keys BATCH = new Keys("batch");
  private static final Keys STATE = new Keys("state");

  /** The most series that advance together. */
  public static final Key<Long> BATCH_SIZE =
      BATCH.standard(
          "size",
          Type.whole(1, Tuning.LARGEST_BATCH),
          (long) Tuning.BATCH_SIZE,
          "The most series in a batch, 1 to 1024; 1 runs every observation at once");

  /** How long an observation waits for others. */
  public static final Key<Duration> BATCH_DELAY =
      BATCH.standard(
          "delay",
          new Type.Span(Duration.ofMillis(1), LONGEST_BATCH_DELAY),
          Duration.ofMillis(Tuning.BATCH_DELAY_MILLIS),
          "The longest that an observation waits for others; 1 ms to 1 min");

  /** Room for live series in front of a state backend that is not the heap, in bytes per slot. */
  public static final Key<Long> CACHE =
      STATE.standard(
          "cache",
          new Type.Size(),
          Tuning.CACHE_BYTES,
          "Memory for live series in front of a state backend other than the heap, per"
              + " slot: a number and B, KiB, MiB or GiB; 0 for no cache");

  private TuningKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(BATCH, STATE);
  }
}
