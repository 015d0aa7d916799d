package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code run} and the command line itself refuse before a Flink starts. */
final class RunTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''               | Missing a command",
        "run              | Missing required parameter: 'PIPELINE'",
        "run --frehs x    | Unknown option: '--frehs'",
        "inspect          | Missing required parameter: 'MODEL.onnx'",
        "chekc x          | Unmatched arguments from index 0: 'chekc', 'x'",
        "inspect a b          | Unmatched argument at index 2: 'b'"
      })
  void wrongUseIsToldWithExitCode2(String words, String message) {
    Said said = Said.by((Object[]) (words.isEmpty() ? new String[0] : words.split(" ", -1)));
    assertEquals(2, said.code());
    assertEquals("", said.out());
    assertEquals(message, said.errLines().get(0));
    assertFalse(said.hasTrace(), said.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "check", "inspect", "demo"})
  void everyCommandHelps(String command) {
    Said said = Said.by(command, "-h");
    assertEquals(0, said.code());
    assertEquals("", said.err());
    assertTrue(said.out().startsWith("Usage: unroll " + command + " ["), said.out());
    assertTrue(Said.by("-h").out().contains("\n  " + command + " "), command);
  }

  @Test
  void aMissingPipelineIsNamed() {
    Path missing = folder.resolve("none.yaml");
    assertEquals(
        new Said(1, "", missing + ": found no such file, expected a pipeline file\n"),
        Said.by("run", missing));
  }

  @Test
  void everyMistakeOfAPipelineIsToldAtOnce() throws Exception {
    Path pipeline = pipeline("01-basic-rnn-cell");
    String text = Files.readString(pipeline);
    text = text.replace("format: csv", "format: cvs").replace("emit: {on: step}", "emitt: {}");
    Files.writeString(pipeline, text.replace("[x0, x1, x2]", "[]"));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals("", said.out());
    assertFalse(said.hasTrace(), said.err());
    assertEquals(3, said.errLines().size(), said.err());
    assertTrue(said.errLines().stream().allMatch(l -> l.startsWith(pipeline + ":")), said.err());
    for (String part : List.of("'cvs'", "emitt", "features")) {
      assertTrue(said.err().contains(part), said.err());
    }
  }

  @Test
  void batchModeIsRefused() throws Exception {
    Path pipeline = pipeline("01-basic-rnn-cell");
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replace("flink: {parallelism.default: 2}", "flink: {execution.runtime-mode: BATCH}"));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals("", said.out());
    assertEquals(1, said.errLines().size(), said.err());
    assertTrue(
        said.err()
            .endsWith(
                "flink.execution.runtime-mode: found 'BATCH', expected STREAMING, the only mode"
                    + " the operator is for\n"),
        said.err());
  }

  @Test
  void aCheckpointFolderOfTheUsersOwnIsRefused() throws Exception {
    Path pipeline = pipeline("01-basic-rnn-cell");
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replace("{parallelism.default: 2}", "{execution.checkpointing.dir: 'file:///c'}"));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertTrue(
        said.err().startsWith("flink.execution.checkpointing.dir: found 'file:///c'"), said.err());
  }

  @Test
  void aModelThatIsRefusedStopsTheRun() throws Exception {
    Path pipeline = pipeline("14-one-step-graph-named-states");
    Files.writeString(
        pipeline, Files.readString(pipeline).replaceFirst(", states: \\{[^}]*\\}", ""));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals("", said.out());
    assertTrue(
        said.err().contains("no recurrent node. If the graph is one step, name its states"),
        said.err());
    assertEquals(1, said.errLines().size(), said.err());
    assertFalse(Files.exists(folder.resolve(".unroll")));
  }

  @Test
  void aFolderInPlaceOfAModelIsNamed() throws Exception {
    Path pipeline = pipeline("01-basic-rnn-cell");
    Files.delete(folder.resolve("model.onnx"));
    Files.createDirectory(folder.resolve("model.onnx"));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals(1, said.errLines().size(), said.err());
    assertTrue(said.err().contains("model.onnx"), said.err());
  }

  private Path pipeline(String golden) throws Exception {
    return GoldenPipeline.write(folder, GoldenCase.load(golden), "step", "json");
  }
}
