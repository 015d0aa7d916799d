package io.unroll.model;

import io.unroll.model.cell.Apply;
import io.unroll.model.cell.CombineConstant;
import io.unroll.model.cell.Dense;
import io.unroll.model.cell.Normalize;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.cell.Softmax;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.export.OnnxWriter;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RecurrentModel} layer by layer, each on the output of the one before: inputs first, then
 * layers, of which one at least is recurrent. Every argument is checked when it is given, what
 * concerns the whole at {@link #build}; an {@link IllegalArgumentException} names the layer and
 * both numbers. Arrays are row-major and copied.
 *
 * <p>Weights of recurrent layers stand as in ONNX: the matrices (gates · neurons, inputs) and
 * (gates · neurons, neurons), gates of an LSTM in the order input, output, forget, candidate, of a
 * GRU update, reset, candidate. PyTorch's matrices lie the same way, its LSTM has input, forget,
 * candidate, output and its GRU reset, update, candidate. Keras's and TensorFlow's are transposed.
 */
public final class ModelBuilder {
  private String name = "model";
  private String version = "";
  private List<String> features = List.of();
  private List<String> outputs = List.of();

  private StepGraph.@Nullable Builder graph;
  private int register = StepGraph.INPUT;
  private String before = "the input"; // the layer whose output the next one takes
  private final LayerNames names = new LayerNames();
  private final List<RecurrentCell> cells = new ArrayList<>();
  private final List<String> slotNames = new ArrayList<>();
  private final List<float[]> slots = new ArrayList<>(); // what a sequence starts from
  private boolean everyStep = true;

  ModelBuilder() {}

  // ---- what it is called ----

  /** The model's name, {@code model} without; a file of it is called so. */
  public ModelBuilder name(String modelName) {
    if (modelName.isBlank() || modelName.matches(".*[/\\\\\\p{Cntrl}].*")) {
      throw new IllegalArgumentException(
          "name '" + modelName + "': expected one that a file can have");
    }
    name = modelName;
    return this;
  }

  /** What its maker calls this version of it: {@code 3}, {@code 2026-11-24}. */
  public ModelBuilder version(String modelVersion) {
    version = modelVersion.trim();
    return this;
  }

  /** Names of the inputs of a step, in order; one name is one input. */
  public ModelBuilder features(String... featureNames) {
    List<String> checked = Given.names("features", featureNames);
    inputs(checked.size());
    features = checked;
    return this;
  }

  /** The number of inputs of a step, without names. */
  public ModelBuilder inputs(int count) {
    if (graph != null) {
      throw new IllegalArgumentException(
          "inputs: given twice, %d and %d".formatted(graph.width(StepGraph.INPUT), count));
    }
    if (count <= 0) {
      throw new IllegalArgumentException("inputs: found " + count + ", expected 1 or more");
    }
    graph = new StepGraph.Builder(Kernels.best(), count);
    return this;
  }

  /** Names of the outputs, in order: as many as the last layer has values. */
  public ModelBuilder outputs(String... outputNames) {
    outputs = Given.names("outputs", outputNames);
    return this;
  }

  // ---- scaling ----

  /** {@code (x - mean) / std}, usually the first layer. */
  public ModelBuilder standardize(float[] mean, float[] std) {
    String layer = names.numbered("standardize");
    StepGraph.Builder g = scaling(layer, mean, std);
    constant(g, "Sub", layer + ".mean", BinaryFunction.SUB, mean);
    constant(g, "Div", layer + ".std", BinaryFunction.DIV, std);
    return after(layer);
  }

  /** {@code y · std + mean}, usually the last layer: outputs in their own units. */
  public ModelBuilder unstandardize(float[] mean, float[] std) {
    String layer = names.numbered("unstandardize");
    StepGraph.Builder g = scaling(layer, mean, std);
    constant(g, "Mul", layer + ".std", BinaryFunction.MUL, std);
    constant(g, "Add", layer + ".mean", BinaryFunction.ADD, mean);
    return after(layer);
  }

  private StepGraph.Builder scaling(String layer, float[] mean, float[] std) {
    StepGraph.Builder g = graph(layer);
    Given.floats(layer, "mean", mean, g.width(register));
    Given.floats(layer, "std", std, g.width(register));
    for (int i = 0; i < std.length; i++) {
      if (!(std[i] > 0)) {
        throw new IllegalArgumentException(
            "%s: std[%d] is %s, expected above 0".formatted(layer, i, std[i]));
      }
    }
    return g;
  }

  private void constant(
      StepGraph.Builder g, String kind, String layer, BinaryFunction f, float[] values) {
    CombineConstant node =
        new CombineConstant(g, kind, layer, f, values, false, values.length, register);
    g.add(node);
    register = node.output();
  }

  // ---- recurrent layers ----

  /** {@code h' = tanh(W·x + R·h + b)}. */
  public ModelBuilder rnn(CellWeights weights) {
    return rnn(weights, RnnForm.STANDARD);
  }

  /** The plain cell with an activation, or a clip, of its own. */
  public ModelBuilder rnn(CellWeights weights, RnnForm form) {
    return recurrent(weights, form);
  }

  /** An LSTM with sigmoid, tanh, tanh, as PyTorch's, Keras's and TensorFlow's. */
  public ModelBuilder lstm(CellWeights weights) {
    return lstm(weights, LstmForm.STANDARD);
  }

  /** An LSTM with activations, clip or peepholes of its own. */
  public ModelBuilder lstm(CellWeights weights, LstmForm form) {
    return recurrent(weights, form);
  }

  /**
   * A GRU. There is no default: the two forms give other numbers with the same weights.
   *
   * @param linearBeforeReset the reset gate after the candidate's product (true: PyTorch, Keras
   *     with {@code reset_after}, its default) or before it (false: TensorFlow 1, the first paper)
   */
  public ModelBuilder gru(CellWeights weights, boolean linearBeforeReset) {
    return gru(weights, GruForm.standard(linearBeforeReset));
  }

  /** A GRU with activations or a clip of its own. */
  public ModelBuilder gru(CellWeights weights, GruForm form) {
    return recurrent(weights, form);
  }

  /** A recurrent layer of any form. */
  public ModelBuilder recurrent(CellWeights weights, CellForm form) {
    String layer = "%s '%s'".formatted(form.operator(), names.named(weights.name()));
    StepGraph.Builder g = graph(layer);
    if (!everyStep) {
      throw new IllegalArgumentException(
          layer + ": behind lastStep() there is one vector, nothing to step over");
    }
    if (weights.inputs() != g.width(register)) {
      throw new IllegalArgumentException(
          "%s: takes %d values per step, found %d from %s"
              .formatted(layer, weights.inputs(), g.width(register), before));
    }
    int rows = Math.multiplyExact(form.gates(), weights.neurons());
    Given.floats(layer, "W", weights.w(), Math.multiplyExact(rows, weights.inputs()));
    Given.floats(layer, "R", weights.r(), Math.multiplyExact(rows, weights.neurons()));
    Given.floats(layer, "input bias", weights.wb(), rows);
    Given.floats(layer, "state bias", weights.rb(), rows);
    RecurrentCell cell = new RecurrentCell(g, weights.copy(), form, register);
    g.add(cell);
    cells.add(cell);
    for (String state : form.states()) {
      slotNames.add(weights.name() + "." + state);
      slots.add(new float[weights.neurons()]);
    }
    register = cell.output();
    return after(layer);
  }

  /**
   * What a sequence starts from in the recurrent layer that came last, zeros without.
   *
   * @param parts the form's states, (neurons) each: h; for an LSTM h and c
   */
  public ModelBuilder initialState(float[]... parts) {
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("initialState: no recurrent layer before it");
    }
    RecurrentCell cell = cells.get(cells.size() - 1);
    String layer = "%s '%s'".formatted(cell.layer().kind(), cell.layer().name());
    List<String> states = cell.form().states();
    if (parts.length != states.size()) {
      throw new IllegalArgumentException(
          "%s: initial state of %d parts, expected %d%s"
              .formatted(
                  layer,
                  parts.length,
                  states.size(),
                  states.size() > 1 ? ", " + String.join(" and ", states) : ""));
    }
    int first = slots.size() - states.size();
    for (int i = 0; i < parts.length; i++) {
      Given.floats(layer, "initial " + states.get(i), parts[i], slots.get(first + i).length);
      slots.set(first + i, parts[i].clone());
    }
    return this;
  }

  /** From here on the last step alone counts: one vector per sequence. */
  public ModelBuilder lastStep() {
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("lastStep: no recurrent layer before it");
    }
    everyStep = false;
    return this;
  }

  // ---- dense and elementwise layers ----

  /**
   * {@code y = x·W + b}.
   *
   * @param weights (inputs, outputs), as in Keras and TensorFlow; PyTorch's is the transpose
   * @param bias (outputs); zeros for a layer without one
   */
  public ModelBuilder dense(String layerName, float[] weights, float[] bias) {
    String layer = "Dense '%s'".formatted(names.named(layerName));
    StepGraph.Builder g = graph(layer);
    int width = g.width(register);
    if (bias.length == 0) {
      throw new IllegalArgumentException(layer + ": bias has 0 values, expected 1 or more");
    }
    if (weights.length != (long) width * bias.length) {
      throw new IllegalArgumentException(
          "%s: weights have %d values, expected %d: %d from %s times %d of the bias"
              .formatted(
                  layer, weights.length, (long) width * bias.length, width, before, bias.length));
    }
    Given.floats(layer, "weights", weights, weights.length);
    Given.floats(layer, "bias", bias, bias.length);
    long parameters = (long) weights.length + bias.length;
    Dense node = new Dense(g, layerName, width, bias.length, weights, bias, parameters, register);
    g.add(node);
    register = node.output();
    return after(layer);
  }

  /** A function of each value. */
  public ModelBuilder activation(Activation function) {
    String layer = names.numbered(function.function().name().toLowerCase(Locale.ROOT));
    StepGraph.Builder g = graph(layer);
    Apply node = new Apply(g, "Activation", layer, function, register);
    g.add(node);
    register = node.output();
    return after(layer);
  }

  /**
   * LayerNormalization over the values of a step.
   *
   * @param scale (values of a step)
   * @param bias (values of a step)
   * @param epsilon added to the variance: 1e-5 in PyTorch, 1e-3 in Keras
   */
  public ModelBuilder layerNorm(float[] scale, float[] bias, float epsilon) {
    String layer = names.numbered("layerNorm");
    StepGraph.Builder g = graph(layer);
    Given.floats(layer, "scale", scale, g.width(register));
    Given.floats(layer, "bias", bias, g.width(register));
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException(
          layer + ": epsilon is " + epsilon + ", expected 0 or more");
    }
    Normalize node = new Normalize(g, layer, scale, bias, epsilon, 2L * scale.length, register);
    g.add(node);
    register = node.output();
    return after(layer);
  }

  /** Softmax over the values of a step. */
  public ModelBuilder softmax() {
    String layer = names.numbered("softmax");
    StepGraph.Builder g = graph(layer);
    Softmax node = new Softmax(g, layer, g.width(register), register);
    g.add(node);
    register = node.output();
    return after(layer);
  }

  // ---- the model ----

  /**
   * The model. Its fingerprint is that of the ONNX file it writes, so the file, read again, has the
   * same id.
   */
  public RecurrentModel build() {
    StepGraph.Builder g = graph("build");
    if (cells.isEmpty()) {
      throw new IllegalArgumentException(
          "model '" + name + "': found no recurrent layer, expected rnn, lstm or gru");
    }
    if (!outputs.isEmpty() && outputs.size() != g.width(register)) {
      throw new IllegalArgumentException(
          "outputs: found %d names (%s), expected %d, the values of %s"
              .formatted(outputs.size(), String.join(", ", outputs), g.width(register), before));
    }
    StepGraph steps = g.build(register);
    StateLayout layout = StateLayout.of(slotNames, slots.stream().map(s -> s.length).toList());
    float[] initial = new float[layout.size()];
    for (int i = 0; i < slots.size(); i++) {
      System.arraycopy(
          slots.get(i), 0, initial, layout.slots().get(i).offset(), slots.get(i).length);
    }
    Map<String, String> metadata = RecurrentModel.metadata(features, outputs, version);
    byte[] file = OnnxWriter.write(name, steps, initial, everyStep, metadata);
    return new RecurrentModel(
        name,
        sha256(file),
        steps,
        layout,
        StateNames.ofOutput(OnnxWriter.OUTPUT),
        initial,
        everyStep,
        features,
        outputs,
        version);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  // ---- checks ----

  private StepGraph.Builder graph(String layer) {
    if (graph == null) {
      throw new IllegalArgumentException(
          layer + ": the inputs come first; give features(...) or inputs(n)");
    }
    return graph;
  }

  private ModelBuilder after(String layer) {
    before = layer;
    return this;
  }
}
