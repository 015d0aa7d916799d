package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.cell.ReadState;
import io.unroll.model.cell.WriteState;
import io.unroll.model.onnx.LoopValue.Collected;
import io.unroll.model.onnx.LoopValue.Counter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a Scan or a Loop, run once as one step: what it carries is its state. */
final class Body {
  /** A value handed from step to step, in that slot of the state. */
  private record Carried(int slot, ReadState state) {}

  private final Call call;
  private final GraphProto graph;
  private final States slots;
  private final LoopSteps loop;
  private final BodyScope scope;
  private final Map<Integer, Carried> states = new HashMap<>();
  private boolean given;

  Body(Call call, GraphProto graph, States slots, LoopSteps loop) {
    this.call = call;
    this.graph = graph;
    this.slots = slots;
    this.loop = loop;
    scope = loop.enter(graph);
  }

  /** Whether the body hands an input on as it is. */
  static boolean passesOn(GraphProto graph, int input, int output) {
    Map<String, NodeProto> makers = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Identity") && node.getInputCount() == 1) {
        node.getOutputList().forEach(o -> makers.putIfAbsent(o, node));
      }
    }
    String name = graph.getOutput(output).getName();
    for (int hops = 0; hops <= makers.size() && makers.containsKey(name); hops++) {
      name = makers.get(name).getInput(0);
    }
    return name.equals(graph.getInput(input).getName());
  }

  private String name(int input) {
    return graph.getInput(input).getName();
  }

  void bind(int input, Value value) {
    scope.put(name(input), value);
  }

  /** The rank that the body declares for an input; 0 where it does not say. */
  int rank(int input) {
    return graph.getInput(input).getType().getTensorType().getShape().getDimCount();
  }

  /**
   * Binds a value that the iterations hand from one to the next.
   *
   * @param output where its next value stands
   * @param start its value before the first iteration
   */
  void carry(int input, int output, Value start) {
    if (passesOn(graph, input, output) || start instanceof Collected) {
      bind(input, start);
      return;
    }
    if (!(start instanceof Tensor initial)) {
      throw new Refusal(
          "carries '" + name(input) + "', which starts from computed data (as a decoder's does)");
    }
    if (initial.origin() == null && !initial.isFloat()) {
      if (initial.count() != 1 || initial.open()) {
        throw new Refusal(
            "carries whole numbers of "
                + Shapes.text(initial.dims())
                + " in '"
                + name(input)
                + "'");
      }
      bind(input, new Counter(initial.toLongs()[0], initial.rank()));
      return;
    }
    List<Axis> axes = loop.stateAxes(initial.dims());
    float[] values = startOf(initial, axes);
    given |= initial.origin() != null;
    String slot = call.name() + "." + name(input);
    int index = slots.slot(slot, values, initial);
    ReadState state = new ReadState(call.graph(), slot, values.length);
    call.graph().add(state);
    states.put(input, new Carried(index, state));
    bind(input, new StepValue(state.output(), axes, false, Type.FLOAT));
  }

  /** One series' start. */
  private float[] startOf(Tensor initial, List<Axis> axes) {
    Tensor one = initial;
    for (int i = 0; i < axes.size(); i++) {
      if (!axes.get(i).isFeature()) {
        if (!one.repeats(i)) {
          throw new Refusal("its start differs from series to series of the batch");
        }
        one = one.slice(i, 0, 1, 1);
      }
    }
    // The stream starts a state that a graph input gives from zero.
    return one.origin() != null ? new float[(int) one.count()] : call.numbers(one);
  }

  /** Runs it. Afterwards its outputs are there. */
  void run() {
    scope.compute(graph.getOutputList().stream().map(ValueInfoProto::getName).toList());
  }

  /**
   * Leaves it.
   *
   * @return the axis of steps
   */
  Axis leave() {
    return loop.leave(call.label(), given);
  }

  Value output(int output) {
    return scope.value(graph.getOutput(output).getName());
  }

  /**
   * What a carried value is after the last iteration.
   *
   * @param time the axis of steps
   */
  Value carried(int input, int output, Value start, Axis time) {
    Value next = output(output);
    if (passesOn(graph, input, output)) {
      return start;
    }
    if (start instanceof Collected) {
      if (next instanceof Collected collected && collected.element() != null) {
        return new Collected(everyStep(collected.element(), time, 0));
      }
      throw new Refusal("carries the sequence '" + name(input) + "' and adds nothing to it");
    }
    Carried carried = states.get(input);
    if (carried == null) {
      return counted(input, (Tensor) start, next, time);
    }
    if (!(next instanceof StepValue value) || value.type() != Type.FLOAT) {
      throw new Refusal(
          "carries '"
              + name(input)
              + "', whose next value is not computed from the input as floats");
    }
    requireOwn(value, time);
    List<Axis> axes = ((StepValue) scope.value(name(input))).axes();
    if (!value.axes().equals(axes)) {
      throw new Refusal(
          "carries '%s' of %s, whose next value is %s"
              .formatted(
                  name(input),
                  Shapes.text(axes.stream().mapToInt(Axis::size).toArray()),
                  Shapes.text(value.dims())));
    }
    call.graph().add(new WriteState(call.graph(), carried.state(), value.register()));
    slots.next(carried.slot(), value.register());
    return time.factors().isEmpty() ? value : value.lastStep(value.axes());
  }

  private Value counted(int input, Tensor start, Value next, Axis time) {
    long first = start.toLongs()[0];
    if (!next.equals(new Counter(first + 1, start.rank()))) {
      throw new Refusal(
          "carries the whole number '"
              + name(input)
              + "' otherwise than as a count of its iterations");
    }
    int[] dims = new int[start.rank()];
    Arrays.fill(dims, 1);
    return Tensor.of(new long[] {first + time.size()}, new boolean[] {true}, dims);
  }

  /** Refuses what an iteration takes of other steps than its own: all of them, or the last. */
  private static void requireOwn(StepValue value, Axis time) {
    if (value.last() || (!time.factors().isEmpty() && value.axes().contains(time))) {
      throw new Refusal("gives out other steps than its own, which mixes steps");
    }
  }

  /** What each iteration gives, as a value over all steps. */
  static StepValue everyStep(@Nullable Value value, Axis time, long axis) {
    if (!(value instanceof StepValue one)) {
      throw new Refusal("gives out a value that is not computed from the input");
    }
    requireOwn(one, time);
    List<Axis> axes = new ArrayList<>(one.axes());
    axes.add(Shapes.axis(axis, axes.size() + 1), time);
    return one.with(axes);
  }
}
