package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.names;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.cell.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** ONNX files of random layers, for tests that take a model as bytes. */
public final class RandomFiles {
  private RandomFiles() {}

  /**
   * Time-major layers of one kind, one above the other, and a dense head.
   *
   * @param inputs features per step
   * @param neurons of each layer, lowest first
   * @param outputs of the head
   */
  public static OnnxFile stack(
      Random random, Models.Kind kind, int inputs, List<Integer> neurons, int outputs) {
    TestGraph graph = new TestGraph().input("x", "time,batch," + inputs).longs("one", 1);
    String below = "x";
    int in = inputs;
    for (int layer = 0; layer < neurons.size(); layer++) {
      int n = neurons.get(layer);
      int gates = kind.gates() * n;
      String w = "W" + layer;
      String r = "R" + layer;
      String b = "B" + layer;
      graph
          .floats(w, Models.values(random, gates * in, 0.5), 1, gates, in)
          .floats(r, Models.values(random, gates * n, 0.5), 1, gates, n)
          .floats(b, Models.values(random, 2 * gates, 0.3), 1, 2L * gates)
          .node(
              op(kind),
              "layer_" + layer,
              below + "," + w + "," + r + "," + b,
              "y" + layer,
              attributes(kind, n))
          .node("Squeeze", "squeeze_" + layer, "y" + layer + ",one", "s" + layer);
      below = "s" + layer;
      in = n;
    }
    return graph
        .floats("head", Models.values(random, in * outputs, 0.5), in, outputs)
        .node("MatMul", "dense", below + ",head", "y")
        .output("y")
        .file();
  }

  private static String op(Models.Kind kind) {
    return switch (kind) {
      case RNN_TANH, RNN_RELU, RNN_SIGMOID -> "RNN";
      case LSTM -> "LSTM";
      case GRU_0, GRU_1 -> "GRU";
    };
  }

  private static AttributeProto[] attributes(Models.Kind kind, int neurons) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("hidden_size", neurons));
    switch (kind) {
      case RNN_TANH, LSTM, GRU_0 -> {}
      case RNN_RELU -> attributes.add(names("activations", "Relu"));
      case RNN_SIGMOID -> attributes.add(names("activations", "Sigmoid"));
      case GRU_1 -> attributes.add(attribute("linear_before_reset", 1));
    }
    return attributes.toArray(AttributeProto[]::new);
  }
}
