package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own is killed after a checkpoint; the next run goes on from there. */
final class CutOffRunITCase {
  @TempDir private Path folder;

  @Test
  void continuesFromItsNewestCheckpointWithNothingTwiceAndNothingMissing() throws Exception {
    folder = folder.toRealPath();
    Path pipeline = LongPipeline.write(folder);
    Path predictions = folder.resolve("out/predictions");
    Path sequences = folder.resolve("out/sequences");
    Path checkpoints = folder.resolve(".unroll/long/checkpoints");

    Process child = start(pipeline);
    try {
      while (RunFolder.newestCheckpoint(checkpoints).isEmpty()
          || Parts.lines(predictions).isEmpty()) {
        assertTrue(child.isAlive(), () -> "ended before it could be killed: " + said());
        Thread.sleep(10);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    int visible = Parts.lines(predictions).size();
    assertTrue(visible < LongPipeline.ROWS, visible + " predictions were visible already");

    try (RunFolder held = RunFolder.open(folder, "long")) { // as a run that goes on holds it
      assertEquals(checkpoints, held.checkpoints());
      Said second = Said.by("run", pipeline);
      assertEquals(1, second.code());
      assertEquals(
          "pipeline 'long' is running already (" + folder.resolve(".unroll/long") + " is locked)\n",
          second.err());
    }

    Said fresh = Said.by("run", "--fresh", pipeline);
    assertEquals(1, fresh.code());
    assertTrue(fresh.err().contains("of an earlier run"), fresh.err());
    Path newest = RunFolder.newestCheckpoint(checkpoints).orElseThrow();

    Said continued = Said.by("run", pipeline);
    assertEquals(0, continued.code(), continued.err());
    assertEquals("long: continues from " + newest, continued.errLines().get(0));
    List<String> together = Parts.sorted(predictions);
    List<String> events = Parts.sorted(sequences);
    assertTrue(continued.out().contains("inputs       200,000 = 200,000 steps "), continued.out());
    assertEquals(List.of("lock"), Parts.names(folder.resolve(".unroll/long")));

    Said whole = Said.by("run", "--overwrite", pipeline);
    assertEquals(0, whole.code(), whole.err());
    assertEquals(LongPipeline.ROWS, together.size());
    // Not assertEquals on the lists: its message would hold all of them.
    assertTrue(Parts.sorted(predictions).equals(together), "predictions differ");
    assertTrue(Parts.sorted(sequences).equals(events), "sequences differ");
    assertNotEquals(0, events.size());
  }

  /**
   * Restarting would not help, and would say the same once more; the limit is for the hour between.
   */
  /** A broker that does not answer. */
  @Tag("thorough")
  @Test
  @Timeout(180)
  void whatTheOperatorRefusesIsToldOnceAndNotTriedAgain() throws Exception {
    folder = folder.toRealPath();
    Path pipeline = LongPipeline.write(folder);
    Process child = start(pipeline);
    try {
      while (RunFolder.newestCheckpoint(folder.resolve(".unroll/long/checkpoints")).isEmpty()) {
        assertTrue(child.isAlive(), () -> "ended before it could be killed: " + said());
        Thread.sleep(10);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    Path newest =
        RunFolder.newestCheckpoint(folder.resolve(".unroll/long/checkpoints")).orElseThrow();
    Files.delete(folder.resolve(".unroll/long/signature")); // else it is refused before it starts
    Files.writeString(
        pipeline,
        Files.readString(pipeline).replace("{max-steps: 1000}", "{max-steps: 1000, window: 3}")
            + "  restart-strategy.fixed-delay.delay: 1 h\n");
    Said refused = Said.by("run", pipeline);
    assertEquals(1, refused.code());
    assertEquals("", refused.out());
    assertEquals(
        List.of(
            "long: continues from " + newest,
            "long: failed: the state is of another pipeline: it would mean something else here",
            "  sequence.window: was none, is 3"),
        refused.errLines().subList(0, 3));
    assertEquals(4, refused.errLines().size(), refused.err());
    assertTrue(
        refused.errLines().get(3).endsWith("(continued from " + newest + "; --fresh starts over)"),
        refused.err());
  }

  /** The state of the series is kept; the files that were read are nobody's any more. */
  @Tag("thorough")
  @Test
  @Timeout(180)
  void anotherGenerationReadsOtherFiles() throws Exception {
    folder = folder.toRealPath();
    Path pipeline = LongPipeline.write(folder);
    Path checkpoints = folder.resolve(".unroll/long/checkpoints");
    Process child = start(pipeline);
    try {
      while (RunFolder.newestCheckpoint(checkpoints).isEmpty()
          || Parts.lines(folder.resolve("out/predictions")).isEmpty()) {
        assertTrue(child.isAlive(), () -> "ended before it could be killed: " + said());
        Thread.sleep(10);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    Files.writeString(
        folder.resolve("input.csv"),
        "series,timestamp,x0,x1,x2\ns0,%d,0.1,0.2,0.3\n"
            .formatted(GoldenPipeline.START + LongPipeline.ROWS));
    Said changed = Said.by("run", pipeline);
    assertEquals(1, changed.code());
    assertTrue(changed.err().contains("read another input"), changed.err());

    Files.writeString(
        pipeline,
        Files.readString(pipeline).replace("  format: csv", "  format: csv\n  generation: 2"));
    Said anew = Said.by("run", pipeline);
    assertEquals(0, anew.code(), anew.err());
    String added = "\"timestamp\":" + (GoldenPipeline.START + LongPipeline.ROWS) + ",";
    assertEquals(
        1,
        Parts.lines(folder.resolve("out/predictions")).stream()
            .filter(line -> line.contains(added))
            .count());
    // The counters went on from those of the run before.
    assertTrue(anew.out().matches("(?s).*inputs +[0-9,]{2,} = .*"), anew.out());
  }

  /** Threads of Flink would keep a process alive that has no more to say. */
  @Tag("thorough")
  @Test
  @Timeout(180)
  void aRunThatFlinkCannotEvenStartEndsAndDeletesNothing() throws Exception {
    folder = folder.toRealPath();
    Path pipeline = LongPipeline.write(folder);
    Path part = folder.resolve("out/predictions/part-00000000-0000-0000-0000-000000000000-0.jsonl");
    Files.createDirectories(part.getParent());
    Files.writeString(part, "of an earlier run");

    Process withoutMemory =
        start(pipeline, List.of("-XX:MaxDirectMemorySize=1m"), List.of("--overwrite"));
    assertEquals(1, withoutMemory.waitFor());
    String last = said().lines().reduce("", (before, line) -> line);
    assertTrue(last.startsWith("unroll: out of memory: "), said());
    assertTrue(Files.exists(part));

    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            + "  taskmanager.memory.network.min: 64 mb\n"
            + "  taskmanager.memory.network.max: 32 mb\n");
    Process withoutNetwork = start(pipeline, List.of(), List.of("--overwrite"));
    assertEquals(1, withoutNetwork.waitFor());
    assertTrue(said().contains("long: not started: "), said());
    assertTrue(Files.exists(part));
  }

  /** With TERM, as service managers send it and as the launcher hands on Ctrl-C. */
  @Tag("thorough")
  @Test
  void aRunThatIsStoppedSaysSoAndTheSameCommandGoesOnFromThere() throws Exception {
    folder = folder.toRealPath();
    Path pipeline = LongPipeline.write(folder);
    Path predictions = folder.resolve("out/predictions");
    Process child = start(pipeline);
    try {
      while (Parts.lines(predictions).isEmpty()) {
        assertTrue(child.isAlive(), () -> "ended before it could be stopped: " + said());
        Thread.sleep(10);
      }
      child.destroy();
      assertEquals(143, child.waitFor(), this::said);
    } finally {
      child.destroyForcibly().waitFor();
    }
    List<String> said = said().lines().toList();
    assertTrue(said.contains("long: stopped"), said());
    assertEquals("the same command goes on from here", said.get(said.size() - 1));
    int visible = Parts.lines(predictions).size();
    String steps = String.format(Locale.ROOT, "%,d", visible);
    assertTrue(visible < LongPipeline.ROWS, "all of them were there already");
    assertTrue(
        said.contains(
            "inputs       %s = %s steps + 0 primings + 0 markers + 0 late + 0 rejected"
                .formatted(steps, steps)),
        () -> visible + " are visible: " + said());
    assertTrue(said.contains("predictions  " + steps), said());

    Said continued = Said.inFull("run", pipeline);
    assertEquals(0, continued.code(), continued.err());
    assertTrue(
        continued.errLines().stream()
            .anyMatch(line -> line.startsWith("long: restored from savepoint-")),
        continued.err());
    assertTrue(continued.out().contains("inputs       200,000 = 200,000 steps "), continued.out());
    List<String> together = Parts.sorted(predictions);
    assertEquals(List.of("lock"), Parts.names(folder.resolve(".unroll/long")));
    assertEquals(0, Said.by("run", "--overwrite", pipeline).code());
    // Not assertEquals on the lists: its message would hold all of them.
    assertTrue(Parts.sorted(predictions).equals(together), "predictions differ");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // has no TERM
  void aRunThatIsStoppedBeforeItsStartSaysThatNothingWasChanged() throws Exception {
    folder = folder.toRealPath();
    Path pipeline = LongPipeline.write(folder);
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          pipeline,
          Files.readString(pipeline)
                  .replace("file: {path: out/predictions}", "kafka: {topic: predictions}")
              + "kafka: {bootstrap.servers: \"127.0.0.1:%d\"}\n".formatted(silent.getLocalPort()));
      assertStoppedIn("long: asking the broker", pipeline);
    }
    assertFalse(Files.exists(folder.resolve("out")));
  }

  private void assertStoppedIn(String phase, Path pipeline) throws Exception {
    Process child = start(pipeline);
    try {
      while (!said().contains(phase + "\n")) {
        assertTrue(child.isAlive(), () -> "ended before it could be stopped: " + said());
        Thread.sleep(10);
      }
      child.destroy();
      assertEquals(143, child.waitFor(), this::said);
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertTrue(
        said().endsWith("\nunroll: stopped before it started; nothing was changed\n"), said());
  }

  private Process start(Path pipeline) throws Exception {
    return start(pipeline, List.of(), List.of());
  }

  private Process start(Path pipeline, List<String> jvm, List<String> options) throws Exception {
    return ChildRun.start(folder, pipeline, jvm, options);
  }

  private String said() {
    return ChildRun.said(folder);
  }
}
