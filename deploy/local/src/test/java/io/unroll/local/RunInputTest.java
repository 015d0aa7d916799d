package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.PipelineJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an unfinished run is recognised by. */
final class RunInputTest {
  @TempDir private Path folder;

  private List<String> sequences(String observation, String sequence) throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replaceFirst("\nobservation:\n", "\nobservation:\n" + observation)
            .replaceFirst("\nsequence:\n", "\nsequence:\n" + sequence));
    return RunInput.of(PipelineJob.load(pipeline))
        .lines()
        .filter(line -> line.matches("(end|start|by|order|window): .*"))
        .toList();
  }

  /** As versions wrote it that knew no other marker: their runs go on. */
  @Test
  void withoutMoreThanAnEndMarkerItIsWhatItWas() throws Exception {
    assertEquals(List.of("end: null"), sequences("", ""));
  }

  @Test
  void aFieldOfTheEndIsItsName() throws Exception {
    assertEquals(List.of("end: eos"), sequences("  end: eos\n", ""));
  }

  @Test
  void markersAndNamesAreInIt() throws Exception {
    assertEquals(
        List.of("end: state in [STOP, DONE]", "start: fresh", "by: day"),
        sequences("  end: {field: state, in: [STOP, DONE]}\n  start: fresh\n", "  by: day\n"));
  }

  /** What a checkpoint could not be gone on from. */
  @Test
  void orderAndWindowAreInIt() throws Exception {
    assertEquals(
        List.of("end: null", "order: event-time", "window: 30"),
        sequences("", "  order: event-time\n  max-delay: 3 d\n  window: 30\n"));
  }
}
