package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.kernel.CellForm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What some values need: nodes, and which graph inputs are data and which only start a state. */
final class Needs {
  /** The input of a recurrent node that a stream answers by its own ends. */
  static final int SEQUENCE_LENS = 4;

  private static final int INITIAL_H = 5;
  private static final int INITIAL_C = 6;

  private final List<NodeProto> nodes = new ArrayList<>();
  private final Set<String> dataInputs = new LinkedHashSet<>();
  private final Set<String> stateInputs = new LinkedHashSet<>();

  /** Walks back from the values. */
  Needs(GraphProto graph, Collection<String> wanted) {
    Set<String> initializers = new HashSet<>();
    graph.getInitializerList().forEach(t -> initializers.add(t.getName()));
    Map<String, NodeProto> makers = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().stream().filter(o -> !o.isEmpty()).forEach(o -> makers.put(o, node));
    }
    Set<String> fromData = new HashSet<>();
    Deque<String> states = new ArrayDeque<>();
    wanted.forEach(value -> walk(value, makers, fromData, states));
    Set<String> all = new HashSet<>(fromData);
    while (!states.isEmpty()) {
      walk(states.pop(), makers, all, states);
    }
    for (ValueInfoProto input : graph.getInputList()) {
      String name = input.getName();
      if (initializers.contains(name)) {
        continue;
      }
      if (fromData.contains(name)) {
        dataInputs.add(name);
      } else if (all.contains(name)) {
        stateInputs.add(name);
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOutputList().stream().anyMatch(o -> !o.isEmpty() && all.contains(o))) {
        nodes.add(node);
      }
    }
  }

  private static void walk(
      String from, Map<String, NodeProto> makers, Set<String> seen, Deque<String> states) {
    Deque<String> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      String value = open.pop();
      NodeProto maker = makers.get(value);
      if (!seen.add(value) || maker == null) {
        continue;
      }
      for (int i = 0; i < maker.getInputCount(); i++) {
        String input = maker.getInput(i);
        if (input.isEmpty() || (isRecurrent(maker) && i == SEQUENCE_LENS)) {
          continue;
        }
        (startsState(maker, i) ? states : open).push(input);
      }
      for (AttributeProto attribute : maker.getAttributeList()) {
        if (attribute.hasG()) {
          open.addAll(captured(attribute.getG()));
        }
      }
    }
  }

  /** Whether an input of a node is what its state starts from. */
  private static boolean startsState(NodeProto node, int input) {
    if (isRecurrent(node)) {
      return input == INITIAL_H || input == INITIAL_C;
    }
    return (node.getOpType().equals("Loop") && LoopOperator.startsState(node, input))
        || (node.getOpType().equals("Scan") && ScanOperator.startsState(node, input));
  }

  /** Names that a body uses and does not make: the enclosing graph's. */
  private static Set<String> captured(GraphProto body) {
    Set<String> made = new HashSet<>();
    body.getInputList().forEach(i -> made.add(i.getName()));
    body.getInitializerList().forEach(t -> made.add(t.getName()));
    Set<String> used = new HashSet<>();
    for (NodeProto node : body.getNodeList()) {
      used.addAll(node.getInputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          used.addAll(captured(attribute.getG()));
        }
      }
      made.addAll(node.getOutputList());
    }
    body.getOutputList().forEach(o -> used.add(o.getName()));
    used.removeAll(made);
    used.remove("");
    return used;
  }

  static boolean isRecurrent(NodeProto node) {
    return CellForm.standard(node.getOpType()) != null;
  }

  /** Whether a node carries a state from step to step. */
  static boolean keepsState(NodeProto node) {
    return isRecurrent(node) || node.getOpType().equals("Loop") || node.getOpType().equals("Scan");
  }

  /** In the file's order, which ONNX wants to be one that can run. */
  List<NodeProto> nodes() {
    return nodes;
  }

  /** Graph inputs that reach the values otherwise than as a state's start. */
  Set<String> dataInputs() {
    return dataInputs;
  }

  /** Graph inputs that only start states. */
  Set<String> stateInputs() {
    return stateInputs;
  }
}
