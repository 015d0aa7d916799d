package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.unroll.model.GoldenCase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden cases through {@code run}: CSV in, JSON lines or CSV out, the framework's outputs. */
final class GoldenRunITCase {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-basic-rnn-cell",
        "02-relu-rnn-2layer-dense",
        "03-lstm-dense-every-step",
        "05-gru-2layer-layernorm-softmax",
        "07-gru-skip-connection",
        "10-lstm-weights-computed-in-graph",
        "11-torch-default-exporter-lstm-2layer",
        "12-torch-default-exporter-gru-fixed-axes",
        "14-one-step-graph-named-states"
      })
  void everyStepIsAsTheFrameworkComputes(String name) throws Exception {
    GoldenCase golden = GoldenCase.load(name);
    int[] lengths = golden.lengths();
    Said said = run(golden, "step", "json");

    boolean masked = name.startsWith("01-"); // outputs past a sample's length are zero there
    float[][][] expected = masked ? golden.batchFirst("output_masked") : golden.outputByLength();
    Map<String, JsonNode> found = new HashMap<>();
    for (JsonNode prediction : Parts.json(folder.resolve("out/predictions"))) {
      assertEquals("step", prediction.get("kind").asText());
      String place = prediction.get("series").asText() + "/" + prediction.get("step").asInt();
      assertEquals(null, found.put(place, prediction), "twice: " + prediction);
    }
    int steps = Arrays.stream(lengths).sum();
    assertEquals(steps, found.size());
    for (int sample = 0; sample < lengths.length; sample++) {
      for (int step = 0; step < lengths[sample]; step++) {
        JsonNode prediction = found.get("s" + sample + "/" + step);
        assertEquals(GoldenPipeline.START + 1000L * step, prediction.get("timestamp").asLong());
        assertClose(expected[sample][step], prediction.get("output"));
      }
    }
    assertTrue(
        said.out().contains("predictions  %,d%n".formatted(steps)), () -> "found:\n" + said.out());
    assertClosedByEnd(lengths);
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "04-lstm-2layer-dropout-last-step-sigmoid",
        "13-torch-default-exporter-gru-last-step"
      })
  void theVectorAtTheEndIsAsTheFrameworkComputes(String name) throws Exception {
    GoldenCase golden = GoldenCase.load(name);
    int[] lengths = golden.lengths();
    run(golden, "end", "json");

    List<JsonNode> found = Parts.json(folder.resolve("out/predictions"));
    assertEquals(lengths.length, found.size());
    Map<String, JsonNode> bySeries = new HashMap<>();
    found.forEach(prediction -> bySeries.put(prediction.get("series").asText(), prediction));
    for (int sample = 0; sample < lengths.length; sample++) {
      JsonNode prediction = bySeries.get("s" + sample);
      assertEquals("final", prediction.get("kind").asText());
      assertEquals(lengths[sample] - 1, prediction.get("step").asInt());
      assertClose(golden.vectorsByLength()[sample], prediction.get("output"));
    }
    assertClosedByEnd(lengths);
  }

  @Test
  void csvOutputsAtTheEndOfSequences() throws Exception {
    GoldenCase golden = GoldenCase.load("04-lstm-2layer-dropout-last-step-sigmoid");
    run(golden, "end", "csv");

    List<String> lines = Parts.lines(folder.resolve("out/predictions"));
    String header = lines.get(0);
    List<String> columns = List.of(header.split(",", -1));
    Map<String, Float> bySeries = new HashMap<>();
    for (String line : lines) {
      if (!line.equals(header)) { // each part has one
        String[] values = line.split(",", -1);
        assertEquals(columns.size(), values.length, line);
        assertEquals("final", values[columns.indexOf("kind")]);
        bySeries.put(
            values[columns.indexOf("series")], Float.valueOf(values[columns.indexOf("y0")]));
      }
    }
    float[][] expected = golden.vectorsByLength();
    assertEquals(expected.length, bySeries.size());
    for (int sample = 0; sample < expected.length; sample++) {
      float found = bySeries.get("s" + sample);
      assertTrue(GoldenCase.close(expected[sample][0], found), "s" + sample + ": " + found);
    }
    List<String> events = Parts.lines(folder.resolve("out/sequences"));
    assertTrue(events.get(0).startsWith("series,sequence,event,reason,steps"), events.get(0));
    assertEquals(4, events.stream().filter(event -> event.contains(",closed,end,")).count());
  }

  private Said run(GoldenCase golden, String emit, String format) throws Exception {
    Said said = Said.by("run", GoldenPipeline.write(folder, golden, emit, format));
    assertEquals(0, said.code(), said.err());
    assertEquals(List.of(), Parts.lines(folder.resolve("out/rejected")));
    return said;
  }

  private void assertClosedByEnd(int[] lengths) throws Exception {
    Map<String, Integer> steps = new HashMap<>();
    for (JsonNode event : Parts.json(folder.resolve("out/sequences"))) {
      if (event.get("event").asText().equals("closed")) {
        assertEquals("end", event.get("reason").asText());
        steps.put(event.get("series").asText(), event.get("steps").asInt());
      }
    }
    assertEquals(lengths.length, steps.size());
    for (int sample = 0; sample < lengths.length; sample++) {
      assertEquals(lengths[sample], steps.get("s" + sample));
    }
  }

  private static void assertClose(float[] expected, JsonNode output) {
    assertEquals(expected.length, output.size());
    for (int i = 0; i < expected.length; i++) {
      float found = output.get("y" + i).floatValue();
      assertTrue(
          GoldenCase.close(expected[i], found),
          "y" + i + ": found " + found + ", expected " + expected[i]);
    }
  }
}
