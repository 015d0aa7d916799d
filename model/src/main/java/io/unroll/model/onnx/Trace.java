package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the reader has found out so far while it walks the graph; operators see parts of it. */
final class Trace implements GraphView, States {
  private static final int UNKNOWN = -1;

  private final StepGraph.Builder steps;
  private final int opset;
  private final String producer;
  private final Tensors tensors;
  private final List<String> slotNames = new ArrayList<>();
  private final List<float[]> initialStates = new ArrayList<>();
  private final StateLinks links = new StateLinks();
  private final Inputs inputs;
  private final Budget budget;
  private final boolean oneStep;
  private int time = UNKNOWN;
  private int batch = UNKNOWN;
  private long stateSize;
  private boolean inBody;
  private @Nullable Axis stepped;
  private @Nullable StepValue steppedOf;
  private final boolean stateful;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param producer name and version of what wrote the file, as it says
   * @param inputs the graph's inputs
   * @param oneStep the graph is one step with named states
   * @param stateful the user insists that a layer's axis of steps is the stream's time
   */
  Trace(
      StepGraph.Builder steps,
      int opset,
      String producer,
      Inputs inputs,
      boolean oneStep,
      boolean stateful,
      Tensors tensors) {
    this.steps = steps;
    this.opset = opset;
    this.producer = producer;
    this.inputs = inputs;
    this.oneStep = oneStep;
    this.stateful = stateful;
    this.tensors = tensors;
    budget = new Budget(tensors.fileBytes());
  }

  @Override
  public Trace on(StepGraph.Builder other) {
    return new Trace(other, opset, producer, inputs, oneStep, stateful, tensors);
  }

  @Override
  public StepGraph.Builder steps() {
    return steps;
  }

  @Override
  public int opset() {
    return opset;
  }

  @Override
  public String producer() {
    return producer;
  }

  /** What this reading may still take. */
  Budget budget() {
    return budget;
  }

  @Override
  public Tensor constant(TensorProto proto) {
    return tensors.read(proto);
  }

  @Override
  public boolean isOpen(Outer outer) {
    return inputs.openExtents().contains(outer.size());
  }

  @Override
  public boolean isOpen(int extent) {
    return extent != 0 && inputs.openExtents().stream().anyMatch(open -> extent % open == 0);
  }

  @Override
  public String layout() {
    return inputs.layout();
  }

  @Override
  public boolean oneStep() {
    return oneStep || inBody;
  }

  /** From here on, the body of a loop is walked. */
  void enterBody() {
    if (inBody || oneStep) {
      throw new Refusal("a loop within one step");
    }
    inBody = true;
    stepped = null;
  }

  /** The loop that is walked takes one step of a value along this axis. */
  void stepsAlong(StepValue x, Axis axis) {
    if (!axis.isOuter() && !axis.factors().isEmpty()) {
      throw new Refusal(
          "runs along %s of %d; expected the input's own steps"
              .formatted(axis.isFeature() ? "features" : "a merged axis", axis.size()));
    }
    if (stepped != null && !stepped.equals(axis)) {
      throw new Refusal("runs along two axes at once");
    }
    stepped = axis;
    steppedOf = x;
  }

  /**
   * The body has been walked; its iterations are the stream's steps.
   *
   * @param loop how messages call it
   * @param given a graph input says what it starts from
   */
  Axis leaveBody(String loop, boolean given) {
    inBody = false;
    Axis steps = stepped;
    if (steps == null || steppedOf == null) {
      throw new Refusal(
          "reads no step of the input at its iteration's number: not a loop over the steps."
              + " Export the body as one step, and name its states");
    }
    Axis series = Axis.ONE;
    for (Outer outer : inputs.outers()) {
      if (!Axis.of(outer).equals(steps)) {
        series = Axis.of(outer);
      }
    }
    recurrentOver(steps, series);
    streamAlong(loop, steppedOf, steps, series, given);
    return steps;
  }

  /** The axes of a state of these extents: the batch where one is the batch's, else features. */
  List<Axis> stateAxes(int... dims) {
    return inputs.stateAxes(stepped, dims);
  }

  @Override
  public void recurrentOver(Axis timeAxis, Axis batchAxis) {
    time = role("steps", timeAxis, time, batch);
    batch = role("series", batchAxis, batch, time);
  }

  private static int role(String what, Axis axis, int known, int other) {
    if (axis.factors().isEmpty()) {
      return known; // an extent of 1: nothing to tell it by
    }
    if (!axis.isOuter()) {
      throw new Refusal(
          "its axis of "
              + what
              + " is "
              + (axis.isFeature()
                  ? "a fixed axis of " + axis.size() + " features"
                  : "a merged axis")
              + "; expected the input's own, as in (batch, steps, features)");
    }
    int id = axis.outer().id();
    if (id == other || (known != UNKNOWN && known != id)) {
      throw new Refusal("its axis of " + what + " is not that of the recurrent nodes before it");
    }
    return id;
  }

  @Override
  public void streamAlong(String layer, StepValue x, Axis timeAxis, Axis batchAxis, boolean given) {
    TimeAxis.Doubt doubt = given ? null : TimeAxis.doubt(inputs, x, timeAxis, batchAxis);
    if (doubt != null && !stateful) {
      throw new Refusal(doubt.refusal());
    }
    String note = doubt == null ? TimeAxis.note(inputs, timeAxis, batchAxis) : doubt.served();
    if (note != null) {
      notes.add(layer + " " + note);
    }
  }

  /** What a person should know of the layers, such as what is served because they insist. */
  List<String> notes() {
    return notes;
  }

  @Override
  public boolean isTime(Outer outer) {
    return outer.id() == time;
  }

  @Override
  public String nameOf(Outer outer) {
    return outer.id() == time ? "steps" : outer.id() == batch ? "series" : "steps or series";
  }

  @Override
  public int slot(String name, float[] initial, @Nullable Value start) {
    stateSize += initial.length;
    if (stateSize > Limits.MAX_STATE) {
      throw new Refusal(
          "a state of " + stateSize + " values per series, at most " + Limits.MAX_STATE);
    }
    int slot = slotNames.size();
    slotNames.add(name);
    initialStates.add(initial);
    if (start instanceof Tensor tensor) {
      links.start(slot, initial.length, tensor);
    }
    return slot;
  }

  @Override
  public void next(int slot, int register) {
    links.end(slot, register);
  }

  /** How the slots hang together with the graph's inputs and outputs. */
  StateLinks links() {
    return links;
  }

  List<String> slotNames() {
    return slotNames;
  }

  List<float[]> initialStates() {
    return initialStates;
  }
}
