package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.cell.CellOracle;
import io.unroll.model.cell.Models;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The feeds' two models against their raw tensors and the equations in double. */
final class FeedModelsTest {
  private static final int STEPS = 60;

  private final long seed = Seeds.seed();
  private final Random random = Seeds.random(seed);

  private static CellWeights weights(GraphProto graph, String op, int first, int in, int n) {
    float[] b = DecoderOracle.tensor(graph, "onnx::" + op + "_" + (first + 2));
    return new CellWeights(
        op,
        in,
        n,
        DecoderOracle.tensor(graph, "onnx::" + op + "_" + first),
        DecoderOracle.tensor(graph, "onnx::" + op + "_" + (first + 1)),
        Arrays.copyOf(b, b.length / 2),
        Arrays.copyOfRange(b, b.length / 2, b.length),
        0);
  }

  private interface OfStep {
    double[] apply(float[] x);
  }

  /** Static and dynamic agree to the bit; both agree with the oracle, whose h is scaled back. */
  private void check(
      String name, GraphProto graph, float[][] series, OfStep h, String[] head, String[] scale)
      throws OnnxException {
    RecurrentModel model = file(name).read();
    float[][][] input = {series};
    Unrolled dynamic = new DynamicUnroll(model).run(input);
    Unrolled fixed = new StaticUnroll(model, STEPS, 1).run(input);
    assertTrue(Arrays.deepEquals(dynamic.outputs(), fixed.outputs()));
    float[] xm = DecoderOracle.tensor(graph, "xm");
    float[] xs = DecoderOracle.tensor(graph, "xs");
    float[] ys = DecoderOracle.tensor(graph, scale[0]);
    float[] ym = DecoderOracle.tensor(graph, scale[1]);
    float[] w = DecoderOracle.tensor(graph, head[0]);
    float[] b = DecoderOracle.tensor(graph, head[1]);
    for (int t = 0; t < STEPS; t++) {
      float[] x = new float[series[t].length];
      for (int i = 0; i < x.length; i++) {
        x[i] = (series[t][i] - xm[i]) / xs[i];
      }
      double[] state = h.apply(x);
      for (int j = 0; j < b.length; j++) {
        double y = b[j];
        for (int i = 0; i < state.length; i++) {
          y += state[i] * w[i * b.length + j];
        }
        double expected = y * ys[j % ys.length] + ym[j % ym.length];
        assertEquals(
            expected,
            dynamic.outputs()[0][t][j],
            1e-5 * Math.max(1, Math.abs(expected)),
            name + " step " + t + ", " + Seeds.message(seed));
      }
    }
  }

  private static OnnxFile file(String name) {
    return new OnnxFile(name, GoldenCase.bytes("feeds/" + name + ".onnx"), Map.of());
  }

  private float[][] series(int features, double scale) {
    float[][] series = new float[STEPS][];
    for (int t = 0; t < STEPS; t++) {
      series[t] = Models.values(random, features, scale);
    }
    return series;
  }

  @Test
  void weatherModelFollowsItsTensors() throws OnnxException, InvalidProtocolBufferException {
    String name = "weather-temperature-gru";
    GraphProto graph = ModelProto.parseFrom(file(name).model()).getGraph();
    CellWeights gru = weights(graph, "GRU", 116, 4, 24);
    double[][] h = {new double[24]};
    check(
        name,
        graph,
        series(4, 10),
        x -> h[0] = CellOracle.gru(gru, true, x, h[0]),
        new String[] {"onnx::MatMul_119", "head.bias"},
        new String[] {"ys", "ym"});
  }

  @Test
  void indexModelFollowsItsTensors() throws OnnxException, InvalidProtocolBufferException {
    String name = "eu-stock-quantiles-lstm";
    GraphProto graph = ModelProto.parseFrom(file(name).model()).getGraph();
    CellWeights lstm = weights(graph, "LSTM", 115, 1, 16);
    double[][][] state = {{new double[16], new double[16]}};
    check(
        name,
        graph,
        series(1, 1),
        x -> {
          state[0] = CellOracle.lstm(lstm, x, state[0][0], state[0][1]);
          return state[0][0];
        },
        new String[] {"onnx::MatMul_118", "head.bias"},
        new String[] {"xs", "xm"});
  }
}
