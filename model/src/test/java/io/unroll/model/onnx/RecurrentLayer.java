package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.floatList;
import static io.unroll.model.onnx.TestGraph.names;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.cell.Forms;
import io.unroll.model.cell.Models;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.UnaryFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A layer as ONNX states it; an empty array is an input that is not there. */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record RecurrentLayer(
    String op,
    int inputs,
    int n,
    List<AttributeProto> attributes,
    float[] w,
    float[] r,
    float[] b,
    float[] p,
    float[] h0,
    float[] c0) {

  /** What a file is written like; ONNX Runtime reads one way only. */
  record Style(boolean batchFirst, boolean oddCase, boolean hiddenSize) {
    static final Style PLAIN = new Style(false, false, true);
  }

  static RecurrentLayer random(Random random, String op, int inputs, int n) {
    List<AttributeProto> attributes = new ArrayList<>();
    float[] peepholes = {};
    int gates = 1;
    switch (op) {
      case "RNN" -> {
        RnnForm form = Forms.rnn(random);
        activations(attributes, form.f());
        clip(attributes, form.clip());
      }
      case "LSTM" -> {
        gates = 4;
        LstmForm form = Forms.lstm(random, n);
        activations(attributes, form.f(), form.g(), form.h());
        clip(attributes, form.clip());
        if (form.inputForget()) {
          attributes.add(attribute("input_forget", 1));
        }
        peepholes = form.peepholes();
      }
      default -> {
        gates = 3;
        GruForm form = Forms.gru(random);
        activations(attributes, form.f(), form.g());
        clip(attributes, form.clip());
        if (form.linearBeforeReset()) {
          attributes.add(attribute("linear_before_reset", 1));
        }
      }
    }
    return new RecurrentLayer(
        op,
        inputs,
        n,
        attributes,
        Models.values(random, gates * n * inputs, 0.4),
        Models.values(random, gates * n * n, 0.4),
        sometimes(random, 2 * gates * n),
        peepholes,
        sometimes(random, n),
        op.equals("LSTM") ? sometimes(random, n) : new float[0]);
  }

  private static float[] sometimes(Random random, int n) {
    return random.nextBoolean() ? Models.values(random, n, 0.5) : new float[0];
  }

  private static void clip(List<AttributeProto> attributes, float clip) {
    if (clip != Float.POSITIVE_INFINITY) {
      attributes.add(attribute("clip", clip));
    }
  }

  private static void activations(List<AttributeProto> attributes, Activation... activations) {
    List<String> names = new ArrayList<>();
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    for (Activation f : activations) {
      names.add(onnxName(f.function()));
      switch (f.function()) {
        case AFFINE, SCALED_TANH, HARD_SIGMOID -> {
          alphas.add(f.alpha());
          betas.add(f.beta());
        }
        case LEAKY_RELU, ELU, THRESHOLDED_RELU -> alphas.add(f.alpha());
        default -> {}
      }
    }
    attributes.add(names("activations", names.toArray(new String[0])));
    list(attributes, "activation_alpha", alphas);
    list(attributes, "activation_beta", betas);
  }

  private static void list(List<AttributeProto> attributes, String name, List<Float> values) {
    if (!values.isEmpty()) {
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
      attributes.add(floatList(name, floats));
    }
  }

  /** HARD_SIGMOID is HardSigmoid. */
  private static String onnxName(UnaryFunction function) {
    StringBuilder name = new StringBuilder();
    for (String word : function.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static AttributeProto odd(AttributeProto a) {
    if (!a.getName().equals("activations")) {
      return a;
    }
    String[] odd = new String[a.getStringsCount()];
    for (int i = 0; i < odd.length; i++) {
      String name = a.getStrings(i).toStringUtf8();
      odd[i] = i % 2 == 0 ? name.toLowerCase(Locale.ROOT) : name.toUpperCase(Locale.ROOT);
    }
    return names("activations", odd);
  }

  void addTo(TestGraph graph, String input, int k, int series, Style style) {
    String[] inputs = {input, "W" + k, "R" + k, "B" + k, "", "h0" + k, "c0" + k, "P" + k};
    graph.floats(inputs[1], w, 1, w.length / this.inputs, this.inputs);
    graph.floats(inputs[2], r, 1, r.length / n, n);
    optional(graph, inputs, 3, b, 1, b.length);
    long[] state = style.batchFirst() ? new long[] {series, 1, n} : new long[] {1, series, n};
    optional(graph, inputs, 5, repeated(h0, series), state);
    optional(graph, inputs, 6, repeated(c0, series), state);
    optional(graph, inputs, 7, p, 1, p.length);
    List<AttributeProto> all = new ArrayList<>();
    attributes.forEach(a -> all.add(style.oddCase() ? odd(a) : a));
    if (style.hiddenSize()) {
      all.add(attribute("hidden_size", n));
    }
    if (style.batchFirst()) {
      all.add(attribute("layout", 1));
    }
    int used = op.equals("LSTM") ? 8 : 6;
    graph.node(
        op,
        "layer" + k,
        String.join(",", Arrays.copyOf(inputs, used)),
        op.equals("LSTM") ? "y%d,h%d,c%d".formatted(k, k, k) : "y%d,h%d".formatted(k, k),
        all.toArray(new AttributeProto[0]));
  }

  private static void optional(
      TestGraph graph, String[] inputs, int i, float[] values, long... dims) {
    if (values.length == 0) {
      inputs[i] = "";
    } else {
      graph.floats(inputs[i], values, dims);
    }
  }

  private static float[] repeated(float[] row, int times) {
    float[] all = new float[row.length * times];
    for (int i = 0; i < all.length; i++) {
      all[i] = row[i % row.length];
    }
    return all;
  }

  /** Layers one above the other; the last one's squeezed output, then every state. */
  static OnnxFile file(List<RecurrentLayer> layers, int series, Style style) {
    TestGraph graph = new TestGraph().opset(14);
    String extents = style.batchFirst() ? series + ",steps," : "steps," + series + ",";
    graph.input("x", extents + layers.get(0).inputs()).longs("axis", style.batchFirst() ? 2 : 1);
    String from = "x";
    for (int k = 0; k < layers.size(); k++) {
      layers.get(k).addTo(graph, from, k, series, style);
      graph.node("Squeeze", "s" + k, "y" + k + ",axis", "z" + k);
      from = "z" + k;
    }
    graph.output(from);
    for (int k = 0; k < layers.size(); k++) {
      graph.output("h" + k);
      if (layers.get(k).op().equals("LSTM")) {
        graph.output("c" + k);
      }
    }
    return graph.file();
  }
}
