package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.StateLayout;
import io.unroll.model.StateNames;
import io.unroll.model.StateNames.Part;
import io.unroll.model.cell.Join;
import io.unroll.model.cell.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the slots of the state hang together with the graph's inputs and outputs. Only whole slots
 * count whose floats stand side by side, in their order: what a graph takes apart further has no
 * name here.
 */
final class StateLinks {
  private record Start(int slot, String input, int at) {}

  private final List<Start> starts = new ArrayList<>();
  private final Map<Integer, List<Integer>> slotsInRegister = new HashMap<>();
  private int listed;

  /**
   * A slot starts from this value of the graph.
   *
   * @param length floats of the slot
   */
  void start(int slot, int length, Tensor value) {
    Tensor ofOneSeries = value.cut(); // every series has the same elements
    String input = value.origin();
    if (input == null || ofOneSeries.count() != length) {
      return;
    }
    long[] places = ofOneSeries.toLongs();
    for (int i = 1; i < length; i++) {
      if (places[i] != places[0] + i) {
        return;
      }
    }
    starts.add(new Start(slot, input, Math.toIntExact(places[0])));
  }

  /** A step leaves a slot's next value in this register. */
  void end(int slot, int register) {
    slotsInRegister.putIfAbsent(register, List.of(slot));
  }

  /**
   * The names. Runs nodes that the model does not need, so its graph must have been built.
   *
   * @param scope the values of the graph, as far as the followed output needs them
   */
  StateNames names(StateLayout layout, GraphProto graph, Scope scope, String followed) {
    if (graph.getOutputCount() > 1) {
      runRearranging(graph, scope);
    }
    followJoins(scope.trace().graph().nodes());
    Map<String, List<Part>> startNames = new LinkedHashMap<>();
    for (Start start : starts) {
      startNames
          .computeIfAbsent(start.input(), name -> new ArrayList<>())
          .add(new Part(layout.slots().get(start.slot()), start.at()));
    }
    Map<String, List<Part>> endNames = new LinkedHashMap<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      List<Integer> slots = slots(scope, output.getName());
      if (slots != null && takes(slots.size())) {
        endNames.put(output.getName(), parts(layout, slots));
      }
    }
    return new StateNames(startNames, endNames, followed);
  }

  /** What exporters do to the last states before they give them out: stack and turn them. */
  private static void runRearranging(GraphProto graph, Scope scope) {
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
          List<Integer> slots = slotsInRegister.getOrDefault(input, List.of());
          known &= !slots.isEmpty() && takes(slots.size());
          joined.addAll(known ? slots : List.of());
        }
        if (known) {
          slotsInRegister.putIfAbsent(join.output(), joined);
        }
      }
    }
  }

  /** Many outputs of many slots each would take more than the file: the first ones have names. */
  private boolean takes(int slots) {
    listed += slots;
    return listed <= Limits.MAX_NAMED;
  }

  private @Nullable List<Integer> slots(Scope scope, String output) {
    return scope.knows(output) && scope.value(output) instanceof StepValue value
        ? slotsInRegister.get(value.register())
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
