package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.cell.Models;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.unroll.DynamicUnroll;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent nodes within one step: what they start from is a value that the step computes. */
final class ComputedStateTest {
  private static final int N = 4;

  /**
   * x and a state s (1, series, 4) or batch first; the cell starts from h0 = x·V + s and, for LSTM,
   * c0 = tanh(h0) or zero; s' = h'.
   */
  private static OnnxFile file(boolean batchFirst, String op, boolean withCell) {
    int gates = op.equals("RNN") ? 1 : op.equals("LSTM") ? 4 : 3;
    boolean lstm = op.equals("LSTM");
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("hidden_size", N));
    if (op.equals("GRU")) {
      attributes.add(attribute("linear_before_reset", 1));
    }
    if (batchFirst) {
      attributes.add(attribute("layout", 1));
    }
    return new TestGraph()
        .input("x", batchFirst ? "series,1,3" : "1,series,3")
        .input("s", batchFirst ? "series,1,4" : "1,series,4")
        .weights("V", 3, N)
        .weights("W", 1, (long) gates * N, 3)
        .weights("R", 1, (long) gates * N, N)
        .node("MatMul", "ofInput", "x,V", "v")
        .node("Add", "start", "v,s", "h0")
        .node("Tanh", "startCell", "h0", "c0")
        .node(
            op,
            "cell",
            "x,W,R,,,h0" + (lstm && withCell ? ",c0" : ""),
            lstm ? "y,h,c" : "y,h",
            attributes.toArray(new AttributeProto[0]))
        .node("Concat", "join", lstm ? "h,c" : "h,v", "z", attribute("axis", 2))
        .output("z")
        .output("h")
        .file();
  }

  private static float[][][] outputs(OnnxFile file, float[][][] x) throws OnnxException {
    RecurrentModel model = file.withStates(Map.of("s", "h")).read();
    assertEquals(N, model.stateLayout().size());
    return new DynamicUnroll(model).run(x).outputs();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RNN", "LSTM", "GRU"})
  void isTheCellsPreviousState(String op) throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    float[][][] x = new float[3][4][];
    for (float[][] series : x) {
      Arrays.setAll(series, t -> Models.values(random, 3, 1));
    }
    for (boolean withCell : new boolean[] {true, false}) {
      float[][][] ours = outputs(file(false, op, withCell), x);
      float[][][] batchFirst = outputs(file(true, op, withCell), x);
      Values state = new Values(new long[] {1, 3, N}, new float[3 * N]);
      try (OnnxRuntime runtime = new OnnxRuntime(file(false, op, withCell))) {
        for (int t = 0; t < 4; t++) {
          float[][][] step = {{x[0][t]}, {x[1][t]}, {x[2][t]}};
          Map<String, Values> there = runtime.run(Map.of("x", Values.timeMajor(step), "s", state));
          state = there.get("h");
          float[] z = there.get("z").data();
          int width = z.length / 3;
          for (int s = 0; s < 3; s++) {
            String where = "%s, step %d, series %d, %s".formatted(op, t, s, Seeds.message(seed));
            for (int j = 0; j < width; j++) {
              assertEquals(z[s * width + j], ours[s][t][j], 1e-5, where);
              assertEquals(z[s * width + j], batchFirst[s][t][j], 1e-5, where + ", batch first");
            }
          }
        }
      }
    }
  }

  private static void refused(String message, TestGraph graph) {
    OnnxFile file = graph.output("y").output("h").file().withStates(Map.of("s", "h"));
    assertEquals(message, assertThrows(OnnxException.class, file::read).getMessage());
  }

  @Test
  void hasTheCellsShape() {
    refused(
        "GRU 'g': initial_h is (1, batch, 5), expected (1, batch, 4), its series those of X",
        new TestGraph()
            .input("x", "1,batch,3")
            .input("s", "1,batch,4")
            .weights("V", 4, 5)
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("MatMul", "start", "s,V", "h0")
            .node("GRU", "g", "x,W,R,,,h0", "y,h"));
    refused(
        "GRU 'g': initial_h is (batch, 1, 4), expected (1, batch, 4), its series those of X",
        new TestGraph()
            .input("x", "1,batch,3")
            .input("s", "batch,1,4")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("GRU", "g", "x,W,R,,,s", "y,h"));
  }
}
