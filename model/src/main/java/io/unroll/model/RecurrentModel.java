package io.unroll.model;

import io.unroll.model.cell.StepGraph;
import io.unroll.model.cell.Window;
import io.unroll.model.export.OnnxWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ejml.data.FMatrixRMaj;

/**
 * A trained recurrent network over one step: {@code (input, state) -> (output, next state)}.
 * Float32. Immutable, thread safe; what changes is the caller's state and {@link Workspace}.
 */
public final class RecurrentModel {
  /** The most inputs that {@link #window} runs per step. */
  public static final int LONGEST_WINDOW = Window.LONGEST;

  /** The most floats of inputs that a window keeps per series: 16 MiB. */
  private static final int MOST_KEPT = 1 << 22;

  private final String name;
  private final String fingerprint;
  private final StepGraph graph;
  private final StateLayout stateLayout;
  private final StateNames stateNames;
  private final float[] initialState;
  private final boolean everyStep;
  private final List<String> featureNames;
  private final List<String> outputNames;
  private final String version;

  /** A model of whose graph nothing but the slots has a name. */
  public RecurrentModel(
      String name,
      String fingerprint,
      StepGraph graph,
      StateLayout stateLayout,
      float[] initialState,
      boolean everyStep,
      List<String> featureNames,
      List<String> outputNames,
      String version) {
    this(
        name,
        fingerprint,
        graph,
        stateLayout,
        StateNames.NONE,
        initialState,
        everyStep,
        featureNames,
        outputNames,
        version);
  }

