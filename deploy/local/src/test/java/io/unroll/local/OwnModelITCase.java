package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.unroll.model.GoldenCase;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of model/docs/your-model.md say what it shows, and the front page has them. */
final class OwnModelITCase {
  private static final Path OWN = Path.of("..", "examples", "own");
  private static final Pattern COMMAND =
      Pattern.compile("```\n\\$ deploy/unroll ([^\n]*)\n(.*?)```\n", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void thePagesCommandsSayWhatItShows() throws Exception {
    Path examples = Examples.copy(folder);
    String front = Files.readString(Path.of("../../README.md"));
    String page = Files.readString(Path.of("../../model/docs/your-model.md"));
    Matcher command = COMMAND.matcher(page);
    StringBuilder names = new StringBuilder();
    while (command.find()) {
      assertTrue(front.contains("\ndeploy/unroll " + command.group(1)), command.group(1));
      Object[] words =
          Arrays.stream(command.group(1).split(" ", -1))
              .map(word -> word.replace("deploy/examples", examples.toString()))
              .toArray();
      names.append(words[0]).append(' ');
      Said said = Said.by(words);
      assertEquals(0, said.code(), said.err());
      assertEquals(
          anyRounding(command.group(2)),
          anyRounding(said.out().replace(examples.toString(), ".../deploy/examples")));
    }
    assertEquals("inspect verify run ", names.toString());
    assertEquals(132, predictions(examples).size());
  }

  /** Kernels differ in the last bits, and so in the place where most of them do. */
  private static String anyRounding(String text) {
    return text.replaceAll("\\de-8 at series \\S+ step \\d+, output \\w+", "ROUNDING");
  }

  /** Rows of the run's predictions, without the parts' headers. */
  private static List<String> predictions(Path examples) throws IOException {
    return Parts.lines(examples.resolve("out/own/predictions")).stream()
        .filter(line -> !line.startsWith("series,"))
        .toList();
  }

  private List<JsonNode> run(String example) throws Exception {
    ExampleRuns examples = ExampleRuns.in(folder);
    examples.run(example);
    return examples.json(example, "predictions");
  }

  private static float[] output(JsonNode prediction) {
    float[] values = new float[prediction.get("output").size()];
    int at = 0;
    for (JsonNode value : prediction.get("output")) {
      values[at++] = value.floatValue();
    }
    return values;
  }

  @Test
  void namedStatesGiveTheFrameworksOutputs() throws Exception {
    GoldenCase golden = GoldenCase.load("14-one-step-graph-named-states");
    List<JsonNode> predictions = run("states");
    assertEquals(48, predictions.size());
    for (JsonNode prediction : predictions) {
      int series = prediction.get("series").asText().charAt(1) - '0';
      float[] expected = golden.output()[series][prediction.get("step").asInt()];
      float[] found = output(prediction);
      for (int i = 0; i < expected.length; i++) {
        assertTrue(GoldenCase.close(expected[i], found[i]), prediction.toString());
      }
    }
  }

  /** The state that a head turns into the first output. */
  @Test
  void anotherOutputIsTheOneThatIsNamed() throws Exception {
    GoldenCase golden = GoldenCase.load("14-one-step-graph-named-states");
    Unrolled unrolled =
        new DynamicUnroll(golden.onnx().withOutput("g_out").read()).run(golden.input());
    List<JsonNode> predictions = run("output");
    assertEquals(48, predictions.size());
    for (JsonNode prediction : predictions) {
      int series = prediction.get("series").asText().charAt(1) - '0';
      assertArrayEquals(
          unrolled.outputs()[series][prediction.get("step").asInt()], output(prediction));
    }
  }

  @Tag("thorough")
  @Test
  void aWindowRunsItsLastInputsFromTheInitialState() throws Exception {
    List<float[]> days = new ArrayList<>();
    for (String line : Files.readAllLines(OWN.resolve("../feeds/weather.csv"))) {
      if (line.startsWith("Seattle,")) {
        String[] values = line.split(",", -1);
        float[] day = new float[values.length - 2];
        for (int i = 0; i < day.length; i++) {
          day[i] = Float.parseFloat(values[i + 2]);
        }
        days.add(day);
      }
    }
    DynamicUnroll whole =
        new DynamicUnroll(
            OnnxFile.load(OWN.resolve("../models/weather-temperature-gru.onnx")).read());
    int checked = 0;
    for (JsonNode prediction : run("window")) {
      int step = prediction.get("step").asInt();
      if (prediction.get("series").asText().equals("Seattle") && (step < 40 || step % 100 == 0)) {
        float[][] last = days.subList(Math.max(0, step - 29), step + 1).toArray(new float[0][]);
        float[][] outputs = whole.run(new float[][][] {last}).outputs()[0];
        assertArrayEquals(outputs[last.length - 1], output(prediction), "step " + step);
        checked++;
      }
    }
    assertEquals(54, checked);
  }

  @Test
  void theFilesAreTheGoldenCases() throws IOException {
    assertFiles("03-lstm-dense-every-step", "lstm.onnx", "input.csv", "input");
    assertFiles("03-lstm-dense-every-step", "lstm.onnx", "expected.csv", "output");
    assertFiles(
        "05-gru-2layer-layernorm-softmax", "classifier.onnx", "classifier-input.csv", "input");
    assertFiles(
        "05-gru-2layer-layernorm-softmax", "classifier.onnx", "classifier-expected.csv", "output");
    assertFiles("14-one-step-graph-named-states", "step.onnx", "step-input.csv", "input");
  }

  private static void assertFiles(String name, String model, String csv, String field)
      throws IOException {
    GoldenCase golden = GoldenCase.load(name);
    assertArrayEquals(golden.onnx().model(), Files.readAllBytes(OWN.resolve(model)));
    float[][][] expected = golden.batchFirst(field);
    List<String> lines = Files.readAllLines(OWN.resolve(csv));
    assertEquals(1 + expected.length * expected[0].length, lines.size());
    for (int i = 1; i < lines.size(); i++) {
      String[] values = lines.get(i).split(",", -1);
      int series = (i - 1) % expected.length;
      int step = (i - 1) / expected.length;
      assertEquals("s" + series, values[0]);
      assertEquals(1_700_000_000_000L + 60_000L * step, Long.parseLong(values[1]));
      float[] row = expected[series][step];
      assertEquals(2 + row.length, values.length);
      for (int j = 0; j < row.length; j++) {
        assertTrue(row[j] == Float.parseFloat(values[2 + j]), csv + " line " + (i + 1));
      }
    }
  }
}
