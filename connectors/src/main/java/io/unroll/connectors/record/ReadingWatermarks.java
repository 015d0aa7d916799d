package io.unroll.connectors.record;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.NoWatermarksGenerator;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * The event clock of a source, per partition. A record's time is its observation's, the highest of
 * several.
 *
 * <p>A rejected or skipped reading moves no watermark and is no sign of life: a partition with
 * nothing but poison, or with nothing that is meant, becomes idle like a silent one and does not
 * hold the others.
 */
public final class ReadingWatermarks {

  /** How often the partitions of a group hear of each other. */
  private static final Duration ALIGNMENT_INTERVAL = Duration.ofSeconds(1);

  private ReadingWatermarks() {}

  /**
   * A watermark {@code outOfOrder} behind the highest timestamp of each partition.
   *
   * <p>When all partitions of a reader were idle and one wakes, the others count as active for
   * another {@code idleAfter}: what waits in them is read before event time passes it. Readers do
   * not know of each other.
   *
   * @param outOfOrder how far records may be out of order, zero or more
   * @param idleAfter how long a partition without observations holds the others, above zero
   */
  public static WatermarkStrategy<Reading> strategy(Duration outOfOrder, Duration idleAfter) {
    return new Strategy(new PartitionWatermarks.OfOneReader(outOfOrder, idleAfter));
  }

  /**
   * A watermark at least {@code outOfOrder} behind the highest timestamp of each file, moved by the
   * records alone: on whole multiples of an eighth of it, so that what is late is the same in every
   * run, however fast a file is read, and as few watermarks cut batches short as the bound allows.
   *
   * @param outOfOrder how far records may be out of order, zero or more
   */
  public static WatermarkStrategy<Reading> replayed(Duration outOfOrder) {
    return new Strategy(context -> new ObservationsOnly(new ByRecords(outOfOrder.toMillis())));
  }

  /** No watermark before the end of the input, for files. */
  public static WatermarkStrategy<Reading> none() {
    return new Strategy(context -> new NoWatermarksGenerator<>());
  }

  /**
   * The same watermarks, of partitions that wait for each other: one whose watermark is further
   * ahead than {@code maxDrift} is not read until the slowest has come closer. One that is idle
   * holds nobody.
   *
   * @param group what waits for each other, within a job
   * @param maxDrift how far a partition may be ahead of the slowest, above zero
   */
  public static WatermarkStrategy<Reading> aligned(
      WatermarkStrategy<Reading> strategy, String group, Duration maxDrift) {
    return strategy.withWatermarkAlignment(group, maxDrift, ALIGNMENT_INTERVAL);
  }

  private record Strategy(WatermarkGeneratorSupplier<Reading> generators)
      implements WatermarkStrategy<Reading> {

    @Override
    public WatermarkGenerator<Reading> createWatermarkGenerator(
        WatermarkGeneratorSupplier.Context context) {
      return generators.createWatermarkGenerator(context);
    }

    @Override
    public TimestampAssigner<Reading> createTimestampAssigner(
        TimestampAssignerSupplier.Context context) {
      return (reading, sourceTimestamp) -> {
        long time = reading.eventTime();
        return time == Reading.NO_TIME ? sourceTimestamp : time;
      };
    }
  }

  /** Looks at no clock, and remembers nothing that a restart could lose but the last watermark. */
  private static final class ByRecords implements WatermarkGenerator<Reading> {
    private static final int STEPS = 8;

    private final long bound;
    private final long step;
    private long last = Long.MIN_VALUE;

    ByRecords(long bound) {
      this.bound = bound;
      step = Math.max(1, bound / STEPS);
    }

    @Override
    public void onEvent(Reading reading, long eventTimestamp, WatermarkOutput output) {
      long watermark = Math.floorDiv(eventTimestamp - bound - 1, step) * step;
      if (watermark > last) {
        last = watermark;
        output.emitWatermark(new Watermark(watermark));
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      // The records say all.
    }
  }

  /** Hides readings without observations from the generator inside. */
  private record ObservationsOnly(WatermarkGenerator<Reading> inside)
      implements WatermarkGenerator<Reading> {

    @Override
    public void onEvent(Reading reading, long eventTimestamp, WatermarkOutput output) {
      if (reading.eventTime() != Reading.NO_TIME) {
        inside.onEvent(reading, eventTimestamp, output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      inside.onPeriodicEmit(output);
    }
  }
}
