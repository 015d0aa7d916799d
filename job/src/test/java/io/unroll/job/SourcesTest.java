package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event clock that a pipeline's source gets. */
final class SourcesTest {
  private static final Path EXAMPLES = Path.of("../deploy/examples").toAbsolutePath().normalize();

  @TempDir private Path folder;

  /** The example over Kafka, with keys in its sections {@code source} and {@code sequence}. */
  private WatermarkStrategy<Reading> kafka(String source, String sequence) throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("kafka/weather.yaml")), EXAMPLES)
            .replaceFirst("\n  watermark: .*\n", "\n")
            .replaceFirst("\nsource:\n", "\nsource:\n" + source)
            .replaceFirst("\nsequence:\n", "\nsequence:\n" + sequence);
    return strategy(Files.writeString(folder.resolve("kafka.yaml"), text));
  }

  @SuppressWarnings("unchecked") // the source of readings
  private static WatermarkStrategy<Reading> strategy(Path pipeline) throws Exception {
    PipelineJob job = PipelineJob.load(pipeline);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(job.configuration(new Configuration()));
    SourceTransformation<Reading, ?, ?> source =
        (SourceTransformation<Reading, ?, ?>) Sources.of(job, env).getTransformation();
    return source.getWatermarkStrategy();
  }

  /** The watermark behind an observation at 1 000 000 ms. */
  private static List<Long> watermarks(WatermarkStrategy<Reading> strategy) {
    WatermarkGenerator<Reading> generator =
        strategy.createWatermarkGenerator(
            new WatermarkGeneratorSupplier.Context() {
              @Override
              public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
              }

              @Override
              public RelativeClock getInputActivityClock() {
                return SystemClock.getInstance();
              }
            });
    List<Long> watermarks = new ArrayList<>();
    WatermarkOutput output =
        new WatermarkOutput() {
          @Override
          public void emitWatermark(Watermark watermark) {
            watermarks.add(watermark.getTimestamp());
          }

          @Override
          public void markIdle() {
            throw new AssertionError("idle at once");
          }

          @Override
          public void markActive() {
            // It is.
          }
        };
    generator.onEvent(Reading.of(Observation.of("a", 1_000_000, 1)), 1_000_000, output);
    generator.onPeriodicEmit(output);
    return watermarks;
  }

  @Test
  void aFileHasNoWatermarkInTheOrderOfArrival() throws Exception {
    assertEquals(List.of(), watermarks(strategy(EXAMPLES.resolve("weather.yaml"))));
  }

  /** On a multiple of an eighth of it, by the record alone and not by a clock. */
  @Test
  void aFileThatIsSortedHasOneBehindMaxDelay() throws Exception {
    long eighth = 3 * 86_400_000L / 8;
    long latest = 1_000_000 - 3 * 86_400_000L - 1;
    assertEquals(
        List.of(Math.floorDiv(latest, eighth) * eighth),
        watermarks(strategy(EXAMPLES.resolve("event-time.yaml"))));
  }

  @Test
  void topicsHaveOneAtTheBoundOfTheirOrder() throws Exception {
    assertEquals(List.of(999_999L), watermarks(kafka("", "")));
    assertEquals(List.of(997_999L), watermarks(kafka("  watermark: {out-of-order: 2 s}\n", "")));
    assertEquals(
        List.of(994_999L), watermarks(kafka("", "  order: event-time\n  max-delay: 5 s\n")));
  }

  @Test
  void partitionsThatMayNotDriftAreAligned() throws Exception {
    assertFalse(kafka("", "").getAlignmentParameters().isEnabled());
    WatermarkStrategy<Reading> aligned =
        kafka("  watermark: {max-drift: 10 min}\n", "  order: event-time\n  max-delay: 5 s\n");
    assertTrue(aligned.getAlignmentParameters().isEnabled());
    assertEquals("weather-kafka", aligned.getAlignmentParameters().getWatermarkGroup());
    assertEquals(600_000, aligned.getAlignmentParameters().getMaxAllowedWatermarkDrift());
    assertEquals(List.of(994_999L), watermarks(aligned));
  }
}
