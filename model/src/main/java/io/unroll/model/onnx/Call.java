package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.cell.Pick;
import io.unroll.model.cell.StepGraph;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node with the values of its inputs: what an {@link Operator} sees. */
final class Call {
  private final NodeProto node;
  private final List<@Nullable Value> inputs;
  private final GraphView around;

  Call(NodeProto node, List<@Nullable Value> inputs, GraphView around) {
    this.node = node;
    this.inputs = inputs;
    this.around = around;
  }

  /** {@code GRU 'gru_1'}: operator and name; a node without a name goes by its first output. */
  static String label(NodeProto node) {
    return node.getOpType() + " '" + name(node) + "'";
  }

  /** {@code GRU 'gru_1'}. */
  String label() {
    return label(node);
  }

  private static String name(NodeProto node) {
    return node.getName().isEmpty() && node.getOutputCount() > 0
        ? node.getOutput(0)
        : node.getName();
  }

  String name() {
    return name(node);
  }

  String op() {
    return node.getOpType();
  }

  /** What there is to know of the graph around this node. */
  GraphView around() {
    return around;
  }

  /** Where it adds nodes. */
  StepGraph.Builder graph() {
    return around.steps();
  }

  int opset() {
    return around.opset();
  }

  int outputs() {
    return node.getOutputCount();
  }

  // ---- inputs ----

  int inputCount() {
    return inputs.size();
  }

  @Nullable Value optional(int i) {
    return i < inputs.size() ? inputs.get(i) : null;
  }

  Value input(int i) {
    Value value = optional(i);
    if (value == null) {
      throw new Refusal("input " + i + " is missing");
    }
    return value;
  }

  /** An input that must not depend on data. */
  Tensor constant(int i, String role) {
    if (input(i) instanceof Tensor tensor) {
      return tensor;
    }
    throw new Refusal(role + " is computed from the data; only a constant can be read");
  }

  /** A constant of floats that go into the arithmetic. */
  float[] numbers(Tensor tensor) {
    if (tensor.origin() != null) {
      throw Refusal.computesWithState(tensor.origin());
    }
    if (tensor.open()) {
      throw Refusal.countsSteps();
    }
    for (int axis = 0; axis < tensor.rank(); axis++) {
      requireKnown(tensor, axis);
    }
    return tensor.toFloats();
  }

  /** Refuses what depends on how long a constant is along steps or series. */
  void requireKnown(Tensor tensor, int axis) {
    if (around.isOpen(tensor.dim(axis))) {
      throw Refusal.countsSteps();
    }
  }

  /** The floats that this node works on, computed per step. */
  StepValue step(int i) {
    if (input(i) instanceof StepValue value) {
      if (value.type() != Type.FLOAT) {
        throw new Refusal("works on whole numbers, expected floats");
      }
      return value;
    }
    throw new Refusal("works on a constant; folding it is not supported");
  }

  /** The same node with its first input computed by other steps. */
  Call on(StepValue first, StepGraph.Builder other) {
    List<@Nullable Value> replaced = new ArrayList<>(inputs);
    replaced.set(0, first);
    return new Call(node, replaced, around.on(other));
  }

  // ---- attributes ----

  @Nullable AttributeProto attribute(String attribute) {
    for (AttributeProto a : node.getAttributeList()) {
      if (a.getName().equals(attribute)) {
        return a;
      }
    }
    return null;
  }

  long integer(String attribute, long otherwise) {
    AttributeProto a = attribute(attribute);
    return a == null ? otherwise : a.getI();
  }

  float number(String attribute, float otherwise) {
    AttributeProto a = attribute(attribute);
    return a == null ? otherwise : a.getF();
  }

  String text(String attribute, String otherwise) {
    AttributeProto a = attribute(attribute);
    return a == null ? otherwise : a.getS().toStringUtf8();
  }

  int @Nullable [] integers(String attribute) {
    AttributeProto a = attribute(attribute);
    // Exporters write the largest long for "to the end".
    return a == null
        ? null
        : listed(attribute, a.getIntsList().stream().mapToInt(Shapes::clamped).toArray());
  }

  /** What newer operator sets take as an input and older ones as an attribute. */
  int @Nullable [] integers(String attribute, int input) {
    if (optional(input) != null) {
      return listed(attribute, constant(input, attribute).toInts());
    }
    return integers(attribute);
  }

  /** A graph within this node. */
  GraphProto body(String attribute) {
    AttributeProto a = attribute(attribute);
    if (a == null || !a.hasG()) {
      throw new Refusal("has no " + attribute);
    }
    return a.getG();
  }

  private static int[] listed(String attribute, int[] values) {
    if (values.length > Limits.MAX_LIST) {
      throw new Refusal(
          attribute + " has " + values.length + " values, at most " + Limits.MAX_LIST);
    }
    return values;
  }

  // ---- building ----

  /**
   * The value whose row has the picked values of another's; the same register when nothing moves.
   */
  int pick(StepValue from, int[] places) {
    if (StepValue.inOrder(places, from.width())) {
      return from.register();
    }
    if (places.length == 0) {
      throw new Refusal("takes none of the values of a row; a step has no use for an empty one");
    }
    Pick pick = new Pick(graph(), op(), name(), places, from.register());
    graph().add(pick);
    return pick.output();
  }
}
