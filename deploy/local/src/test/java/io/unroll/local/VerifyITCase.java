package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.unroll.model.GoldenCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify} says of a model what {@code run} then does with it. */
final class VerifyITCase {
  private static final String CASE = "03-lstm-dense-every-step";

  @TempDir private Path folder;

  /** What a run with windows writes is what verify calls windows of as many inputs. */
  @Tag("thorough")
  @Test
  void theOutputsOfARunByWindowsAreVerifiedAsSuch() throws Exception {
    GoldenCase golden = GoldenCase.load(CASE);
    Path pipeline = GoldenPipeline.write(folder, golden, "step", "json");
    Files.writeString(pipeline, Files.readString(pipeline) + "sequence: {window: 4}\n");
    Said check = Said.by("check", "--offline", pipeline);
    assertEquals(0, check.code(), check.err());
    assertTrue(
        check
            .outLines()
            .contains(
                "served        last 4 inputs from the initial state, 64 bytes of state per series"),
        check.out());
    assertEquals(0, Said.by("run", pipeline).code());

    Map<String, JsonNode> outputs = new HashMap<>();
    for (JsonNode prediction : Parts.json(folder.resolve("out/predictions"))) {
      outputs.put(
          prediction.get("series").asText() + "," + prediction.get("step").asInt(),
          prediction.get("output"));
    }
    List<String> in = Files.readAllLines(folder.resolve("input.csv"));
    List<String> x = new ArrayList<>();
    List<String> y = new ArrayList<>(List.of("series,step,y0,y1"));
    Map<String, Integer> steps = new HashMap<>();
    for (String line : in) {
      String[] values = line.split(",", -1);
      x.add(line.replaceFirst(values[2] + ",", "")); // without the end marker
      if (!line.equals(in.get(0))) {
        String place = values[0] + "," + (steps.merge(values[0], 1, Integer::sum) - 1);
        JsonNode output = outputs.get(place);
        y.add(place + "," + output.get("y0").asText() + "," + output.get("y1").asText());
      }
    }
    Said said =
        Said.by(
            "verify",
            folder.resolve("model.onnx"),
            "--input",
            Files.write(folder.resolve("x.csv"), x),
            "--expected",
            Files.write(folder.resolve("y.csv"), y),
            "--window",
            "4");
    assertEquals(0, said.code(), said.out() + said.err());
    assertEquals(
        "the expected outputs come from windows of 4: serve with sequence.window: 4",
        said.outLines().get(said.outLines().size() - 1));
    assertTrue(
        said.outLines()
            .contains(
                "largest difference to expected 0 at series s0 step 0, output y0: equal within 1e-5"),
        said.out());
  }

  /** The script as it stands, over what this build has packaged. */
  @Test
  @DisabledOnOs(OS.WINDOWS) // a bash script
  void theLauncherVerifiesAGoldenCase() throws Exception {
    Path model = GoldenPipeline.writeModel(folder, GoldenCase.load(CASE), "model");
    Path json =
        Files.write(
            folder.resolve("a case.json"), GoldenCase.bytes("golden/" + CASE + "/case.json"));
    Path lib = Path.of("target", "lib").toAbsolutePath();
    assertTrue(Files.isDirectory(lib), "no " + lib + ": run with mvn verify");
    // A tree in which nothing is newer than what was built.
    Path tree = folder.resolve("tree");
    Path target = Files.createDirectories(tree.resolve("deploy/local/target"));
    for (String source : List.of("model", "connectors", "job")) {
      Files.createDirectories(tree.resolve(source));
    }
    Files.createFile(tree.resolve("pom.xml"));
    Files.createSymbolicLink(target.resolve("lib"), lib);
    Files.createFile(target.resolve("built"));
    Path launcher = Files.copy(Path.of("..", "unroll"), tree.resolve("deploy/unroll"));

    ProcessBuilder builder =
        new ProcessBuilder(
                launcher.toString(), "verify", model.toString(), "--golden", json.toString())
            .redirectErrorStream(true);
    builder.environment().remove("UNROLL_JAVA_OPTS");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(
        said.matches(
            "(?s).*\nserved      stateful, 128 bytes of state per series\nlargest difference to"
                + " expected \\S+ at series s\\S+ step \\d+, output y\\d: equal within 1e-5\n"),
        said);
  }
}
