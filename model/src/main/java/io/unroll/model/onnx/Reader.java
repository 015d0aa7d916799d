package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a graph over whole sequences into a graph over one step, by walking it once: every value is
 * a constant, folded as far as it goes, or something that each step computes. Only what the first
 * output needs is read.
 */
final class Reader {
  /** The operator sets whose meaning the operators here follow. */
  private static final int OLDEST_OPSET = 7;

  private static final int NEWEST_OPSET = 23;

  private final OnnxFile file;
  private final ModelProto model;
  private final GraphProto graph;
  private final Tensors tensors;
  private final @Nullable String output;
  private final SortedMap<String, String> states;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private @Nullable Inputs inputs;

  /**
   * @param output the graph output to follow; null for the first
   * @param states graph inputs that are states to the graph outputs that are their next values
   */
  Reader(
      OnnxFile file,
      ModelProto model,
      Map<String, byte[]> externalData,
      @Nullable String output,
      SortedMap<String, String> states) {
    this.file = file;
    this.output = output;
    this.states = states;
    this.model = model;
    graph = model.getGraph();
    tensors = new Tensors(externalData);
  }

  RecurrentModel read() throws OnnxException {
    try {
      return convert();
    } catch (Refusal refusal) {
      throw new OnnxException(file.name() + ": " + named(refusal), refusal);
    } catch (ArithmeticException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
      // Numbers that contradict each other in a way that no check above names.
      throw new OnnxException(file.name() + ": damaged: " + damaged.getMessage(), damaged);
    }
  }

  private RecurrentModel convert() throws OnnxException {
    int opset = opset();
    if (graph.getOutputCount() == 0) {
      throw new Refusal("the graph has no output");
    }
    if (graph.getSparseInitializerCount() > 0) {
      throw new Refusal("sparse weights are not read. Export dense ones");
    }
    graph.getInitializerList().forEach(t -> initializers.put(t.getName(), t));
    String followed = followed();
    checkStates();
    Needs needs = new Needs(graph, followed, initializers.keySet());
    requireRecurrence(needs);

    Inputs found = new Inputs(graph, needs, initializers.values());
    StepGraph.Builder builder = new StepGraph.Builder(Kernel.create(), found.features());
    inputs = found;
    values.putAll(found.values());
    Trace trace = new Trace(builder, opset, producer(model), found.openExtents(), tensors);
    for (NodeProto node : needs.nodes()) {
      run(node, trace);
    }
    Value result = value(followed);
    if (!(result instanceof StepValue step)) {
      throw new Refusal("output '" + followed + "' does not depend on the input");
    }
    return model(step, trace, builder);
  }

  private RecurrentModel model(StepValue result, Trace trace, StepGraph.Builder builder) {
    StepGraph steps = builder.build(result.register());
    List<Integer> lengths = trace.initialStates().stream().map(s -> s.length).toList();
    StateLayout layout = StateLayout.of(trace.slotNames(), lengths);
    float[] initial = new float[layout.size()];
    for (int i = 0; i < lengths.size(); i++) {
      float[] slot = trace.initialStates().get(i);
      System.arraycopy(slot, 0, initial, layout.slots().get(i).offset(), slot.length);
    }
    return new RecurrentModel(
        file.name(),
        file.fingerprint(),
        steps,
        layout,
        initial,
        !result.last(),
        names("features", steps.inputSize()),
        names("outputs", steps.outputSize()),
        metadata("version"));
  }

  /** The first value under that key; empty when there is none. */
  private String metadata(String key) {
    return model.getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(entry -> entry.getValue().trim())
        .findFirst()
        .orElse("");
  }

  private String followed() {
    if (output == null) {
      return graph.getOutput(0).getName();
    }
    List<String> outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    if (!outputs.contains(output)) {
      throw new Refusal(
          "no output '" + output + "' among the graph's outputs " + String.join(", ", outputs));
    }
    return output;
  }

