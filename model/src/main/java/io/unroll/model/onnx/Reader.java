package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout;
import io.unroll.model.cell.ReadState;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.cell.WriteState;
import io.unroll.model.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a graph over whole sequences into a graph over one step, by walking it once: every value is
 * a constant, folded as far as it goes, or something that each step computes. Only what the
 * followed output needs is read.
 */
final class Reader {
  /** The operator sets whose meaning the operators here follow. */
  private static final int OLDEST_OPSET = 7;

  private static final int NEWEST_OPSET = 26;

  private final Kernel kernel;
  private final String name;
  private final String fingerprint;
  private final ModelProto model;
  private final GraphProto graph;
  private final Map<String, byte[]> externalData;
  private final @Nullable String output;
  private final SortedMap<String, String> states;
  private final boolean stateful;
  private @Nullable Inputs inputs;
  private List<String> notes = List.of();

  /**
   * @param kernel the arithmetic of the steps
   * @param name of the file, for messages
   * @param fingerprint of the file, read in this way
   * @param output the graph output to follow; null for the first
   * @param states graph inputs that are states to the graph outputs that are their next values
   * @param stateful the user insists that the recurrent layers run along the stream's time
   */
  Reader(
      Kernel kernel,
      String name,
      String fingerprint,
      ModelProto model,
      Map<String, byte[]> externalData,
      @Nullable String output,
      SortedMap<String, String> states,
      boolean stateful) {
    this.kernel = kernel;
    this.name = name;
    this.fingerprint = fingerprint;
    this.output = output;
    this.states = states;
    this.stateful = stateful;
    this.model = model;
    this.externalData = externalData;
    graph = model.getGraph();
  }

  RecurrentModel read() throws OnnxException {
    try {
      return convert();
    } catch (Refusal refusal) {
      String reason = String.valueOf(refusal.getMessage());
      String named = inputs == null ? reason : inputs.named(reason);
      throw new OnnxException(refusal.located() ? named : name + ": " + named, refusal);
    } catch (ArithmeticException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
      // Numbers that contradict each other in a way that no check above names.
      throw new OnnxException(name + ": damaged: " + damaged.getMessage(), damaged);
    }
  }

  private RecurrentModel convert() {
    int opset = opset();
    if (graph.getOutputCount() == 0) {
      throw new Refusal("the graph has no output");
    }
    if (graph.getSparseInitializerCount() > 0) {
      throw new Refusal("sparse weights are not read. Export dense ones");
    }
    Wellformed.check(graph);
    String followed = followed();
    checkStates();
    List<String> wanted = new ArrayList<>(List.of(followed));
    wanted.addAll(states.values());
    Needs needs = new Needs(graph, wanted);
    if (states.isEmpty()) {
      WithoutState.refuse(graph, needs.nodes());
    }

    Inputs found =
        new Inputs(
            graph, needs, states.keySet(), new FurtherInputs(graph, followed, states.values()));
    StepGraph.Builder builder = new StepGraph.Builder(kernel, found.features());
    inputs = found;
    Trace trace =
        new Trace(
            builder,
            opset,
            producer(model),
            found,
            !states.isEmpty(),
            stateful,
            new Tensors(model.getSerializedSize(), externalData));
    Scope scope = new Scope(null, graph, trace);
    found.values().forEach(scope::put);
    Map<String, ReadState> named = readStates(found, trace, scope);
    scope.run(needs.nodes());
    named.forEach((name, state) -> writeState(name, state, trace, scope));
    Value result = scope.value(followed);
    if (!(result instanceof StepValue step)) {
      throw new Refusal("output '" + followed + "' does not depend on the input");
    }
    notes = List.copyOf(trace.notes());
    return model(step, followed, scope);
  }

  /** Of what {@link #read} has read: what a person should know of its layers. */
  List<String> notes() {
    return notes;
  }

  private static Map<String, ReadState> readStates(Inputs inputs, Trace trace, Scope scope) {
    Map<String, ReadState> named = new LinkedHashMap<>();
    for (Inputs.NamedState state : inputs.states()) {
      int width = new StepValue(StepGraph.INPUT, state.axes(), false, state.type()).width();
      trace.slot(state.name(), new float[StepValue.checkWidth(width)], null);
      ReadState read = new ReadState(trace.steps(), state.name(), width);
      trace.steps().add(read);
      scope.put(state.name(), new StepValue(read.output(), state.axes(), false, state.type()));
      named.put(state.name(), read);
    }
    return named;
  }

  private void writeState(String name, ReadState state, Trace trace, Scope scope) {
    String next = states.getOrDefault(name, "");
    StepValue before = (StepValue) scope.value(name);
    Value value = scope.value(next);
    if (!(value instanceof StepValue after)) {
      throw new Refusal("state '" + name + ": " + next + "': the output is a constant");
    }
    if (before.type() != after.type()) {
      throw new Refusal(
          "state '%s: %s': the input's numbers are %s, the output's %s"
              .formatted(name, next, before.type(), after.type()));
    }
    if (!extents(before).equals(extents(after))) {
      throw new Refusal(
          "state '%s: %s': the input is %s, the output %s"
              .formatted(name, next, Shapes.text(before.dims()), Shapes.text(after.dims())));
    }
    trace.steps().add(new WriteState(trace.steps(), state, after.register()));
    trace.next(trace.slotNames().indexOf(name), after.register());
  }

  /** The axes that are more than 1 long. */
  private static List<Axis> extents(StepValue value) {
    return value.axes().stream().filter(a -> !a.factors().isEmpty()).toList();
  }

  private RecurrentModel model(StepValue result, String followed, Scope scope) {
    Trace trace = scope.trace();
    StepGraph steps = trace.steps().build(result.register());
    List<Integer> lengths = trace.initialStates().stream().map(s -> s.length).toList();
    StateLayout layout = StateLayout.of(trace.slotNames(), lengths);
    float[] initial = new float[layout.size()];
    for (int i = 0; i < lengths.size(); i++) {
      float[] slot = trace.initialStates().get(i);
      System.arraycopy(slot, 0, initial, layout.slots().get(i).offset(), slot.length);
    }
    return new RecurrentModel(
        name,
        fingerprint,
        steps,
        layout,
        new StateNaming(trace.links(), scope).names(layout, graph, followed),
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
      if (Operators.isOnnx(set.getDomain())) {
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
}
