package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.cell.CellFunction;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellAttributes;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A cell as the ONNX node of its form, forward, layout 0. */
final class CellNode {
  /** Inputs between sequence_lens and P: initial_h and initial_c. */
  private static final int STATES = 2;

  private CellNode() {}

  /**
   * Adds the node.
   *
   * @param x (steps, batch, inputs)
   * @param before for each state (1, batch, neurons), or empty for zeros
   * @param outputs names for Y and the states after the last step; empty where not wanted
   */
  static NodeProto.Builder add(
      Sheet sheet, RecurrentCell cell, String x, List<String> before, List<String> outputs) {
    CellWeights weights = cell.weights();
    CellAttributes declared = cell.form().attributes();
    String name = weights.name();
    int n = weights.neurons();
    int rows = weights.wb().length;
    float[] p = declared.peepholes();
    boolean plain = Sheet.isZero(weights.wb()) && Sheet.isZero(weights.rb());
    List<String> inputs =
        new ArrayList<>(
            List.of(
                x,
                sheet.floats(name + ".W", weights.w(), 1, rows, weights.inputs()),
                sheet.floats(name + ".R", weights.r(), 1, rows, n),
                plain ? "" : bias(sheet, weights),
                "")); // sequence_lens
    for (int i = 0; i < STATES; i++) {
      inputs.add(i < before.size() ? before.get(i) : "");
    }
    inputs.add(p.length > 0 ? sheet.floats(name + ".P", p, 1, p.length) : "");
    while (inputs.get(inputs.size() - 1).isEmpty()) {
      inputs.remove(inputs.size() - 1);
    }
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Sheet.attribute("hidden_size", n));
    attributes(cell.form(), attributes);
    return sheet.node(
        cell.form().operator(), name, inputs, outputs, attributes.toArray(AttributeProto[]::new));
  }

  private static String bias(Sheet sheet, CellWeights weights) {
    int rows = weights.wb().length;
    float[] both = Arrays.copyOf(weights.wb(), 2 * rows);
    System.arraycopy(weights.rb(), 0, both, rows, rows);
    return sheet.floats(weights.name() + ".B", both, 1, 2L * rows);
  }

  // ---- attributes ----

  private static void attributes(CellForm form, List<AttributeProto> attributes) {
    CellForm standard = Objects.requireNonNull(CellForm.standard(form.operator()));
    CellAttributes declared = form.attributes();
    if (!declared.activations().equals(standard.attributes().activations())) {
      activations(attributes, declared.activations());
    }
    if (declared.clip() != Float.POSITIVE_INFINITY) {
      attributes.add(Sheet.attribute("clip", declared.clip()));
    }
    for (CellAttributes.Flag flag : declared.flags()) {
      if (flag.set() || flag.written()) {
        attributes.add(Sheet.attribute(flag.name(), flag.set() ? 1 : 0));
      }
    }
  }

  /** Names, and alphas and betas of those that have them, in their order. */
  private static void activations(List<AttributeProto> attributes, List<Activation> activations) {
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