  private void checkStates() {
    List<String> inputs = graph.getInputList().stream().map(ValueInfoProto::getName).toList();
    List<String> outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    states.forEach(
        (in, out) -> {
          if (!inputs.contains(in)) {
            throw new Refusal(
                "state '" + in + "': no such input among the graph's " + String.join(", ", inputs));
          }
          if (!outputs.contains(out)) {
            throw new Refusal(
                "state '%s: %s': no such output among the graph's %s"
                    .formatted(in, out, String.join(", ", outputs)));
          }
        });
  }

  private List<String> names(String key, int expected) {
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      if (entry.getKey().equals(key)) {
        List<String> names =
            Arrays.stream(entry.getValue().split(",", -1)).map(String::trim).toList();
        if (names.size() != expected) {
          throw new Refusal(
              "metadata '%s' names %d (%s), the graph has %d"
                  .formatted(key, names.size(), entry.getValue(), expected));
        }
        return names;
      }
    }
    return List.of();
  }

  /** What wrote the file, as it says: {@code pytorch 2.13.0}. */
  static String producer(ModelProto model) {
    return (model.getProducerName() + " " + model.getProducerVersion()).trim();
  }

  /** The version of ONNX's own operator set, 0 when the file names none. */
  static long opset(ModelProto model) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (isOnnx(set.getDomain())) {
        return set.getVersion();
      }
    }
    return 0;
  }

  private int opset() {
    long version = opset(model);
    if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
      throw new Refusal(
          "operator set %d, expected %d to %d. Export with opset_version=18"
              .formatted(version, OLDEST_OPSET, NEWEST_OPSET));
    }
    return (int) version;
  }

  private static boolean isOnnx(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private static void requireRecurrence(Needs needs) throws OnnxException {
    if (needs.nodes().stream().anyMatch(Needs::isRecurrent)) {
      return;
    }
    for (NodeProto node : needs.nodes()) {
      if (Operators.find(node.getOpType()) == null) {
        throw refused(node, Operators.whyNot(node.getOpType()));
      }
    }
    throw new Refusal(needs.whyNotRecurrent());
  }

  private void run(NodeProto node, Trace trace) throws OnnxException {
    Operator operator = isOnnx(node.getDomain()) ? Operators.find(node.getOpType()) : null;
    if (operator == null) {
      throw refused(
          node,
          isOnnx(node.getDomain())
              ? Operators.whyNot(node.getOpType())
              : "domain '"
                  + node.getDomain()
                  + "' is not ONNX's own. Export without custom operators");
    }
    List<@Nullable Value> given = new ArrayList<>();
    for (int i = 0; i < node.getInputCount(); i++) {
      boolean skipped =
          node.getInput(i).isEmpty() || (Needs.isRecurrent(node) && i == Needs.SEQUENCE_LENS);
      given.add(skipped ? null : value(node.getInput(i)));
    }
    try {
      List<Value> outputs = operator.apply(new Call(node, given, trace));
      for (int i = 0; i < Math.min(outputs.size(), node.getOutputCount()); i++) {
        values.put(node.getOutput(i), outputs.get(i));
      }
    } catch (Refusal refusal) {
      throw refused(node, named(refusal));
    } catch (ArithmeticException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
      throw new OnnxException(Call.label(node) + ": damaged: " + damaged.getMessage(), damaged);
    }
  }

  private String named(Refusal refusal) {
    String reason = String.valueOf(refusal.getMessage());
    return inputs == null ? reason : inputs.named(reason);
  }

  private Value value(String name) {
    Value value = values.get(name);
    if (value == null) {
      TensorProto initializer = initializers.get(name);
      if (initializer == null) {
        throw new Refusal("value '" + name + "' is used before a node makes it, or never made");
      }
      value = tensors.read(initializer);
      values.put(name, value);
    }
    return value;
  }

  private static OnnxException refused(NodeProto node, String reason) {
    return new OnnxException(Call.label(node) + ": " + reason);
  }
}
