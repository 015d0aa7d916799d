package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar for a cluster, started by itself: Flink's classes come with the cluster. */
final class JarWithoutFlinkITCase {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"check p.yaml", "run p.yaml", "inspect m.onnx"})
  void saysHowItIsRun(String words) throws Exception {
    assertEquals(
        "unroll-job.jar needs Flink's classes: start it with flink run unroll-job.jar "
            + words
            + ", or use deploy/unroll, which brings them\n",
        said(words.split(" ", -1)));
  }

  @Test
  void namesACommandWhereNoneWasGiven() throws Exception {
    assertEquals(
        "unroll-job.jar needs Flink's classes: start it with flink run unroll-job.jar run PIPELINE, or"
            + " use deploy/unroll, which brings them\n",
        said());
  }

  private String said(String... words) throws Exception {
    Path said = folder.resolve("said.txt");
    String[] command = new String[3 + words.length];
    command[0] = ProcessHandle.current().info().command().orElseThrow();
    command[1] = "-jar";
    command[2] = Path.of("target/unroll-job.jar").toAbsolutePath().toString();
    System.arraycopy(words, 0, command, 3, words.length);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertEquals(2, process.waitFor());
    return Files.readString(said);
  }
}
