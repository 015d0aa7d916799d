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
        "inputs %s: found %d inputs of data, expected one (batch, steps, features)%s"
            .formatted(names, data.size(), data.size() > 1 ? wayOut(data) : ""));
  }

  private String wayOut(List<ValueInfoProto> data) {
    boolean alike =
        data.stream()
            .allMatch(
                input ->
                    Tensors.isFloat(input.getType().getTensorType().getElemType())
                        && rank(input) == rank(data.get(0))
                        && rank(input) > 1);
    boolean states = data.stream().skip(1).allMatch(input -> !spare(input).isEmpty());
    return (alike
            ? ". Concatenate them inside the graph"
            : ". Export the graph with a constant in place of each one that is not the features of"
                + " a step")
        + (states
            ? "; if all but one are states of one step, name them: state: {h_in: h_out}"
            : "");
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
                    : "Name it: state: {%s: %s}".formatted(name, spare.get(0))
                        + (spare.size() > 1 ? ", or another of its outputs" : "")));
  }

  /** Outputs that could be an input's next value, the one that is followed last. */
  private List<String> spare(ValueInfoProto input) {
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
