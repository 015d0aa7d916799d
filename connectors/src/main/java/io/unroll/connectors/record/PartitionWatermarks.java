package io.unroll.connectors.record;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;
import org.jspecify.annotations.Nullable;

/**
 * The watermark of one partition: a fixed distance behind its highest timestamp, idle when it has
 * been silent for long enough.
 *
 * <p>The watermark moves when Flink asks, never with a record: each one would cut the operator's
 * batch. So a partition that wakes can tell the others of its reader before event time has moved.
 */
final class PartitionWatermarks implements WatermarkGenerator<Reading> {
  private final long bound;
  private final long idleNanos;
  private final RelativeClock clock;
  private final Wakings wakings;

  private long highest;
  private boolean heard;
  private boolean idle;

  /** Whether the silence is being measured, and since when by {@link #clock}. */
  private boolean silent;

  private long silentSince;

  /** The number of the waking that this partition has heard of. */
  private long woken;

  /** The number of the round in which it was last looked at. */
  private long round = -1;

  private PartitionWatermarks(long bound, long idleNanos, RelativeClock clock, Wakings wakings) {
    this.bound = bound;
    this.idleNanos = idleNanos;
    this.clock = clock;
    this.wakings = wakings;
    this.woken = wakings.count;
    this.highest =
        Long.MIN_VALUE + bound + 1; // so that the lowest watermark is the lowest there is
  }

  @Override
  public void onEvent(Reading reading, long timestamp, WatermarkOutput output) {
    if (reading.eventTime() == Reading.NO_TIME) {
      return; // moves nothing, and is no sign of life
    }
    highest = Math.max(highest, timestamp);
    heard = true;
    if (idle) {
      idle = false;
      wakings.wake();
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    boolean wasIdle = idle;
    idle = isIdle();
    wakings.look(this);
    if (!idle) {
      if (wasIdle) { // Flink does not learn it from a watermark that has not risen
        output.markActive();
      }
      output.emitWatermark(new Watermark(highest - bound - 1));
    } else if (!wasIdle) {
      output.markIdle();
    }
  }

  private boolean isIdle() {
    if (heard || woken != wakings.count) {
      heard = false;
      woken = wakings.count;
      silent = false;
      return false;
    }
    if (!silent) {
      silent = true;
      silentSince = clock.relativeTimeNanos();
      return false;
    }
    return clock.relativeTimeNanos() - silentSince > idleNanos;
  }

  /**
   * What the partitions of one reader know of each other: whether all were idle when one woke.
   * Flink looks at all of them in turn, and says nothing when it drops one, so who is awake is
   * counted anew in every round.
   */
  private static final class Wakings {
    private long count;
    private long round;
    private int awake;

    /** One that was idle has heard something. */
    void wake() {
      if (awake == 0) {
        count++;
      }
      awake++;
    }

    /** One is looked at: for the second time since the round began means that a new one begins. */
    void look(PartitionWatermarks partition) {
      if (partition.round == round) {
        round++;
        awake = 0;
      }
      partition.round = round;
      if (!partition.idle) {
        awake++;
      }
    }
  }

  /** Flink gives each reader a supplier of its own. */
  static final class OfOneReader implements WatermarkGeneratorSupplier<Reading> {
    private static final long serialVersionUID = 1L;

    private final long bound;
    private final Duration idleAfter;
    private transient @Nullable Wakings wakings;

    OfOneReader(Duration outOfOrder, Duration idleAfter) {
      if (outOfOrder.isNegative()) {
        throw new IllegalArgumentException(
            "out-of-order: found " + outOfOrder + ", expected zero or more");
      }
      if (idleAfter.isZero() || idleAfter.isNegative()) {
        throw new IllegalArgumentException(
            "idle-after: found " + idleAfter + ", expected more than zero");
      }
      this.bound = outOfOrder.toMillis();
      this.idleAfter = idleAfter;
    }

    @Override
    public WatermarkGenerator<Reading> createWatermarkGenerator(Context context) {
      Wakings shared = wakings;
      if (shared == null) {
        shared = new Wakings();
        wakings = shared;
      }
      return new PartitionWatermarks(
          bound, nanos(idleAfter), context.getInputActivityClock(), shared);
    }

    private static long nanos(Duration duration) {
      try {
        return duration.toNanos();
      } catch (ArithmeticException tooLong) {
        return Long.MAX_VALUE;
      }
    }
  }
}
