package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.model.GoldenCase;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ONNX's own published cases for RNN, LSTM and GRU, through the whole reader. Their weights are
 * graph inputs there and constants here. {@code specification/cases.py} wrote them down.
 */
final class SpecificationCasesTest {
  private static JsonNode all() throws IOException {
    return new ObjectMapper().readTree(GoldenCase.bytes("specification/cases.json"));
  }

  private static List<String> names(boolean forward) throws IOException {
    return StreamSupport.stream(all().spliterator(), false)
        .filter(c -> c.has("Y") == forward)
        .map(c -> c.get("name").asText())
        .toList();
  }

  static List<String> streamed() throws IOException {
    return names(true);
  }

  static List<String> refused() throws IOException {
    return names(false);
  }

  private static JsonNode find(String name) throws IOException {
    for (JsonNode c : all()) {
      if (c.get("name").asText().equals(name)) {
        return c;
      }
    }
    throw new IllegalArgumentException("no case " + name);
  }

  private static float[] floats(JsonNode values) {
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) values.get(i).asDouble();
    }
    return result;
  }

  private static long[] dims(JsonNode tensor) {
    return StreamSupport.stream(tensor.get("dims").spliterator(), false)
        .mapToLong(JsonNode::asLong)
        .toArray();
  }

  /**
   * @param open steps and series are open extents instead of the case's own
   */
  private static OnnxFile file(JsonNode c, boolean open) {
    boolean batchFirst = c.get("layout").asInt() == 1;
    long[] x = dims(c.get("X"));
    TestGraph graph =
        new TestGraph()
            .opset(batchFirst ? 14 : 7)
            .input(
                "X",
                (open ? (batchFirst ? "series,steps" : "steps,series") : x[0] + "," + x[1])
                    + ","
                    + x[2]);
    StringBuilder inputs = new StringBuilder("X");
    for (String name : List.of("W", "R", "B")) {
      if (c.has(name)) {
        graph.floats(name, floats(c.get(name).get("values")), dims(c.get(name)));
        inputs.append(',').append(name);
      }
    }
    if (c.has("P")) { // published with lengths and zero states
      long series = x[1];
      long hidden = c.get("hidden_size").asLong();
      TensorProto.Builder lengths =
          TensorProto.newBuilder()
              .setName("sequence_lens")
              .setDataType(DataType.INT32_VALUE)
              .addDims(series);
      for (int i = 0; i < series; i++) {
        lengths.addInt32Data((int) x[0]);
      }
      float[] zeros = new float[(int) (series * hidden)];
      graph
          .initializer(lengths.build())
          .floats("initial_h", zeros, 1, series, hidden)
          .floats("initial_c", zeros, 1, series, hidden)
          .floats("P", floats(c.get("P").get("values")), dims(c.get("P")));
      inputs.append(",sequence_lens,initial_h,initial_c,P");
    }
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(TestGraph.attribute("hidden_size", c.get("hidden_size").asLong()));
    if (batchFirst) {
      attributes.add(TestGraph.attribute("layout", 1));
    }
    if (!c.get("direction").asText().equals("forward")) {
      attributes.add(TestGraph.attribute("direction", c.get("direction").asText()));
    }
    return graph
        .node(
            c.get("op").asText(),
            "cell",
            inputs.toString(),
            "Y,Y_h",
            attributes.toArray(new AttributeProto[0]))
        .output("Y")
        .output("Y_h")
        .file();
  }

  /** [series][step][feature]. */
  private static float[][][] input(JsonNode c) {
    boolean batchFirst = c.get("layout").asInt() == 1;
    long[] dims = dims(c.get("X"));
    float[] values = floats(c.get("X").get("values"));
    int width = (int) dims[2];
    float[][][] x = new float[(int) dims[batchFirst ? 0 : 1]][(int) dims[batchFirst ? 1 : 0]][];
    for (int s = 0; s < x.length; s++) {
      for (int t = 0; t < x[0].length; t++) {
        int row = batchFirst ? s * x[0].length + t : t * x.length + s;
        x[s][t] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
      }
    }
    return x;
  }

  private static void assertRow(String where, JsonNode expected, float[] found) {
    assertEquals(expected.size(), found.length, where);
    for (int j = 0; j < found.length; j++) {
      assertEquals(expected.get(j).asDouble(), found[j], 1e-6, where + ", value " + j);
    }
  }

  @ParameterizedTest
  @MethodSource("streamed")
  void givesThePublishedOutputs(String name) throws Exception {
    JsonNode c = find(name);
    for (boolean open : new boolean[] {false, true}) {
      OnnxFile file = file(c, open);
      Unrolled y = new DynamicUnroll(file.read()).run(input(c));
      Unrolled last = new DynamicUnroll(file.withOutput("Y_h").read()).run(input(c));
      JsonNode expected = c.get("Y");
      for (int s = 0; s < expected.size(); s++) {
        JsonNode steps = expected.get(s);
        String where = name + (open ? ", open extents" : "") + ", series " + s;
        for (int t = 0; t < steps.size(); t++) {
          assertRow(where + ", step " + t, steps.get(t), y.outputs()[s][t]);
        }
        assertRow(where + ", Y_h", steps.get(steps.size() - 1), last.lastOutputs()[s]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesThePublishedCasesThatRunBackwards(String name) throws Exception {
    JsonNode c = find(name);
    String message = assertThrows(OnnxException.class, file(c, true)::read).getMessage();
    assertTrue(
        message.startsWith("RNN 'cell': direction=" + c.get("direction").asText() + " needs "),
        message);
  }

  /** An early revision of ONNX's cases prints its outputs: the three rows are steps there. */
  @Test
  void givesTheNumbersThatOnnxOncePrinted() throws Exception {
    float[][][] x = {{{1, 2}, {3, 4}, {5, 6}}};
    float[] ones = new float[16];
    Arrays.fill(ones, 0.1f);
    double[][] printed = {
      {0.29131261, 0.67317414, 0.87852567}, {0.37994897, 0.74067795, 0.90447217}
    };
    for (int biased = 0; biased < 2; biased++) {
      OnnxFile file =
          new TestGraph()
              .opset(7)
              .input("X", "steps,series,2")
              .floats("W", Arrays.copyOf(ones, 8), 1, 4, 2)
              .floats("R", ones, 1, 4, 4)
              .floats("B", Arrays.copyOf(Arrays.copyOf(ones, 4), 8), 1, 8)
              .node("RNN", "cell", biased == 1 ? "X,W,R,B" : "X,W,R", "Y")
              .output("Y")
              .file();
      float[][] y = new DynamicUnroll(file.read()).run(x).outputs()[0];
      for (int t = 0; t < 3; t++) {
        for (float value : y[t]) {
          assertEquals(printed[biased][t], value, 1e-6, "step " + t);
        }
      }
    }
  }
}
