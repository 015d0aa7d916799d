package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.floatList;
import static io.unroll.model.onnx.TestGraph.names;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.Seeds;
import io.unroll.model.cell.Models;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.onnx.RecurrentLayer.Style;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RNN, LSTM and GRU in every form: whole sequences in ONNX Runtime against stepping here. */
final class RecurrentComparisonTest {
  private static float[][][] input(Random random, int series, int steps, int features) {
    float[][][] x = new float[series][steps][];
    for (float[][] sample : x) {
      for (int t = 0; t < steps; t++) {
        sample[t] = Models.values(random, features, 1);
      }
    }
    return x;
  }

  private static void assertClose(String where, float[] expected, float[] found) {
    assertEquals(expected.length, found.length, where);
    double scale = 1;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], 1e-5 * scale, where + ", value " + i);
    }
  }

  /** Every output and every final state; ours batch first. */
  private static void compare(
      String where,
      List<RecurrentLayer> layers,
      Style style,
      float[][][] x,
      List<RecurrentLayer> theirs)
      throws Exception {
    Unrolled ours = new DynamicUnroll(RecurrentLayer.file(layers, x.length, style).read()).run(x);
    Map<String, Values> outputs =
        OnnxRuntime.run(
            RecurrentLayer.file(theirs, x.length, Style.PLAIN), Map.of("x", Values.timeMajor(x)));
    int last = layers.size() - 1;
    assertClose(
        where + ", every step",
        outputs.get("z" + last).data(),
        Values.timeMajor(ours.outputs()).data());
    int at = 0;
    for (int k = 0; k <= last; k++) {
      for (String state : layers.get(k).op().equals("LSTM") ? "hc".split("") : "h".split("")) {
        int n = layers.get(k).n();
        float[] found = new float[x.length * n];
        for (int s = 0; s < x.length; s++) {
          System.arraycopy(ours.finalStates()[s], at, found, s * n, n);
        }
        assertClose(where + ", final " + state + k, outputs.get(state + k).data(), found);
        at += n;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RNN", "LSTM", "GRU"})
  void everyFormGivesWhatOnnxRuntimeGives(String op) throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < 100; round++) {
      int series = 1 + random.nextInt(3);
      List<RecurrentLayer> layers = new ArrayList<>();
      int inputs = 1 + random.nextInt(5);
      for (int k = 0; k < 1 + random.nextInt(2); k++) {
        int n = 1 + random.nextInt(6);
        layers.add(RecurrentLayer.random(random, op, inputs, n));
        inputs = n;
      }
      float[][][] x = input(random, series, 1 + random.nextInt(6), layers.get(0).inputs());
      Style style = new Style(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
      String where =
          "round %d, %s, %s, %s"
              .formatted(round, style, layers.get(0).attributes(), Seeds.message(seed));
      compare(where, layers, style, x, layers);
    }
  }

  /** A layer with those attributes and the weights of seed 7. */
  private static RecurrentLayer layer(String op, AttributeProto... attributes) {
    Random random = new Random(7);
    int gates = op.equals("RNN") ? 1 : op.equals("LSTM") ? 4 : 3;
    float[] none = {};
    return new RecurrentLayer(
        op,
        3,
        4,
        List.of(attributes),
        Models.values(random, gates * 12, 0.5),
        Models.values(random, gates * 16, 0.5),
        Models.values(random, gates * 8, 0.5),
        none,
        none,
        none);
  }

  private static void compare(RecurrentLayer ours, RecurrentLayer theirs) throws Exception {
    float[][][] x = input(new Random(8), 2, 5, 3);
    compare(ours.attributes().toString(), List.of(ours), Style.PLAIN, x, List.of(theirs));
  }

  @Test
  void missingAlphaAndBetaAreOnnxsDefaults() throws Exception {
    RecurrentLayer lstm = layer("LSTM", names("activations", "HardSigmoid", "Elu", "LeakyRelu"));
    compare(lstm, lstm);
    RecurrentLayer gru = layer("GRU", names("activations", "HardSigmoid", "LeakyRelu"));
    compare(gru, gru);
    // Its RNN takes 0 for what is missing, and 0 for ThresholdedRelu everywhere.
    compare(
        layer("RNN", names("activations", "LeakyRelu")),
        layer("RNN", names("activations", "LeakyRelu"), floatList("activation_alpha", 0.01f)));
    compare(
        layer("RNN", names("activations", "Elu")),
        layer("RNN", names("activations", "Elu"), floatList("activation_alpha", 1)));
    compare(
        layer("RNN", names("activations", "HardSigmoid")),
        layer(
            "RNN",
            names("activations", "HardSigmoid"),
            floatList("activation_alpha", 0.2f),
            floatList("activation_beta", 0.5f)));
    compare(
        layer("GRU", names("activations", "Sigmoid", "ThresholdedRelu")),
        layer(
            "GRU",
            names("activations", "Sigmoid", "ThresholdedRelu"),
            floatList("activation_alpha", 1)));
  }

  @Test
  void alphasGoInOrderToTheFunctionsThatHaveOneAndSurplusIsIgnored() throws Exception {
    RecurrentLayer lstm =
        layer(
            "LSTM",
            names("activations", "Sigmoid", "LeakyRelu", "ScaledTanh"),
            floatList("activation_alpha", 0.3f, 0.7f, 9),
            floatList("activation_beta", 1.2f, 9));
    compare(lstm, lstm);
    compare(
        layer("RNN", names("activations", "Tanh", "Tanh")), // the schema's default, written out
        layer("RNN", names("activations", "Tanh")));
    compare(layer("LSTM", names("activations")), layer("LSTM"));
  }

  /** Weights and inputs in eighths: the sums are exact, so both see the same side of the step. */
  @ParameterizedTest
  @ValueSource(strings = {"RNN", "LSTM", "GRU"})
  void thresholdsAreSeenFromTheSameSide(String op) throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    int gates = op.equals("RNN") ? 1 : op.equals("LSTM") ? 4 : 3;
    for (int round = 0; round < 20; round++) {
      String[] f = {"ThresholdedRelu", "ThresholdedRelu", "Tanh"};
      RecurrentLayer layer =
          new RecurrentLayer(
              op,
              3,
              4,
              List.of(
                  names("activations", Arrays.copyOf(f, op.equals("RNN") ? 1 : gates - 1)),
                  floatList("activation_alpha", 0.3f, 0.4f)),
              eighths(random, gates * 12),
              eighths(random, gates * 16),
              eighths(random, gates * 8),
              new float[0],
              eighths(random, 4),
              op.equals("LSTM") ? eighths(random, 4) : new float[0]);
      float[][][] x = {{eighths(random, 3)}};
      compare(Seeds.message(seed), List.of(layer), Style.PLAIN, x, List.of(layer));
    }
  }

  private static float[] eighths(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (random.nextInt(17) - 8) / 8f;
    }
    return values;
  }
}
