package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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
      Said second = Said.by("run", pipeline);
      assertEquals(1, second.code());
      assertEquals(
          "pipeline 'long' is running already (" + folder.resolve(".unroll/long") + " is locked)\n",
          second.err());
      assertTrue(child.isAlive(), () -> "ended before it could be killed: " + said());
    } finally {
      child.destroyForcibly().waitFor();
    }
    int visible = Parts.lines(predictions).size();
    assertTrue(visible < LongPipeline.ROWS, visible + " predictions were visible already");

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

  /** {@code run} as the launcher starts it, from the class path that was packaged. */
  private Process start(Path pipeline) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-")) {
        command.add(option);
      }
    }
    Path lib = Path.of("target", "lib").toAbsolutePath();
    command.addAll(List.of("-Xmx512m", "-cp", lib + "/*", "io.unroll.local.Main", "run"));
    command.add(pipeline.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("child.txt").toFile())
        .start();
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("child.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
