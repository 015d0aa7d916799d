package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one output needs: its nodes, and which graph inputs are data and which start a state. */
final class Needs {
  /** The input of a recurrent node that a stream answers by its own ends. */
  static final int SEQUENCE_LENS = 4;

  private static final int INITIAL_H = 5;
  private static final int INITIAL_C = 6;

  private final List<NodeProto> nodes = new ArrayList<>();
  private final Set<String> dataInputs = new LinkedHashSet<>();
  private final Set<String> stateInputs = new LinkedHashSet<>();
  private final List<String> graphInputs = new ArrayList<>();

  /** Walks back from the output. */
  Needs(GraphProto graph, String output, Set<String> initializers) {
    Map<String, NodeProto> makers = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().stream().filter(o -> !o.isEmpty()).forEach(o -> makers.put(o, node));
    }
    for (ValueInfoProto input : graph.getInputList()) {
      if (!initializers.contains(input.getName())) {
        graphInputs.add(input.getName());
      }
    }
    Set<String> fromData = new HashSet<>();
    Deque<String> states = new ArrayDeque<>();
    walk(output, makers, fromData, states);
    Set<String> all = new HashSet<>(fromData);
    while (!states.isEmpty()) {
      walk(states.pop(), makers, all, states);
    }
    for (String input : graphInputs) {
      if (fromData.contains(input)) {
        dataInputs.add(input);
      } else if (all.contains(input)) {
        stateInputs.add(input);
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
        boolean state = isRecurrent(maker) && (i == INITIAL_H || i == INITIAL_C);
        (state ? states : open).push(input);
      }
    }
  }

  static boolean isRecurrent(NodeProto node) {
    return node.getOpType().equals("RNN")
        || node.getOpType().equals("LSTM")
        || node.getOpType().equals("GRU");
  }

  /** In the file's order, which ONNX wants to be one that can run. */
  List<NodeProto> nodes() {
    return nodes;
  }

  /** Graph inputs that reach the output otherwise than as a state's start. */
  Set<String> dataInputs() {
    return dataInputs;
  }

  /** Graph inputs that only start states. */
  Set<String> stateInputs() {
    return stateInputs;
  }

  /** The reason to give when no node is recurrent. */
  String whyNotRecurrent() {
    Map<String, Integer> uses = new HashMap<>();
    Map<String, NodeProto> first = new HashMap<>();
    int most = 0;
    NodeProto busiest = nodes.isEmpty() ? NodeProto.getDefaultInstance() : nodes.get(0);
    for (NodeProto node : nodes) {
      if (node.getInputCount() > 1
          && (node.getOpType().equals("MatMul") || node.getOpType().equals("Gemm"))) {
        String weights = node.getInput(1);
        int count = uses.merge(weights, 1, Integer::sum);
        NodeProto user = first.computeIfAbsent(weights, w -> node);
        if (count > most) {
          most = count;
          busiest = user;
        }
      }
    }
    String found = "no RNN, LSTM or GRU node among its " + nodes.size() + " nodes";
    if (most > 1) {
      return "%s: %s: %d nodes use its weights, a loop over steps that an exporter unrolled. Export the recurrent layer itself: torch.nn.RNN, LSTM or GRU with dynamo=False; Keras by way of keras_to_onnx.py"
          .formatted(found, Call.label(busiest), most);
    }
    if (graphInputs.size() > 1) {
      return "%s: %s: a graph over one step with its states as inputs (%s) is not read; only RNN, LSTM and GRU nodes keep a state"
          .formatted(found, Call.label(busiest), String.join(", ", graphInputs));
    }
    return found + ": nothing in it has a state";
  }
}
