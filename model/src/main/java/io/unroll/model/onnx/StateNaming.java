package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.StateLayout;
import io.unroll.model.StateNames;
import io.unroll.model.StateNames.Part;
import io.unroll.model.cell.Join;
import io.unroll.model.cell.Node;
import io.unroll.model.onnx.StateLinks.Start;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the graph calls the slots of the state: inputs that they start from, outputs that they end
 * as. What a graph takes apart further than into whole slots has no name here.
 */
final class StateNaming {
  private final StateLinks links;
  private final Scope scope;
  private int listed;

  /**
   * @param scope the values of the graph, as far as the followed output needs them
   */
  StateNaming(StateLinks links, Scope scope) {
    this.links = links;
    this.scope = scope;
  }

  /**
   * The names. Runs nodes that the model does not need, so its graph must have been built.
   *
   * @param followed the graph output that the model follows
   */
  StateNames names(StateLayout layout, GraphProto graph, String followed) {
    if (graph.getOutputCount() > 1) {
      runRearranging(graph);
    }
    followJoins(scope.trace().steps().nodes());
    Map<String, List<Part>> startNames = new LinkedHashMap<>();
    for (Start start : links.starts()) {
      startNames
          .computeIfAbsent(start.input(), name -> new ArrayList<>())
          .add(new Part(layout.slots().get(start.slot()), start.at()));
    }
    Map<String, List<Part>> endNames = new LinkedHashMap<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      List<Integer> slots = slots(output.getName());
      if (slots != null && takes(slots.size())) {
        endNames.put(output.getName(), parts(layout, slots));
      }
    }
    return new StateNames(startNames, endNames, followed);
  }

  /** What exporters do to the last states before they give them out: stack and turn them. */
  private void runRearranging(GraphProto graph) {
    for (NodeProto node : graph.getNodeList()) {
      if (Operators.rearranges(node)
          && node.getOutputList().stream().noneMatch(scope::knows)
          && node.getInputList().stream().allMatch(i -> i.isEmpty() || scope.knows(i))) {
        try {
          scope.run(List.of(node));
        } catch (Refusal refused) {
          // The model does not need it: an output behind it is merely none of the known ones.
        }
      }
    }
  }

  private void followJoins(List<Node> nodes) {
    for (Node node : nodes) {
      if (node instanceof Join join) {
        List<Integer> joined = new ArrayList<>();
        boolean known = true;
        for (int input : join.inputs()) {
          List<Integer> slots = Objects.requireNonNullElse(links.slotsIn(input), List.of());
          known &= !slots.isEmpty() && takes(slots.size());
          joined.addAll(known ? slots : List.of());
        }
        if (known) {
          links.join(join.output(), joined);
        }
      }
    }
  }

  /** Many outputs of many slots each would take more than the file: the first ones have names. */
  private boolean takes(int slots) {
    listed += slots;
    return listed <= Limits.MAX_NAMED;
  }

  private @Nullable List<Integer> slots(String output) {
    return scope.knows(output) && scope.value(output) instanceof StepValue value
        ? links.slotsIn(value.register())
        : null;
  }

  private static List<Part> parts(StateLayout layout, List<Integer> slots) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    for (int index : slots) {
      StateLayout.Slot slot = layout.slots().get(index);
      parts.add(new Part(slot, at));
      at += slot.length();
    }
    return parts;
  }
}
