package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Why a graph without a node that keeps a state cannot be streamed, and what its author can do. */
final class WithoutState {
  private WithoutState() {}

  /**
   * @param nodes those that the output needs
   * @throws Refusal when no node keeps a state
   */
  static void refuse(GraphProto graph, List<NodeProto> nodes) {
    if (nodes.stream().anyMatch(Needs::keepsState)) {
      return;
    }
    int copies = copies(nodes);
    if (copies > 1) {
      throw new Refusal(
          "no recurrent node; %d copies of one cell along time: the exporter unrolled the loop. Export with dynamo=False, or export one step and name its states."
              .formatted(copies));
    }
    List<String> inputs = inputs(graph);
    if (inputs.size() > 1 && graph.getOutputCount() > 1) {
      throw new Refusal(
          "no recurrent node. If the graph is one step, name its states: states: {INPUT: OUTPUT}; its inputs are %s, its outputs %s"
              .formatted(
                  String.join(", ", inputs),
                  graph.getOutputList().stream()
                      .map(ValueInfoProto::getName)
                      .collect(Collectors.joining(", "))));
    }
    for (NodeProto node : nodes) {
      if (Operators.find(node) == null) {
        throw new Refusal(Operators.whyNot(node, NotStreamed.Place.STEPS_ALONE))
            .at(Call.label(node));
      }
    }
    throw new Refusal(
        "no recurrent node among its " + nodes.size() + " nodes: nothing in it has a state");
  }

  /** How many products share their weights, at most: the steps of an unrolled loop. */
  private static int copies(List<NodeProto> nodes) {
    Map<String, String> views = new HashMap<>();
    Map<String, Integer> uses = new HashMap<>();
    int copies = 0;
    for (NodeProto node : nodes) {
      boolean view = node.getOpType().equals("Transpose") || node.getOpType().equals("Identity");
      boolean product = node.getOpType().equals("MatMul") || node.getOpType().equals("Gemm");
      if (view && node.getInputCount() == 1 && node.getOutputCount() == 1) {
        // Some exporters transpose the weights anew for each step.
        String of = node.getInput(0);
        views.put(node.getOutput(0), views.getOrDefault(of, of));
      } else if (product && node.getInputCount() > 1) {
        String weights = node.getInput(1);
        copies =
            Math.max(copies, uses.merge(views.getOrDefault(weights, weights), 1, Integer::sum));
      }
    }
    return copies;
  }

  private static List<String> inputs(GraphProto graph) {
    Set<String> initializers = new HashSet<>();
    graph.getInitializerList().forEach(t -> initializers.add(t.getName()));
    return graph.getInputList().stream()
        .map(ValueInfoProto::getName)
        .filter(name -> !initializers.contains(name))
        .toList();
  }
}
