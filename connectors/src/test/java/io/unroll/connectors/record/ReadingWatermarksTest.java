package io.unroll.connectors.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class ReadingWatermarksTest {

  private final ManualClock clock = new ManualClock(1_000_000_000L);
  private final List<String> out = new ArrayList<>();

  private final WatermarkOutput output =
      new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark watermark) {
          out.add(Long.toString(watermark.getTimestamp()));
        }

        @Override
        public void markIdle() {
          out.add("idle");
        }

        @Override
        public void markActive() {
          out.add("active");
        }
      };

  private WatermarkGenerator<Reading> generator(WatermarkStrategy<Reading> strategy) {
    return strategy.createWatermarkGenerator(
        new WatermarkGeneratorSupplier.Context() {
          @Override
          public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
          }

          @Override
          public RelativeClock getInputActivityClock() {
            return clock;
          }
        });
  }

  private static Reading observed(long timestamp) {
    return Reading.of(Observation.of("a", timestamp, 1));
  }

  private static Reading rejected(long timestamp) {
    Rejected rejected = new Rejected();
    rejected.timestamp = timestamp;
    return Reading.of(rejected);
  }

  private void tick(WatermarkGenerator<Reading> generator, long millis) {
    clock.advanceTime(Duration.ofMillis(millis));
    generator.onPeriodicEmit(output);
  }

  /** Every eighth of the bound, on multiples of it, whoever looks at the clock. */
  @Test
  void aReplayMovesByItsRecordsAlone() {
    var generator = generator(ReadingWatermarks.replayed(Duration.ofMillis(800)));
    for (long timestamp : List.of(1_000L, 1_001L, 1_050L, 1_101L, 900L, 1_150L, 1_650L)) {
      generator.onEvent(observed(timestamp), timestamp, output);
      tick(generator, 500);
    }
    generator.onEvent(rejected(9_000), 9_000, output);
    assertEquals(List.of("100", "200", "300", "800"), out);
  }

  @Test
  void aReplayInOrderMovesWithEachTimestamp() {
    var generator = generator(ReadingWatermarks.replayed(Duration.ZERO));
    for (long timestamp : List.of(-1L, 0L, 0L, 7L)) {
      generator.onEvent(observed(timestamp), timestamp, output);
    }
    assertEquals(List.of("-2", "-1", "6"), out);
  }

  @Test
  void followsTheHighestObservationAtADistance() {
    var generator =
        generator(ReadingWatermarks.strategy(Duration.ofSeconds(5), Duration.ofMinutes(1)));
    generator.onEvent(observed(100_000), 100_000, output);
    generator.onEvent(observed(90_000), 90_000, output);
    tick(generator, 200);
    assertEquals(List.of("94999"), out);
  }

  @Test
  void rejectedRecordsMoveNoWatermark() {
    var generator = generator(ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)));
    generator.onEvent(observed(100_000), 100_000, output);
    generator.onEvent(rejected(200_000), 200_000, output);
    tick(generator, 200);
    assertEquals(List.of("99999"), out);
  }

  @Test
  void aPartitionOfPoisonBecomesIdle() {
    var generator = generator(ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)));
    for (int second = 0; second < 90; second++) {
      generator.onEvent(rejected(200_000), 200_000, output);
      tick(generator, 1000);
    }
    assertEquals("idle", out.get(out.size() - 1));
    assertEquals(1, out.stream().filter("idle"::equals).count());
    generator.onEvent(observed(300_000), 300_000, output);
    tick(generator, 1000);
    assertEquals("299999", out.get(out.size() - 1));
  }

  /** Skipped records are like silence: they say nothing, and hold nobody. */
  @Test
  void aPartitionOfSkippedRecordsBecomesIdle() {
    var generator = generator(ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)));
    generator.onEvent(observed(100_000), 100_000, output);
    for (int second = 0; second < 90; second++) {
      generator.onEvent(Reading.skipped(), 200_000, output);
      tick(generator, 1000);
    }
    assertEquals(List.of("99999", "idle"), out.stream().distinct().toList());
    var replayed = generator(ReadingWatermarks.replayed(Duration.ZERO));
    out.clear();
    replayed.onEvent(Reading.skipped(), 200_000, output);
    assertEquals(List.of(), out);
  }

  /** Event time moves when all of a record has been read. */
  @Test
  void aRecordOfSeveralCountsByItsHighest() {
    Reading several =
        Reading.ofAll(List.of(observed(100_000), observed(300_000), rejected(900_000)));
    var strategy = ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1));
    long timestamp =
        strategy
            .createTimestampAssigner(UnregisteredMetricsGroup::new)
            .extractTimestamp(several, 7);
    assertEquals(300_000, timestamp);
    var generator = generator(strategy);
    generator.onEvent(several, timestamp, output);
    tick(generator, 200);
    assertEquals(List.of("299999"), out);
    assertEquals(Reading.NO_TIME, Reading.ofAll(List.of(rejected(900_000))).eventTime());
  }

  @Test
  void filesHaveNoWatermarkBeforeTheirEnd() {
    var generator = generator(ReadingWatermarks.none());
    generator.onEvent(observed(100_000), 100_000, output);
    tick(generator, 200);
    assertEquals(List.of(), out);
  }

  @Test
  void alignedPartitionsHaveTheSameClock() throws Exception {
    WatermarkStrategy<Reading> plain =
        ReadingWatermarks.strategy(Duration.ofSeconds(5), Duration.ofMinutes(1));
    WatermarkStrategy<Reading> aligned =
        InstantiationUtil.clone(
            ReadingWatermarks.aligned(plain, "weather", Duration.ofMinutes(10)));
    var parameters = aligned.getAlignmentParameters();
    assertTrue(parameters.isEnabled());
    assertEquals("weather", parameters.getWatermarkGroup());
    assertEquals(600_000, parameters.getMaxAllowedWatermarkDrift());
    assertEquals(1000, parameters.getUpdateInterval());
    assertFalse(plain.getAlignmentParameters().isEnabled());

    var generator = generator(aligned);
    generator.onEvent(observed(100_000), 100_000, output);
    generator.onEvent(rejected(200_000), 200_000, output);
    tick(generator, 200);
    assertEquals(List.of("94999"), out);
  }

  @Test
  void aRecordsTimeIsItsObservations() throws Exception {
    for (WatermarkStrategy<Reading> strategy :
        List.of(
            ReadingWatermarks.none(),
            ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)),
            ReadingWatermarks.aligned(
                ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)),
                "weather",
                Duration.ofMinutes(10)))) {
      TimestampAssignerSupplier.Context context = UnregisteredMetricsGroup::new;
      var assigner = InstantiationUtil.clone(strategy).createTimestampAssigner(context);
      assertEquals(5, assigner.extractTimestamp(observed(5), 99));
      assertEquals(99, assigner.extractTimestamp(rejected(5), 99));
    }
  }
}
