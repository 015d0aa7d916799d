package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What ONNX asks of a graph before anything is read from it: every value has one name and one
 * maker, and nodes stand in the order in which they run.
 */
final class Wellformed {
  private Wellformed() {}

  /** Throws a {@link Refusal} that names the values and both nodes. */
  static void check(GraphProto graph) {
    Set<String> given = new HashSet<>();
    for (TensorProto initializer : graph.getInitializerList()) {
      if (!given.add(initializer.getName())) {
        throw new Refusal("initializer '" + initializer.getName() + "' stands twice in the graph");
      }
    }
    Set<String> inputs = new HashSet<>();
    for (ValueInfoProto input : graph.getInputList()) {
      if (!inputs.add(input.getName())) {
        throw new Refusal("input '" + input.getName() + "' stands twice in the graph");
      }
    }
    given.addAll(inputs); // an initializer may be listed as an input too
    Map<String, NodeProto> makers = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      if (Math.max(node.getInputCount(), node.getOutputCount()) > Limits.MAX_LIST) {
        throw new Refusal(
            "%s has %d inputs and %d outputs, at most %d"
                .formatted(
                    Call.label(node),
                    node.getInputCount(),
                    node.getOutputCount(),
                    Limits.MAX_LIST));
      }
      for (String output : node.getOutputList()) {
        if (output.isEmpty()) {
          continue;
        }
        NodeProto other = makers.put(output, node);
        if (other != null) {
          throw new Refusal(
              "value '%s' is made twice, by %s and by %s"
                  .formatted(output, Call.label(other), Call.label(node)));
        }
        if (given.contains(output)) {
          throw new Refusal(
              "value '%s' is made by %s and is an input or an initializer too"
                  .formatted(output, Call.label(node)));
        }
      }
    }
    checkOrder(graph, makers);
  }

  private static void checkOrder(GraphProto graph, Map<String, NodeProto> makers) {
    Set<String> made = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      for (String input : node.getInputList()) {
        NodeProto maker = makers.get(input);
        if (maker != null && !made.contains(input)) {
          throw new Refusal(
              "%s takes '%s' before %s makes it: the nodes are not in the order in which they run, or run in a circle"
                  .formatted(Call.label(node), input, Call.label(maker)));
        }
      }
      made.addAll(node.getOutputList());
    }
  }
}
