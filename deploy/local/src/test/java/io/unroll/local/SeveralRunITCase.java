package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.job.PipelineJob;
import io.unroll.model.GoldenCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of several pipelines in one job: in a process that is killed, and by the next command. */
@Timeout(600)
final class SeveralRunITCase {
  @TempDir private Path folder;

  @BeforeEach
  void resolve() throws Exception {
    folder = folder.toRealPath();
  }

  /** The long pipeline under another name, with outputs of its own. */
  private Path other(Path pipeline) throws Exception {
    return Files.writeString(
        folder.resolve("other.yaml"),
        Files.readString(pipeline).replace("name: long", "name: other").replace("out/", "other/"));
  }

  private interface Moment {
    boolean isThere() throws Exception;
  }

  private void killAt(Moment moment, Path last, List<String> before) throws Exception {
    Process child = ChildRun.start(folder, last, List.of(), before);
    try {
      while (!moment.isThere()) {
        assertTrue(
            child.isAlive(), () -> "ended before it could be killed: " + ChildRun.said(folder));
        Thread.sleep(10);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private Optional<Path> newest(String job) throws Exception {
    return RunFolder.newestCheckpoint(folder.resolve(".unroll/" + job + "/checkpoints"));
  }

  private boolean isVisible(String output) throws Exception {
    return !Parts.lines(folder.resolve(output)).isEmpty();
  }

  private List<String> sorted(String output) throws Exception {
    return Parts.sorted(folder.resolve(output));
  }

  private static Said done(Object... words) {
    Said said = Said.by(words);
    assertEquals(0, said.code(), said.err());
    return said;
  }

  private List<String> refused(Object... words) {
    Said said = Said.by(words);
    assertEquals(1, said.code(), said.out());
    return said.err().replace(folder + "/", "").lines().toList();
  }

  private void assertNothingUnfinished(String... folders) throws Exception {
    for (String name : folders) {
      assertEquals(List.of("lock"), Parts.names(folder.resolve(".unroll/" + name)), name);
    }
  }

  @Test
  void pipelinesThatWereKilledTogetherGoOnEachByItself() throws Exception {
    Path one = LongPipeline.write(folder);
    Path other = other(one);
    killAt(
        () ->
            newest("long+other").isPresent()
                && isVisible("out/predictions")
                && isVisible("other/predictions"),
        other,
        List.of(one.toString()));
    Path cut = newest("long+other").orElseThrow();

    Said apart = done("run", other);
    assertEquals(
        List.of(
            "other: continues from " + cut,
            "other: that run had other pipelines; those that are not in this one keep their state"
                + " there"),
        apart.errLines().subList(0, 2));
    assertTrue(apart.out().contains("inputs       200,000 = 200,000 steps "), apart.out());
    List<String> predictions = sorted("other/predictions");
    List<String> events = sorted("other/sequences");

    String parts = String.join("\n", refused("run", one, other));
    assertTrue(
        parts.endsWith("Move them away; --overwrite would start the other pipelines over too."),
        parts);
    Files.move(folder.resolve("other"), folder.resolve("moved"));
    assertEquals(
        "other: the unfinished run of the others, "
            + folder.relativize(cut)
            + ", has state of this pipeline, whose own run has ended since. Run the others without"
            + " it to their end first, or start over with --fresh (and --overwrite).",
        refused("run", one, other).get(0));

    Said rest = done("run", one);
    assertEquals("long: continues from " + cut, rest.errLines().get(0));
    assertTrue(rest.out().contains("inputs       200,000 = 200,000 steps "), rest.out());
    assertNothingUnfinished("long", "other");

    // Not assertEquals on the lists: its message would hold all of them.
    assertEquals(LongPipeline.ROWS, predictions.size());
    assertTrue(sorted("out/predictions").equals(predictions), "both read the same");
    assertTrue(sorted("out/sequences").equals(events), "both read the same");
    Said whole = done("run", "--overwrite", one, other);
    assertTrue(sorted("other/predictions").equals(predictions), "predictions differ");
    assertTrue(sorted("other/sequences").equals(events), "sequences differ");
    assertTrue(sorted("out/predictions").equals(predictions), "predictions differ");
    assertNothingUnfinished("long", "other", "long+other");
    assertEquals(
        List.of("long: finished", "other: finished"),
        whole.outLines().stream().filter(line -> line.endsWith(": finished")).toList());
    assertEquals(
        2,
        whole.outLines().stream()
            .filter(line -> line.startsWith("inputs       200,000 = 200,000 steps "))
            .count());
  }

  @Tag("thorough")
  @Test
  void aPipelineThatWasKilledGoesOnBesideOneThatStarts() throws Exception {
    Path one = LongPipeline.write(folder);
    Path other = other(one);
    killAt(() -> newest("long").isPresent() && isVisible("out/predictions"), one, List.of());
    Path cut = newest("long").orElseThrow();

    // Killed once more, before or after the first checkpoint of both.
    killAt(
        () -> Files.exists(folder.resolve(".unroll/other/signature")),
        one,
        List.of(other.toString()));
    Said both = done("run", one, other);
    List<String> said = both.errLines();
    assertTrue(said.get(0).startsWith("long+other: continues from "), both.err());
    if (said.get(0).equals("long+other: continues from " + cut)) {
      assertEquals("other: was not in that run and starts from nothing", said.get(2));
    }
    assertEquals(LongPipeline.ROWS, sorted("out/predictions").size());
    assertTrue(sorted("out/predictions").equals(sorted("other/predictions")), "they differ");
    assertTrue(sorted("out/sequences").equals(sorted("other/sequences")), "they differ");
    assertNothingUnfinished("long", "other", "long+other");
  }

  @Tag("thorough")
  @Test
  void unfinishedRunsThatWereNeverTogetherAreNotMixed() throws Exception {
    Path one = LongPipeline.write(folder);
    Path other = other(one);
    killAt(() -> newest("long").isPresent(), one, List.of());
    killAt(() -> newest("other").isPresent(), other, List.of());
    List<String> said = refused("run", one, other);
    assertEquals(
        "found unfinished runs of these pipelines that were no longer together, expected one that"
            + " they all go on from:",
        said.get(0));
    assertEquals(
        List.of(
            "  long: " + folder.relativize(newest("long").orElseThrow()),
            "  other: " + folder.relativize(newest("other").orElseThrow())),
        said.subList(1, 3));
    Said check = Said.by("check", one, other);
    assertEquals(0, check.code(), check.err());
    assertTrue(
        check.out().contains("warning: run would not start: found unfinished runs"), check.out());
    assertTrue(check.outLines().contains("job           long+other"), check.out());
    done("run", "--overwrite", one, other);
    assertNothingUnfinished("long", "other", "long+other");
  }

  @Tag("thorough")
  @Test
  void aPipelineWhoseInputHadEndedStaysEnded() throws Exception {
    Path one = LongPipeline.write(folder);
    Path small = Files.createDirectories(folder.resolve("small"));
    Path golden = GoldenPipeline.write(small, GoldenCase.load("01-basic-rnn-cell"), "step", "json");
    Path shared = small.resolve(".unroll/golden+long/checkpoints"); // beside the first one's file
    long[] ended = {0};
    killAt(
        () -> {
          long newest =
              RunFolder.newestCheckpoint(shared)
                  .map(path -> Long.parseLong(path.getFileName().toString().substring(4)))
                  .orElse(0L);
          if (ended[0] == 0 && isVisible("small/out/sequences")) {
            ended[0] = newest + 1; // its tasks end when this one is complete
          }
          return ended[0] > 0 && newest > ended[0] + 1;
        },
        one,
        List.of(golden.toString()));
    List<String> before = sorted("small/out/predictions");
    assertFalse(before.isEmpty());
    Said both = done("run", golden, one);
    assertEquals(
        "golden: had come to the end of its input and reads nothing more", both.errLines().get(1));
    assertEquals("golden: had finished before", both.outLines().get(0));
    assertEquals(before, sorted("small/out/predictions"));
    assertEquals(LongPipeline.ROWS, sorted("out/predictions").size());
  }

  /** Each notes its own transactions, so that a start from nothing need not look twice. */
  @Test
  void pipelinesOfTopicsShareAJob() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      for (String topic : List.of("weather", "predictions", "sequences", "rejected", "late", "b")) {
        broker.createTopic(topic, 1);
      }
      broker.produce(
          "weather",
          IntStream.range(0, 20)
              .mapToObj(
                  day ->
                      "{\"series\":\"A\",\"timestamp\":"
                          + (1_325_376_000_000L + day * 86_400_000L)
                          + ",\"precipitation\":0,\"temp_max\":12,\"temp_min\":5,\"wind\":1}")
              .toArray(String[]::new));
      Path first = Examples.copy(folder).resolve("kafka/weather.yaml");
      String text =
          Files.readString(first)
              .replace("localhost:9092", broker.bootstrapServers())
              .replace("start: earliest", "start: earliest, stop: latest");
      Files.writeString(first, text);
      Path second =
          Files.writeString(
              first.resolveSibling("b.yaml"),
              text.replace("name: weather-kafka", "name: b")
                  .replace("group.id: unroll", "group.id: b")
                  .replaceAll("topic: (sequences|rejected|late)", "topic: b")
                  .replace("topic: predictions", "topic: b")
                  .replaceAll("(?m)^  (sequences|rejected|late): .*\\R", ""));
      assertEquals(1, PipelineJob.load(second).pipeline().sink().outputs().size());
      for (int run = 1; run <= 2; run++) {
        Said said = done("run", first, second);
        assertFalse(said.err().contains("looking twice"), said.err());
        assertEquals(
            List.of("b: finished", "weather-kafka: finished"),
            said.outLines().stream().filter(line -> line.endsWith(": finished")).toList());
        assertEquals(20 * run, broker.consumeText("predictions").size());
        assertEquals(broker.consumeText("predictions"), broker.consumeText("b"));
      }
      Said alone = done("run", first);
      assertFalse(alone.err().contains("looking twice"), alone.err());
    }
  }
}
