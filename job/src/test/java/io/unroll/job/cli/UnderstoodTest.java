package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.PipelineJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} says of where sequences end, their order and what they emit. */
final class UnderstoodTest {
  private static final Path EXAMPLES = Path.of("../deploy/examples").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private static List<String> lines(Path pipeline, String... names) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String line : Understood.of(PipelineJob.load(pipeline)).lines().toList()) {
      for (String name : names) {
        if (line.startsWith(name + " ")) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  private static List<String> example(String name) throws Exception {
    return lines(EXAMPLES.resolve(name + ".yaml"), "named by", "closes by", "order", "emits");
  }

  @Test
  void sequencesWithoutLimits() throws Exception {
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     end of input",
            "order         of arrival",
            "emits         after every step"),
        example("own"));
  }

  @Test
  void sessions() throws Exception {
    assertEquals(
        List.of(
            "named by      session",
            "closes by     another value in session, close-at 17:30 Europe/Berlin, end of input",
            "order         of arrival",
            "emits         after every step"),
        example("sessions"));
  }

  @Test
  void limits() throws Exception {
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     max-duration 90 d, end of input",
            "order         of arrival",
            "emits         when a sequence closes that has at least 60 steps"),
        example("limits"));
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     idle-timeout 7 d, max-steps 30, end of input",
            "order         of arrival",
            "emits         when a sequence closes"),
        example("months"));
  }

  @Test
  void gapsAndFeaturesOfTime() throws Exception {
    assertEquals(
        List.of(
            "features      precipitation, temp_max, temp_min, wind (missing: previous)",
            "closes by     a gap wider than 3 steps, end of input",
            "gaps          of steps expected every 1 d, at most 3 filled with the inputs before"),
        lines(EXAMPLES.resolve("gaps.yaml"), "features", "closes by", "gaps"));
    String text =
        Files.readString(EXAMPLES.resolve("gaps.yaml"))
            .replace("feeds/", EXAMPLES + "/feeds/")
            .replace("models/", EXAMPLES + "/models/")
            .replace("fill: previous ", "fill: feedback\n    feedback: {/3: temp_max} ");
    int features = text.indexOf("    - precipitation");
    Path file =
        Files.writeString(
            folder.resolve("p.yaml"),
            text.substring(0, features)
                + """
                    - {clock: hour-of-day, zone: Europe/Berlin}
                    - {time-delta: min}
                    - {field: /3, transform: log1p, missing: {value: 0}}
                """
                + text.substring(text.indexOf("sequence:")));
    assertEquals(
        List.of(
            "features      hour-of-day in Europe/Berlin, time since the step before in min, 1.0 x log1p"
                + " of /3 (missing: 0.0)",
            "gaps          of steps expected every 1 d, at most 3 filled with temp_max fed back to /3"),
        lines(file, "features", "gaps"));
  }

  @Test
  void timestampsAreTheOrder() throws Exception {
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     idle-timeout 7 d, end of input",
            "order         by timestamp, held back for 3 d",
            "emits         after every step"),
        example("event-time"));
  }

  @Test
  void everythingAtOnce() throws Exception {
    String text =
        Files.readString(EXAMPLES.resolve("kafka/weather.yaml"))
            .replace("../models/", EXAMPLES + "/models/")
            .replaceFirst("\n  out-of-order: .*\n", "\n")
            .replaceFirst(
                "\nsource:\n", "\nsource:\n  max-drift: 10 min\n  when-all-idle: advance\n")
            .replaceFirst(
                "\nobservation:\n",
                "\nobservation:\n  end: {field: state, in: [STOP, DONE]}\n  start: fresh\n")
            .replaceFirst(
                "\nsequence:\n",
                """

                sequence:
                  by: batch.id
                  max-duration: 8 h
                  close-at: {time: 16:00, zone: "+01:00"}
                  max-steps: 500
                  clock: processing
                  order: event-time
                  max-delay: 0 s
                """)
            .replaceFirst("\nemit: .*\n", "\nemit: {every: 10}\n");
    Path pipeline = Files.writeString(folder.resolve("p.yaml"), text);
    assertEquals(
        List.of(
            "named by      batch.id",
            "closes by     end marker in state (STOP or DONE), start marker in fresh, another value in"
                + " batch.id, idle-timeout 7 d by the wall clock, max-duration 8 h by the wall clock,"
                + " close-at 16:00 +01:00 by the wall clock, max-steps 500, end of input",
            "order         by timestamp, held back for 0 s",
            "emits         after every 10 steps of a sequence"),
        lines(pipeline, "named by", "closes by", "order", "emits"));
    String source = lines(pipeline, "source").get(0);
    assertTrue(
        source.endsWith(
            ", partitions at most 10 min ahead of the slowest, event time goes on with the wall"
                + " clock when all are silent"),
        source);
  }
}