  /**
   * @param name for people: the file's name without .onnx
   * @param fingerprint 64 lower-case hex digits that tell this model from every other
   * @param graph the step
   * @param stateLayout where each part of the state stands
   * @param stateNames what an ONNX graph calls those parts
   * @param initialState (state size) what a sequence starts from
   * @param everyStep false when the trained network gives one output per sequence
   * @param featureNames names of the inputs, or empty
   * @param outputNames names of the outputs, or empty
   * @param version what its maker calls this version of it, or empty
   */
  public RecurrentModel(
      String name,
      String fingerprint,
      StepGraph graph,
      StateLayout stateLayout,
      StateNames stateNames,
      float[] initialState,
      boolean everyStep,
      List<String> featureNames,
      List<String> outputNames,
      String version) {
    if (!fingerprint.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "fingerprint '" + fingerprint + "', expected 64 lower-case hex digits");
    }
    expect("state layout of graph", stateLayout.size(), graph.stateSize());
    expect("initial state", initialState.length, graph.stateSize());
    this.name = name;
    this.fingerprint = fingerprint;
    this.graph = graph;
    this.stateLayout = stateLayout;
    this.stateNames = stateNames;
    this.initialState = initialState.clone();
    this.everyStep = everyStep;
    this.featureNames = List.copyOf(featureNames);
    this.outputNames = List.copyOf(outputNames);
    this.version = version;
  }

  /** A model of layers whose weights come from Java: from training, or from a checkpoint. */
  public static ModelBuilder builder() {
    return new ModelBuilder();
  }

  /** The file's name without .onnx. */
  public String name() {
    return name;
  }

  /** SHA-256 of the model's bytes: 64 lower-case hex digits. */
  public String fingerprint() {
    return fingerprint;
  }

  /** name@first 8 digits of the fingerprint. */
  public String id() {
    return name + "@" + fingerprint.substring(0, 8);
  }

  /** Features per step. */
  public int inputSize() {
    return graph.inputSize();
  }

  /** Outputs per step. */
  public int outputSize() {
    return graph.outputSize();
  }

  /** Size and parts of a series' state. */
  public StateLayout stateLayout() {
    return stateLayout;
  }

  /** What the model's ONNX graph calls its state, for a decoder that starts from it. */
  public StateNames stateNames() {
    return stateNames;
  }

  /** The name of the kernel that runs its steps, see {@link io.unroll.model.kernel.Kernels}. */
  public String kernel() {
    return graph.kernel().name();
  }

  /** The step as nodes, for {@code inspect}. */
  public StepGraph graph() {
    return graph;
  }

  /**
   * Whether the trained network gives an output at every step. False: one vector per sequence; a
   * step's output is that vector as if the sequence ended with the step.
   */
  public boolean everyStep() {
    return everyStep;
  }

  /** Names of the features, in order; empty when the file names none. */
  public List<String> featureNames() {
    return featureNames;
  }

  /** Names of the outputs, in order; empty when the file names none. */
  public List<String> outputNames() {
    return outputNames;
  }

  /** What its maker calls this version of it; empty when the file names none. */
  public String version() {
    return version;
  }

  /**
   * The network as an ONNX file over whole sequences: input {@code x} (batch, time, inputSize),
   * output {@code y} (batch, time, outputSize), or (batch, outputSize) where it gives one vector
   * per sequence; metadata {@code features}, {@code outputs} and {@code version} where it has them.
   * A file that was read is written anew, so the bytes and the fingerprint are others; those of a
   * built model are its own.
   *
   * @throws IllegalArgumentException when the network cannot be written over whole sequences; says
   *     which node and why
   */
  public byte[] onnx() {
    return OnnxWriter.write(
        name, graph, initialState, everyStep, metadata(featureNames, outputNames, version));
  }

  static Map<String, String> metadata(
      List<String> featureNames, List<String> outputNames, String version) {
    Map<String, String> metadata = new LinkedHashMap<>(); // equal models have equal bytes
    if (!featureNames.isEmpty()) {
      metadata.put("features", String.join(",", featureNames));
    }
    if (!outputNames.isEmpty()) {
      metadata.put("outputs", String.join(",", outputNames));
    }
    if (!version.isEmpty()) {
      metadata.put("version", version);
    }
    return metadata;
  }

  /**
   * The most steps that a window can have: {@link #LONGEST_WINDOW}, or what its state has room for.
   *
   * @param inputs values per step
   */
  public static int longestWindow(int inputs) {
    return Math.min(LONGEST_WINDOW, 1 + MOST_KEPT / inputs);
  }

  /**
   * This model, which serves each step by running the last inputs from the initial state: for
   * networks trained on windows of so many steps. The first steps of a sequence run the inputs
   * there are. The state holds the inputs, a step costs {@code steps} of this model's. Name, id and
   * {@link #everyStep()} stay.
   *
   * @param steps n, from 1 to {@link #longestWindow}
   * @throws IllegalArgumentException when it is longer
   */
  public RecurrentModel window(int steps) {
    int longest = longestWindow(inputSize());
    if (steps <= LONGEST_WINDOW && steps > longest) { // others the node itself refuses
      throw new IllegalArgumentException(
          "a window of %d steps, expected 1 to %d for %d inputs per step"
              .formatted(steps, longest, inputSize()));
    }
    StepGraph.Builder builder = new StepGraph.Builder(graph.kernel(), inputSize());
    Window window = new Window(builder, graph, initialState, steps, StepGraph.INPUT);
    builder.add(window);
    StateLayout layout =
        window.kept() == 0
            ? StateLayout.of(List.of("window.filled"), List.of(1))
            : StateLayout.of(List.of("window.filled", "window.inputs"), List.of(1, window.kept()));
    return new RecurrentModel(
        name,
        fingerprint,
        builder.build(window.output()),
        layout,
        StateNames.ofOutput(stateNames.output()),
        new float[layout.size()],
        everyStep,
        featureNames,
        outputNames,
        version);
  }

  /**
   * This model with sequences that start elsewhere: the same in everything but {@link
   * #initialState}.
   *
   * @param state in the order of {@link #stateLayout()} (state size)
   * @throws IllegalArgumentException when the size is another, or a value is not finite
   */
  public RecurrentModel startingAt(float[] state) {
    for (int i = 0; i < state.length; i++) {
      if (!Float.isFinite(state[i])) {
        throw new IllegalArgumentException(
            "initial state[%d]: found %s, expected a finite number".formatted(i, state[i]));
      }
    }
    return new RecurrentModel(
        name,
        fingerprint,
        graph,
        stateLayout,
        stateNames,
        state,
        everyStep,
        featureNames,
        outputNames,
        version);
  }

  /**
   * Names of states that {@link #initialState(Map)} takes: those of the slots, and of the graph
   * inputs that start them, such as {@code h0}.
   */
  public Set<String> startNames() {
    Set<String> names = new LinkedHashSet<>();
    stateLayout.slots().forEach(slot -> names.add(slot.name()));
    names.addAll(stateNames.starts().keySet());
    return names;
  }

  /**
   * What a sequence starts from when some states are others, for {@link #startingAt}.
   *
   * @param states by their {@link #startNames}; those not named stay
   * @return (state size)
   * @throws IllegalArgumentException when there is no such state, its length is another, or two
   *     names are of the same
   */
  public float[] initialState(Map<String, float[]> states) {
    float[] state = initialState.clone();
    Map<StateLayout.Slot, String> given = new HashMap<>();
    states.forEach(
        (name, values) -> {
          List<StateNames.Part> parts = StateNames.parts(stateLayout, stateNames.starts(), name);
          if (parts == null) {
            throw new IllegalArgumentException(
                "initial state: found '%s', expected one of %s"
                    .formatted(name, String.join(", ", startNames())));
          }
          expect("floats of initial state '" + name + "'", values.length, StateNames.size(parts));
          for (StateNames.Part part : parts) {
            String other = given.putIfAbsent(part.slot(), name);
            if (other != null) {
              throw new IllegalArgumentException(
                  "initial state '%s': found a second time, by the name '%s', expected it once"
                      .formatted(other, name));
            }
            System.arraycopy(values, part.at(), state, part.slot().offset(), part.slot().length());
          }
        });
    return state;
  }

  /** Writes what a sequence starts from into {@code stateLayout().size()} floats from offset on. */
  public void initialState(float[] state, int offset) {
    if (offset < 0 || offset > state.length - initialState.length) {
      throw new IllegalArgumentException(
          "state of %d floats from offset %d, found an array of %d"
              .formatted(initialState.length, offset, state.length));
    }
    System.arraycopy(initialState, 0, state, offset, initialState.length);
  }

  /** Scratch for steps of up to that many rows. */
  public Workspace workspace(int rows) {
    return new Workspace(graph, rows);
  }

  /**
   * Advances each row's state by one step. Row i's result depends on row i alone, to the bit. A row
   * whose output or next state is not finite keeps its state; see {@link Workspace#advanced}.
   * Allocates nothing; when it throws, every state is untouched.
   *
   * @param input (rows, inputSize)
   * @param state (rows, stateLayout().size()). Modified.
   * @param workspace of this model, for at least that many rows. Modified: holds output and
   *     verdicts.
   * @throws IllegalArgumentException when a dimension does not fit
   */
  public void step(FMatrixRMaj input, FMatrixRMaj state, Workspace workspace) {
    int rows = input.numRows;
    expect("input columns", input.numCols, graph.inputSize());
    expect("state columns", state.numCols, graph.stateSize());
    expect("state rows", state.numRows, rows);
    if (rows > workspace.capacity()) {
      throw new IllegalArgumentException(
          "a step of " + rows + " rows, the workspace holds " + workspace.capacity());
    }
    if (!workspace.belongsTo(graph)) {
      throw new IllegalArgumentException("the workspace is another model's, not " + name + "'s");
    }
    workspace.step(rows, input.data, state.data);
  }

  private static void expect(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(what + ": found " + found + ", expected " + expected);
    }
  }
}
