package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a graph input besides the data is refused, and the way out that this graph has: only what its
 * author can follow is advised.
 */
final class FurtherInputs {
  private final GraphProto graph;
  private final String followed;
  private final Collection<String> named;

  /**
   * @param followed the graph output that is read
   * @param named those that are the next values of states
   */
  FurtherInputs(GraphProto graph, String followed, Collection<String> named) {
    this.graph = graph;
    this.followed = followed;
    this.named = named;
  }

  /** Of a graph with another number of data inputs than one. */
  Refusal several(List<ValueInfoProto> data) {
    String names =
        data.stream().map(ValueInfoProto::getName).collect(Collectors.joining(", ", "[", "]"));
    return new Refusal(
        "inputs %s: found %d inputs of data, expected one %s%s"
            .formatted(
                names,
                data.size(),
                named.isEmpty() ? "(batch, steps, features)" : "(batch, features)",
                data.size() > 1 ? wayOut(data) : ""));
  }

  private String wayOut(List<ValueInfoProto> data) {
    List<String> lengths =
        data.stream().filter(this::isLengths).map(ValueInfoProto::getName).toList();
    if (lengths.size() == data.size() - 1) {
      return ". '%s' has the lengths of padded sequences, and a stream has no padding: export without them (without pack_padded_sequence)"
          .formatted(String.join("', '", lengths));
    }
    boolean states = data.stream().skip(1).noneMatch(input -> spare(input).isEmpty());
    return ". Take all features of a step in one input of floats, and slice and cast it inside the"
        + " graph; put what never changes into the graph as a constant"
        + (states
            ? "; if all but one are states of one step, name them: states: {h_in: h_out}"
            : "");
  }

  /** Whether a recurrent node takes it as the lengths of its sequences. */
  private boolean isLengths(ValueInfoProto input) {
    return rank(input) == 1
        && Tensors.isWhole(input.getType().getTensorType().getElemType())
        && graph.getNodeList().stream()
            .filter(node -> Needs.isRecurrent(node) && node.getInputCount() > Needs.SEQUENCE_LENS)
            .map(node -> node.getInput(Needs.SEQUENCE_LENS))
            .anyMatch(
                length ->
                    !length.isEmpty()
                        && new Needs(graph, List.of(length))
                            .dataInputs()
                            .contains(input.getName()));
  }

  /** Of a graph over one step, of which an input starts a state that has no next value. */
  Refusal unnamed(ValueInfoProto input) {
    String name = input.getName();
    List<String> spare = spare(input);
    return new Refusal(
        "input '%s' starts a state that is not named, and would start anew at every step. %s"
            .formatted(
                name,
                spare.isEmpty()
                    ? "No output of the graph is left that could be its next value: export the"
                        + " graph with a constant in its place, such as 0"
                    : "Name it: states: {%s: %s}".formatted(name, spare.get(0))
                        + (spare.size() > 1 ? ", or another of its outputs" : "")));
  }

  /** Outputs that could be an input's next value, the one that is followed last. */
  private List<String> spare(ValueInfoProto input) {
    if (dims(input).stream().filter(dim -> !dim.hasDimValue()).count() > 1) {
      return List.of(); // a state has an axis of series alone, none of steps
    }
    return graph.getOutputList().stream()
        .filter(output -> fits(input, output))
        .map(ValueInfoProto::getName)
        .filter(output -> !named.contains(output))
        .sorted(Comparator.comparing(followed::equals))
        .toList();
  }

  /** Whether their declared shapes may be the same; an output may declare none. */
  private static boolean fits(ValueInfoProto input, ValueInfoProto output) {
    if (!output.getType().getTensorType().hasShape()) {
      return true;
    }
    if (rank(input) != rank(output)) {
      return false;
    }
    for (int i = 0; i < rank(input); i++) {
      TensorShapeProto.Dimension in = dims(input).get(i);
      TensorShapeProto.Dimension out = dims(output).get(i);
      if (in.hasDimValue() && out.hasDimValue() && in.getDimValue() != out.getDimValue()) {
        return false;
      }
    }
    return true;
  }

  private static int rank(ValueInfoProto value) {
    return dims(value).size();
  }

  private static List<TensorShapeProto.Dimension> dims(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList();
  }
}
