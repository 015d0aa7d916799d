package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;

/** Operators for which ONNX Runtime 1.29 has no kernel, spelled out in those that it has. */
final class Substitutes {
  private Substitutes() {}

  /** The same file, with {@code Swish(x)} of operator set 24 as {@code x · Sigmoid(alpha · x)}. */
  static OnnxFile of(OnnxFile file) throws OnnxException {
    ModelProto model = OnnxFile.parse(file.name(), file.model());
    GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (node.getOpType().equals("Swish")) {
        swish(graph, node);
      } else {
        graph.addNode(node);
      }
    }
    return new OnnxFile(
        file.name(), model.toBuilder().setGraph(graph).build().toByteArray(), Map.of());
  }

  private static void swish(GraphProto.Builder graph, NodeProto node) {
    float alpha = 1;
    for (AttributeProto given : node.getAttributeList()) {
      alpha = given.getF();
    }
    String x = node.getInput(0);
    String y = node.getOutput(0);
    graph
        .addNode(
            plain("Constant", List.of(), y + "/alpha")
                .addAttribute(attribute("value_float", alpha)))
        .addNode(plain("Mul", List.of(x, y + "/alpha"), y + "/scaled"))
        .addNode(plain("Sigmoid", List.of(y + "/scaled"), y + "/gate"))
        .addNode(plain("Mul", List.of(x, y + "/gate"), y));
  }

  private static NodeProto.Builder plain(String op, List<String> inputs, String output) {
    return NodeProto.newBuilder().setOpType(op).addAllInput(inputs).addOutput(output);
  }
}
