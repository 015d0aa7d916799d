package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.cell.Cell;
import io.unroll.model.cell.CellFunction;
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

/** A cell as ONNX RNN, LSTM or GRU, forward, layout 0. */
final class CellNode {
  private CellNode() {}

  /**
   * Adds the node.
   *
   * @param x (steps, batch, inputs)
   * @param h (1, batch, neurons), or empty for zeros
   * @param c the same of an LSTM, else empty
   * @param outputs names for Y, Y_h, Y_c; empty where not wanted
   */
  static NodeProto.Builder add(
      Sheet sheet, Cell cell, String x, String h, String c, List<String> outputs) {
    CellWeights weights = cell.weights();
    String name = weights.name();
    int n = weights.neurons();
    int rows = weights.wb().length;
    float[] peepholes = cell instanceof LstmCell lstm ? lstm.form().peepholes() : new float[0];
    boolean plain = Sheet.isZero(weights.wb()) && Sheet.isZero(weights.rb());
    List<String> inputs =
        new ArrayList<>(
            List.of(
                x,
                sheet.floats(name + ".W", weights.w(), 1, rows, weights.inputs()),
                sheet.floats(name + ".R", weights.r(), 1, rows, n),
                plain ? "" : bias(sheet, weights),
                "", // sequence_lens
                h,
                c,
                peepholes.length > 0 ? sheet.floats(name + ".P", peepholes, 1, 3L * n) : ""));
    while (inputs.get(inputs.size() - 1).isEmpty()) {
      inputs.remove(inputs.size() - 1);
    }
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Sheet.attribute("hidden_size", n));
    String op = attributes(cell, attributes);
    return sheet.node(op, name, inputs, outputs, attributes.toArray(AttributeProto[]::new));
  }

  private static String bias(Sheet sheet, CellWeights weights) {
    int rows = weights.wb().length;
    float[] both = Arrays.copyOf(weights.wb(), 2 * rows);
    System.arraycopy(weights.rb(), 0, both, rows, rows);
    return sheet.floats(weights.name() + ".B", both, 1, 2L * rows);
  }

  // ---- attributes ----

  /** Adds the form's attributes; returns the operator. */
  private static String attributes(Cell cell, List<AttributeProto> attributes) {
    if (cell instanceof RnnCell rnn) {
      RnnForm form = rnn.form();
      activations(attributes, List.of(Activation.TANH), List.of(form.f()));
      clip(attributes, form.clip());
      return "RNN";
    }
    if (cell instanceof LstmCell lstm) {
      LstmForm form = lstm.form();
      activations(
          attributes,
          List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH),
          List.of(form.f(), form.g(), form.h()));
      clip(attributes, form.clip());
      if (form.inputForget()) {
        attributes.add(Sheet.attribute("input_forget", 1));
      }
      return "LSTM";
    }
    if (cell instanceof GruCell gru) {
      GruForm form = gru.form();
      activations(
          attributes, List.of(Activation.SIGMOID, Activation.TANH), List.of(form.f(), form.g()));
      clip(attributes, form.clip());
      attributes.add(Sheet.attribute("linear_before_reset", form.linearBeforeReset() ? 1 : 0));
      return "GRU";
    }
    throw new IllegalArgumentException(
        "%s '%s': there is no ONNX node for it"
            .formatted(cell.layer().kind(), cell.layer().name()));
  }

  private static void clip(List<AttributeProto> attributes, float clip) {
    if (clip != Float.POSITIVE_INFINITY) {
      attributes.add(Sheet.attribute("clip", clip));
    }
  }

  /** Names, and alphas and betas of those that have them, in their order. */
  private static void activations(
      List<AttributeProto> attributes, List<Activation> defaults, List<Activation> activations) {
    if (activations.equals(defaults)) {
      return;
    }
    List<String> names = new ArrayList<>();
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    for (Activation activation : activations) {
      CellFunction function = CellFunction.of(activation.function());
      names.add(function.onnxName());
      if (function.hasAlpha()) {
        alphas.add(activation.alpha());
      }
      if (function.hasBeta()) {
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

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
