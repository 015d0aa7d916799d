package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.cell.Cell;
import io.unroll.model.cell.CellWeights;
import io.unroll.model.cell.GruCell;
import io.unroll.model.cell.LstmCell;
import io.unroll.model.cell.RnnCell;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cells as ONNX RNN, LSTM and GRU, forward, layout 0. */
final class CellWriter {
  private final OnnxWriter writer;
  private final Sheet sheet;
  private final Sizes sizes;
  private final float[] initialState;

  CellWriter(OnnxWriter writer, Sheet sheet, Sizes sizes, float[] initialState) {
    this.writer = writer;
    this.sheet = sheet;
    this.sizes = sizes;
    this.initialState = initialState;
  }

  /**
   * The last c of an LSTM, an output that the node gets when it is asked for.
   *
   * @param node the LSTM's
   * @param name the LSTM's
   */
  record Memory(NodeProto.Builder node, String name) {
    Rows last(Sheet sheet) {
      String value = sheet.value(name + ".Y_c"); // (1, batch, neurons)
      node.addOutput("").addOutput(value);
      return new Rows(sheet.node("Squeeze", name + ".c", List.of(value, sheet.longs(0))), false);
    }
  }

  void write(Cell cell) {
    if (cell instanceof RnnCell rnn) {
      RnnForm form = rnn.form();
      write("RNN", cell, attributes(form.clip(), defaults("RNN"), form.f()), new float[0]);
    } else if (cell instanceof LstmCell lstm) {
      LstmForm form = lstm.form();
      List<AttributeProto> attributes =
          attributes(form.clip(), defaults("LSTM"), form.f(), form.g(), form.h());
      if (form.inputForget()) {
        attributes.add(Sheet.attribute("input_forget", 1));
      }
      NodeProto.Builder node = write("LSTM", cell, attributes, form.peepholes());
      writer.put(lstm.memory(), new Memory(node, lstm.weights().name()));
    } else if (cell instanceof GruCell gru) {
      GruForm form = gru.form();
      List<AttributeProto> attributes =
          attributes(form.clip(), defaults("GRU"), form.f(), form.g());
      attributes.add(Sheet.attribute("linear_before_reset", form.linearBeforeReset() ? 1 : 0));
      write("GRU", cell, attributes, new float[0]);
    } else {
      throw new IllegalArgumentException(
          "%s '%s': ONNX has no such node. Write the model that it runs"
              .formatted(cell.layer().kind(), cell.layer().name()));
    }
  }

  private NodeProto.Builder write(
      String op, Cell cell, List<AttributeProto> attributes, float[] peepholes) {
    CellWeights weights = cell.weights();
    String name = weights.name();
    if (!cell.state().kept()) {
      throw new IllegalArgumentException(
          "%s '%s': its state is a value of the step, not its own; such a graph is over one step"
              .formatted(op, name));
    }
    int n = weights.neurons();
    int rows = weights.wb().length;
    String bias = isZero(weights.wb()) && isZero(weights.rb()) ? "" : bias(weights);
    int at = cell.state().offset();
    boolean lstm = cell instanceof LstmCell;
    List<String> inputs =
        new ArrayList<>(
            List.of(
                writer.rows(cell.input()).name(),
                sheet.floats(name + ".W", weights.w(), 1, rows, weights.inputs()),
                sheet.floats(name + ".R", weights.r(), 1, rows, n),
                bias,
                "", // sequence_lens
                initial(name + ".initial_h", at, n),
                lstm ? initial(name + ".initial_c", at + n, n) : "",
                peepholes.length > 0 ? sheet.floats(name + ".P", peepholes, 1, 3L * n) : ""));
    while (inputs.get(inputs.size() - 1).isEmpty()) {
      inputs.remove(inputs.size() - 1);
    }
    attributes.add(0, Sheet.attribute("hidden_size", n));
    String steps = sheet.value(name + ".Y"); // (steps, 1, batch, neurons)
    NodeProto.Builder node =
        sheet.node(op, name, inputs, List.of(steps), attributes.toArray(AttributeProto[]::new));
    writer.put(cell.output(), sheet.node("Squeeze", name + ".h", List.of(steps, sheet.longs(1))));
    return node;
  }

  private String bias(CellWeights weights) {
    int rows = weights.wb().length;
    float[] both = Arrays.copyOf(weights.wb(), 2 * rows);
    System.arraycopy(weights.rb(), 0, both, rows, rows);
    return sheet.floats(weights.name() + ".B", both, 1, 2L * rows);
  }

  /** The constant state for each series of the batch; empty for zeros. */
  private String initial(String name, int at, int n) {
    float[] state = Arrays.copyOfRange(initialState, at, at + n);
    if (isZero(state)) {
      return "";
    }
    String row = sheet.floats(name, state, 1, 1, n);
    return sheet.node("Expand", name + ".of_batch", List.of(row, sizes.oneStep(n)));
  }

  static boolean isZero(float[] values) {
    for (float value : values) {
      if (Float.floatToRawIntBits(value) != 0) { // -0 is a number of its own
        return false;
      }
    }
    return true;
  }

  // ---- attributes ----

  private static List<Activation> defaults(String op) {
    return switch (op) {
      case "LSTM" -> List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH);
      case "GRU" -> List.of(Activation.SIGMOID, Activation.TANH);
      default -> List.of(Activation.TANH);
    };
  }

  private static List<AttributeProto> attributes(
      float clip, List<Activation> defaults, Activation... activations) {
    List<AttributeProto> attributes = new ArrayList<>();
    if (!defaults.equals(List.of(activations))) {
      List<String> names = new ArrayList<>();
      List<Float> alphas = new ArrayList<>(); // of those that have one, in their order
      List<Float> betas = new ArrayList<>();
      for (Activation activation : activations) {
        names.add(Functions.ofCell(activation.function()));
        if (Functions.hasAlpha(activation.function())) {
          alphas.add(activation.alpha());
        }
        if (Functions.hasBeta(activation.function())) {
          betas.add(activation.beta());
        }
      }
      attributes.add(Sheet.attribute("activations", names));
      if (!alphas.isEmpty()) {
        attributes.add(Sheet.attribute("activation_alpha", floats(alphas)));
      }
      if (!betas.isEmpty()) {
        attributes.add(Sheet.attribute("activation_beta", floats(betas)));
      }
    }
    if (clip != Float.POSITIVE_INFINITY) {
      attributes.add(Sheet.attribute("clip", clip));
    }
    return attributes;
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
