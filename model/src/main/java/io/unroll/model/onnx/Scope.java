package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a graph by name, as far as it has been walked. A body sees its enclosing graph's.
 */
final class Scope implements BodyScope {
  private final @Nullable Scope enclosing;
  private final GraphProto graph;
  private final Trace trace;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final LoopSteps bodies = new Bodies();

  Scope(@Nullable Scope enclosing, GraphProto graph, Trace trace) {
    this.enclosing = enclosing;
    this.graph = graph;
    this.trace = trace;
    graph.getInitializerList().forEach(t -> initializers.put(t.getName(), t));
  }

  Trace trace() {
    return trace;
  }

  @Override
  public void put(String name, Value value) {
    values.put(name, value);
  }

  @Override
  public Value value(String name) {
    Value value = find(name);
    if (value == null) {
      throw new Refusal("value '" + name + "' is used before a node makes it, or never made");
    }
    return value;
  }

  /** Whether there is a value of that name, here or outside. */
  boolean knows(String name) {
    return values.containsKey(name)
        || initializers.containsKey(name)
        || (enclosing != null && enclosing.knows(name));
  }

  private @Nullable Value find(String name) {
    Value value = values.get(name);
    if (value != null) {
      return value;
    }
    TensorProto initializer = initializers.get(name);
    if (initializer != null) {
      Value read = trace.constant(initializer);
      values.put(name, read);
      return read;
    }
    return enclosing == null ? null : enclosing.find(name);
  }

  @Override
  public void compute(Collection<String> names) {
    run(new Needs(graph, names).nodes());
  }

  /** Runs the nodes in their order. */
  void run(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      try {
        run(node);
      } catch (Refusal refusal) {
        throw refusal.at(Call.label(node));
      } catch (ArithmeticException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
        // Numbers that contradict each other in a way that no check names.
        throw new Refusal("damaged: " + damaged.getMessage()).at(Call.label(node));
      }
    }
  }

  private static Operator.Looping operator(NodeProto node, Call call) {
    Operator.Looping operator = Operators.find(node);
    if (operator == null) {
      throw new Refusal(Operators.whyNot(node, NotStreamed.place(call)));
    }
    return operator;
  }

  private void run(NodeProto node) {
    List<@Nullable Value> given = new ArrayList<>();
    boolean counts = false;
    for (int i = 0; i < node.getInputCount(); i++) {
      boolean skipped =
          node.getInput(i).isEmpty() || (Needs.isRecurrent(node) && i == Needs.SEQUENCE_LENS);
      Value value = skipped ? null : value(node.getInput(i));
      counts |= value instanceof LoopValue;
      given.add(value);
    }
    trace.budget().take(given);
    Call call = new Call(node, given, trace);
    boolean loopArithmetic = counts && !Needs.keepsState(node);
    List<Value> outputs =
        loopArithmetic
            ? LoopOperators.apply(call, bodies)
            : operator(node, call).apply(call, trace, bodies);
    trace.budget().add(outputs);
    for (int i = 0; i < Math.min(outputs.size(), node.getOutputCount()); i++) {
      values.put(node.getOutput(i), outputs.get(i));
    }
  }

  /** Bodies of the loops among the nodes, each a scope within this one. */
  private final class Bodies implements LoopSteps {
    @Override
    public BodyScope enter(GraphProto body) {
      Wellformed.check(body);
      trace.enterBody();
      return new Scope(Scope.this, body, trace);
    }

    @Override
    public void stepsAlong(StepValue x, Axis axis) {
      trace.stepsAlong(x, axis);
    }

    @Override
    public List<Axis> stateAxes(int... dims) {
      return trace.stateAxes(dims);
    }

    @Override
    public Axis leave(String loop, boolean given) {
      return trace.leaveBody(loop, given);
    }
  }
}
