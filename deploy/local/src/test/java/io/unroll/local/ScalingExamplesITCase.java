package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of scales, of outputs in a field's unit and of start states, against by hand. */
final class ScalingExamplesITCase {
  @TempDir private Path folder;

  private Path examples;

  @BeforeEach
  void copiesTheExamples() throws IOException {
    examples = Examples.copy(folder);
  }

  private Said run(String example) throws Exception {
    Said said = Said.by("run", examples.resolve(example + ".yaml"));
    assertEquals(0, said.code(), said.err());
    assertEquals(List.of(), Parts.lines(examples.resolve("out/" + example + "/rejected")));
    return said;
  }

  private static List<String[]> rows(Path csv) throws IOException {
    return Files.readAllLines(csv).stream().skip(1).map(line -> line.split(",", -1)).toList();
  }

  /** Mean and deviation in two passes; weights fade by half in {@code halfLife}, 0: never. */
  private static double scaled(List<Double> values, double halfLife) {
    double[] weights = new double[values.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = halfLife == 0 ? 1 : Math.pow(0.5, (weights.length - 1 - i) / halfLife);
    }
    double mean = 0;
    double squares = 0;
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      mean += weights[i] * values.get(i) / sum;
    }
    for (int i = 0; i < weights.length; i++) {
      squares += weights[i] * (values.get(i) - mean) * (values.get(i) - mean);
    }
    return squares == 0 ? 0 : (values.get(values.size() - 1) - mean) / Math.sqrt(squares / sum);
  }

  @Test
  void whatTheModelSeesIsScaledAndWhatItSaysIsToldBack() throws Exception {
    run("scaling");
    Map<String, double[]> table = new HashMap<>();
    for (String[] row : rows(examples.resolve("own/scalers.csv"))) {
      table.put(row[0], new double[] {Double.parseDouble(row[2]), Double.parseDouble(row[3])});
    }
    Map<String, JsonNode> predictions = new HashMap<>();
    for (JsonNode one : Parts.json(examples.resolve("out/scaling/predictions"))) {
      predictions.put(one.get("input").asText(), one);
    }
    RecurrentModel model = OnnxFile.load(examples.resolve("own/lstm.onnx")).read();
    Workspace workspace = model.workspace(1);
    Map<String, float[]> states = new HashMap<>();
    Map<String, Integer> steps = new HashMap<>();
    Map<String, List<Double>> x2 = new HashMap<>();
    Map<String, List<Double>> x3 = new HashMap<>();
    List<String[]> rows = rows(examples.resolve("own/input.csv"));
    assertEquals(rows.size(), predictions.size());
    for (int i = 0; i < rows.size(); i++) {
      String series = rows.get(i)[0];
      double[] x = Arrays.stream(rows.get(i)).skip(2).mapToDouble(Double::parseDouble).toArray();
      double[] norm = table.getOrDefault(series, table.get("default"));
      x2.computeIfAbsent(series, unused -> new ArrayList<>()).add(x[2]);
      x3.computeIfAbsent(series, unused -> new ArrayList<>()).add(x[3]);
      int step = steps.merge(series, 1, Integer::sum) - 1;
      if (step % 20 == 0) { // the next sequence
        states.put(series, new float[model.stateLayout().size()]);
      }
      float[] seen = {
        (float) ((x[0] - norm[0]) / norm[1]),
        (float) ((x[1] - 0.5) / 2),
        (float) scaled(x2.get(series), 0),
        (float) scaled(x3.get(series), 10),
        (float) x[4]
      };
      float[] state = states.get(series);
      model.step(FMatrixRMaj.wrap(1, 5, seen), FMatrixRMaj.wrap(1, state.length, state), workspace);
      JsonNode said = predictions.get("input.csv:" + (i + 2));
      String where = "row " + i;
      assertEquals(
          workspace.output().data[0] * norm[1] + norm[0],
          said.get("output").get("y0").asDouble(),
          1e-4,
          where);
      assertEquals(
          workspace.output().data[1], said.get("output").get("y1").asDouble(), 1e-4, where);
      assertEquals(step % 20, said.get("step").asInt(), where);
      assertEquals(step % 20 < 5, said.path("warming").asBoolean(false), where);
    }
  }

  /** Against what PyTorch computed for the same inputs. */
  @Tag("thorough")
  @Test
  void returnsAreToldAsPrices() throws Exception {
    run("prices");
    run("indices");
    Map<String, JsonNode> returns = new HashMap<>();
    for (JsonNode one : Parts.json(examples.resolve("out/indices/predictions"))) {
      returns.put(one.get("input").asText(), one.get("output"));
    }
    List<String[]> rows = rows(examples.resolve("feeds/eu-stock-indices.csv"));
    List<String> lines = Parts.lines(examples.resolve("out/prices/predictions"));
    List<String> header = List.of(lines.get(0).split(",", -1));
    int prices = 0;
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      if (List.of(fields).equals(header)) {
        continue;
      }
      String input = fields[header.indexOf("input")];
      int row = Integer.parseInt(input.substring(input.indexOf(':') + 1)) - 2;
      double close = Double.parseDouble(rows.get(row)[2]);
      for (String quantile : List.of("q05", "q50", "q95")) {
        double expected = close * Math.exp(returns.get(input).get(quantile).asDouble() / 100);
        assertEquals(
            expected, Double.parseDouble(fields[header.indexOf(quantile)]), expected * 1e-6);
      }
      prices++;
    }
    assertEquals(7436, prices);
    Map<String, Integer> pairs = new TreeMap<>();
    for (String line : Parts.lines(examples.resolve("out/prices/evaluations"))) {
      String output = line.split(",", -1)[6];
      pairs.merge(output, 1, Integer::sum);
    }
    assertEquals(4 * (1859 - 1), pairs.get("q50"));
    assertTrue(pairs.get("q95") < pairs.get("q50"), "from 1996 on");
  }

  @Test
  void theLargestOutputIsToldByItsLabel() throws Exception {
    run("labels");
    Map<String, JsonNode> predictions = new HashMap<>();
    for (JsonNode one : Parts.json(examples.resolve("out/labels/predictions"))) {
      predictions.put(one.get("input").asText(), one.get("output"));
    }
    List<String> labels = List.of("idle", "start", "stop", "run");
    List<String[]> rows = rows(examples.resolve("own/classifier-expected.csv"));
    assertEquals(rows.size(), predictions.size());
    Map<String, Integer> told = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      int largest = 0;
      for (int j = 1; j < labels.size(); j++) {
        largest = score(rows.get(i), j) > score(rows.get(i), largest) ? j : largest;
      }
      JsonNode output = predictions.get("classifier-input.csv:" + (i + 2));
      assertEquals(labels.get(largest), output.get("label").asText(), "row " + i);
      assertEquals(score(rows.get(i), largest), output.get("score").asDouble(), 1e-5, "row " + i);
      told.merge(output.get("label").asText(), 1, Integer::sum);
    }
    assertEquals(Map.of("idle", 10, "run", 58), told);
  }

  private static double score(String[] row, int output) {
    return Double.parseDouble(row[2 + output]);
  }

  @Test
  void sequencesStartWhereThePipelineSays() throws Exception {
    run("start");
    RecurrentModel model =
        OnnxFile.load(examples.resolve("own/step.onnx"))
            .withStates(Map.of("h_in", "h_out", "c_in", "c_out", "g_in", "g_out"))
            .read();
    Map<String, float[]> parts = new HashMap<>();
    parts.put("h_in", new float[] {0.5f, 0, 0, -0.5f, 0, 0, 0.25f, 0, 0});
    parts.put("c_in", new float[9]);
    parts.put("g_in", new float[] {1, -1, 0, 0, 0, 0.125f});
    Map<String, float[]> states = new HashMap<>();
    Map<String, Integer> steps = new HashMap<>();
    Workspace workspace = model.workspace(1);
    Map<String, JsonNode> predictions = new HashMap<>();
    for (JsonNode one : Parts.json(examples.resolve("out/start/predictions"))) {
      predictions.put(one.get("input").asText(), one);
    }
    List<String[]> rows = rows(examples.resolve("own/step-input.csv"));
    for (int i = 0; i < rows.size(); i++) {
      String series = rows.get(i)[0];
      if (steps.merge(series, 1, Integer::sum) % 4 == 1) {
        float[] start = new float[model.stateLayout().size()];
        model
            .stateLayout()
            .slots()
            .forEach(
                slot -> {
                  float[] part = parts.get(slot.name());
                  System.arraycopy(part, 0, start, slot.offset(), part.length);
                });
        states.put(series, start);
      }
      float[] seen = new float[3];
      for (int j = 0; j < 3; j++) {
        seen[j] = Float.parseFloat(rows.get(i)[2 + j]);
      }
      float[] state = states.get(series);
      model.step(FMatrixRMaj.wrap(1, 3, seen), FMatrixRMaj.wrap(1, state.length, state), workspace);
      JsonNode output = predictions.get("step-input.csv:" + (i + 2)).get("output");
      for (int j = 0; j < output.size(); j++) {
        assertEquals(workspace.output().data[j], output.get("y" + j).asDouble(), 1e-6, "row " + i);
      }
    }
  }
}
