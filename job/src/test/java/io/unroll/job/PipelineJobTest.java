package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline file says reaches the reader and the operator. */
final class PipelineJobTest {
  private static final Path EXAMPLES = Path.of("../deploy/examples").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private PipelineJob job(String observation, String sequence, String emit) throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("kafka/weather.yaml")), EXAMPLES)
            .replaceFirst("\n  watermark: .*\n", "\n")
            .replaceFirst("\nobservation:\n", "\nobservation:\n" + observation)
            .replaceFirst("\nsequence:\n", "\nsequence:\n" + sequence)
            .replaceFirst("\nemit: .*\n", "\nemit: " + emit + "\n");
    return PipelineJob.load(Files.writeString(folder.resolve("p.yaml"), text));
  }

  @Test
  void theOperatorIsToldFeaturesAndGaps() throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("gaps.yaml")), EXAMPLES)
            .replace(
                "fill: previous ", "fill: feedback\n    feedback: {temp_min: lo, temp_max: hi} ")
            .replace("outputs: [temp_max, temp_min]", "outputs: [hi, lo]");
    PipelineJob job = PipelineJob.load(Files.writeString(folder.resolve("p.yaml"), text));
    SequenceConfig config = job.sequences();
    assertEquals(Gap.feedback(86_400_000L, 3, Map.of(1, 0, 2, 1)), config.course().gap());
    assertEquals(
        List.of(
            Feature.raw("precipitation"),
            Feature.raw("temp_max"),
            Feature.raw("temp_min"),
            Feature.raw("wind").missing(Missing.PREVIOUS)),
        config.features());
    assertTrue(job.outputFields().marks());

    PipelineJob previous = PipelineJob.load(EXAMPLES.resolve("gaps.yaml"));
    assertEquals(Gap.previous(86_400_000L, 3), previous.sequences().course().gap());
    PipelineJob none = PipelineJob.load(EXAMPLES.resolve("weather.yaml"));
    assertNull(none.sequences().course().gap());
    assertFalse(none.outputFields().marks());
  }

  @Test
  void theOperatorIsToldEveryLimit() throws Exception {
    SequenceConfig config =
        job(
                "",
                """
                  max-duration: 8 h
                  close-at: {time: 16:00, zone: Europe/Berlin}
                  max-steps: 500
                  min-steps: 3
                  clock: processing
                  order: event-time
                  max-delay: 5 s
                """,
                "{on: end}")
            .sequences();
    assertEquals(
        new Boundaries(
            7 * 86_400_000L,
            8 * 3_600_000L,
            new CloseAt(LocalTime.of(16, 0), ZoneId.of("Europe/Berlin")),
            500,
            3,
            SequenceClock.PROCESSING),
        config.boundaries());
    assertEquals(Order.EVENT_TIME, config.order());
    assertEquals(Emission.AT_END, config.output().emission());
    assertEquals(
        new Emission(Emit.STEP, 10), job("", "", "{every: 10}").sequences().output().emission());
  }

  @Test
  void theReaderKnowsMarkersAndNames() throws Exception {
    PipelineJob job =
        job(
            "  end: {field: state, in: [STOP, 7]}\n  start: fresh\n",
            "  by: batch.id\n",
            "{on: step}");
    Observation first = read(job, "\"fresh\":true,\"state\":\"RUN\",\"batch\":{\"id\":12}");
    assertEquals("12 start=true end=false", words(first));
    assertEquals(
        "b start=false end=true", words(read(job, "\"state\":7,\"batch\":{\"id\":\"b\"}")));
    assertEquals(
        "b start=false end=false", words(read(job, "\"state\":7.0,\"batch\":{\"id\":\"b\"}")));
  }

  private static String words(Observation observation) {
    return observation.by + " start=" + observation.start + " end=" + observation.end;
  }

  private static Observation read(PipelineJob job, String fields) {
    String record =
        "{\"series\":\"Seattle\",\"timestamp\":1325376000000,\"precipitation\":0,\"temp_max\":1,"
            + "\"temp_min\":0,\"wind\":2,"
            + fields
            + "}";
    Observation observation = job.reader().read(record.getBytes(UTF_8), "test:", 1).observation;
    assertNotNull(observation, record);
    return observation;
  }
}
