package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.onnx.Factor.Feature;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The graph inputs as values. An extent that the file leaves open gets a placeholder: a prime that
 * stands nowhere in the file, so that shape arithmetic is ordinary arithmetic.
 */
final class Inputs {
  private static final int FIRST_PLACEHOLDER = 1009;

  private static final Pattern NUMBER = Pattern.compile("\\b[0-9]{4,18}\\b");

  /**
   * A graph input that is a state.
   *
   * @param type what its numbers are
   */
  record NamedState(String name, List<Axis> axes, Type type) {}

  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> placeholders = new HashMap<>();
  private final Set<Integer> openExtents = new HashSet<>();
  private final Set<Integer> taken = new HashSet<>();
  private final List<Outer> outers = new ArrayList<>();
  private final List<NamedState> states = new ArrayList<>();
  private int nextPlaceholder = FIRST_PLACEHOLDER;
  private final Map<Integer, String> symbols = new HashMap<>();
  private int features;
  private int ones;
  private String layout = "";

  /**
   * @param states the graph inputs that are states by name; the graph is one step then
   * @param further what is said of others
   */
  Inputs(GraphProto graph, Needs needs, Set<String> states, FurtherInputs further) {
    for (TensorProto tensor : graph.getInitializerList()) {
      take(tensor.getDimsList());
    }
    for (NodeProto node : needs.nodes()) {
      for (AttributeProto attribute : node.getAttributeList()) {
        take(attribute.getT().getDimsList());
      }
    }
    List<ValueInfoProto> data = new ArrayList<>();
    for (ValueInfoProto input : graph.getInputList()) {
      take(dims(input).stream().map(TensorShapeProto.Dimension::getDimValue).toList());
      if (needs.dataInputs().contains(input.getName()) && !states.contains(input.getName())) {
        data.add(input);
      }
    }
    if (data.size() != 1) {
      throw further.several(data);
    }
    if (states.isEmpty()) {
      sequence(data.get(0));
    } else {
      step(data.get(0), graph, states);
    }
    for (ValueInfoProto input : graph.getInputList()) {
      if (needs.stateInputs().contains(input.getName()) && !states.contains(input.getName())) {
        if (!states.isEmpty()) {
          throw further.unnamed(input);
        }
        start(input);
      }
    }
  }

  /** Extents that the file fixes; the smaller ones are no multiple of a placeholder anyway. */
  private void take(List<Long> extents) {
    for (long extent : extents) {
      if (extent >= FIRST_PLACEHOLDER) {
        taken.add((int) Math.min(extent, Integer.MAX_VALUE));
      }
    }
  }

  private static List<TensorShapeProto.Dimension> dims(ValueInfoProto input) {
    return input.getType().getTensorType().getShape().getDimList();
  }

  /** What an input's numbers are. */
  private static Type type(ValueInfoProto input) {
    int type = input.getType().getTensorType().getElemType();
    if (!Tensors.isFloat(type) && !Tensors.isWhole(type)) {
      throw new Refusal(
          "input '%s' is %s, expected FLOAT".formatted(input.getName(), Tensors.typeName(type)));
    }
    return type == DataType.BOOL_VALUE
        ? Type.BOOL
        : Tensors.isWhole(type) ? Type.WHOLE : Type.FLOAT;
  }

  private static void expectShape(ValueInfoProto input, String expected) {
    if (!input.getType().getTensorType().hasShape() || dims(input).isEmpty()) {
      throw new Refusal("input '" + input.getName() + "' has no shape, expected " + expected);
    }
    Limits.checkRank(dims(input).size());
  }

  /** Values of a whole sequence: the last axis is the step's row, the others lie outside it. */
  private void sequence(ValueInfoProto input) {
    expectShape(input, "(batch, steps, features)");
    Type type = type(input);
    int rank = dims(input).size();
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      TensorShapeProto.Dimension dim = dims(input).get(i);
      int size = extent(dim, input.getName() + "/" + i);
      // Tokens come as (batch, steps), several per step as (batch, steps, columns).
      boolean row = i == rank - 1 && !isOpen(dim) && (type == Type.FLOAT || rank > 2);
      axes.add(row ? Axis.of(new Feature(size)) : outer(i, size));
      if (!row) {
        ones += size == 1 ? 1 : 0;
        symbols.put(i, dim.getDimParam());
      }
    }
    boolean last = axes.get(rank - 1).isFeature();
    if (type == Type.FLOAT && (rank > 3 || (rank == 3 && !last))) {
      boolean allOpen = dims(input).stream().allMatch(Inputs::isOpen);
      layout =
          "The input is %s: export it %s"
              .formatted(
                  Shapes.text(axes.stream().mapToInt(Axis::size).toArray()),
                  allOpen
                      ? "with its axis of features fixed"
                      : "as (batch, steps, features), and %s it inside the graph"
                          .formatted(rank > 3 ? "reshape" : "transpose"));
    }
    data(input, axes, type);
  }

  private void data(ValueInfoProto input, List<Axis> axes, Type type) {
    StepValue value = new StepValue(StepGraph.INPUT, axes, false, type);
    features = StepValue.checkWidth(value.width());
    values.put(input.getName(), value);
  }

  private Axis outer(int id, int size) {
    if (size == 1) {
      return Axis.ONE;
    }
    Outer outer = new Outer(id, size);
    outers.add(outer);
    return Axis.of(outer);
  }

  /** Values of one step: one axis may be the batch, the others are the row. */
  private void step(ValueInfoProto input, GraphProto graph, Set<String> states) {
    expectShape(input, "(batch, features)");
    String batch = batchSymbol(input, graph, states);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < dims(input).size(); i++) {
      TensorShapeProto.Dimension dim = dims(input).get(i);
      boolean ofBatch = isOpen(dim) && symbol(dim, input, i).equals(batch);
      boolean fixedBatch = batch.isEmpty() && i == 0 && dims(input).size() > 1;
      if (isOpen(dim) && !ofBatch) {
        axes.add(Axis.ONE); // the axis of steps: there is one
      } else if (ofBatch || fixedBatch) {
        axes.add(outer(i, extent(dim, input.getName() + "/" + i)));
      } else {
        axes.add(Axis.of(new Feature(extent(dim, input.getName() + "/" + i))));
      }
    }
    data(input, axes, type(input));
    for (ValueInfoProto state : graph.getInputList()) {
      if (states.contains(state.getName())) {
        expectShape(state, "that of a state");
        int[] dims = new int[dims(state).size()];
        for (int i = 0; i < dims.length; i++) {
          TensorShapeProto.Dimension dim = dims(state).get(i);
          boolean open = isOpen(dim);
          dims[i] = open ? openBatch(state) : Math.toIntExact(dim.getDimValue());
        }
        this.states.add(new NamedState(state.getName(), stateAxes(null, dims), type(state)));
      }
    }
  }

  private int openBatch(ValueInfoProto state) {
    for (Outer outer : outers) {
      if (openExtents.contains(outer.size())) {
        return outer.size();
      }
    }
    throw new Refusal("state '" + state.getName() + "' has an open extent, the input has none");
  }

  /** The name of the open extent that input and states share, else of the input's first. */
  private static String batchSymbol(ValueInfoProto input, GraphProto graph, Set<String> states) {
    Set<String> ofStates = new HashSet<>();
    for (ValueInfoProto state : graph.getInputList()) {
      if (states.contains(state.getName())) {
        for (int i = 0; i < dims(state).size(); i++) {
          ofStates.add(symbol(dims(state).get(i), state, i));
        }
      }
    }
    String first = "";
    for (int i = 0; i < dims(input).size(); i++) {
      String symbol = symbol(dims(input).get(i), input, i);
      if (!symbol.isEmpty() && ofStates.contains(symbol)) {
        return symbol;
      }
      first = first.isEmpty() ? symbol : first;
    }
    return first;
  }

  /** The name of an open extent; empty for a fixed one. */
  private static String symbol(TensorShapeProto.Dimension dim, ValueInfoProto input, int axis) {
    if (!isOpen(dim)) {
      return "";
    }
    return dim.getDimParam().isEmpty() ? input.getName() + "/" + axis : dim.getDimParam();
  }

  /** What a state starts from, when a graph input gives it: zero on the stream. */
  private void start(ValueInfoProto input) {
    String name = input.getName();
    int rank = dims(input).size();
    Limits.checkRank(rank);
    int[] dims = new int[rank];
    int[] one = new int[rank];
    for (int i = 0; i < rank; i++) {
      TensorShapeProto.Dimension dim = dims(input).get(i);
      dims[i] = extent(dim, name + "/" + i);
      one[i] = isOpen(dim) ? 1 : dims[i];
    }
    if (Arrays.stream(dims).filter(openExtents::contains).count() > 1) {
      throw new Refusal("input '" + name + "' starts a state and has more than one open extent");
    }
    values.put(name, Tensor.placeOf(name, one).expand(dims));
  }

  private int extent(TensorShapeProto.Dimension dim, String otherwise) {
    return isOpen(dim) ? placeholder(dim, otherwise) : Math.toIntExact(dim.getDimValue());
  }

  /**
   * The axes of a state of these extents: batch where one is the input's, else features. A fixed
   * extent says batch only in front of others, since a state may well be as wide as a batch.
   *
   * @param steps the axis that a loop is known to step along, which no state has; else null
   */
  List<Axis> stateAxes(@Nullable Axis steps, int... dims) {
    List<Axis> axes = new ArrayList<>();
    boolean found = false;
    for (int i = 0; i < dims.length; i++) {
      Axis axis = Axis.of(new Feature(dims[i]));
      for (Outer outer : outers) {
        boolean said = openExtents.contains(outer.size()) || i < dims.length - 1;
        if (!found && outer.size() == dims[i] && said && !Axis.of(outer).equals(steps)) {
          axis = Axis.of(outer);
          found = true;
        }
      }
      axes.add(axis);
    }
    return axes;
  }

  /** The states that the graph takes and gives by name, when it is one step. */
  List<NamedState> states() {
    return states;
  }

  /** The data input's extents outside the row. */
  List<Outer> outers() {
    return outers;
  }

  private static boolean isOpen(TensorShapeProto.Dimension dim) {
    return !dim.hasDimValue() || dim.getDimValue() <= 0;
  }

  private int placeholder(TensorShapeProto.Dimension dim, String otherwise) {
    String symbol = dim.getDimParam().isEmpty() ? otherwise : dim.getDimParam();
    return placeholders.computeIfAbsent(
        symbol,
        s -> {
          while (!isPrime(nextPlaceholder) || divides(nextPlaceholder)) {
            nextPlaceholder++;
          }
          openExtents.add(nextPlaceholder);
          return nextPlaceholder++;
        });
  }

  /** Whether a fixed extent would look like one that was computed from it. */
  private boolean divides(int placeholder) {
    return taken.stream().anyMatch(extent -> extent % placeholder == 0);
  }

  /** A message with the extents that the file leaves open under the file's own names. */
  String named(String message) {
    Map<Integer, String> names = new HashMap<>();
    placeholders.forEach((name, number) -> names.put(number, name));
    return NUMBER
        .matcher(message)
        .replaceAll(found -> Matcher.quoteReplacement(nameOf(found.group(), names)));
  }

  /** Of a placeholder, or of the product of two. */
  private static String nameOf(String digits, Map<Integer, String> names) {
    long number = Long.parseLong(digits);
    for (Map.Entry<Integer, String> one : names.entrySet()) {
      if (one.getKey() == number) {
        return one.getValue();
      }
      long rest = number % one.getKey() == 0 ? number / one.getKey() : 0;
      String other = rest <= Integer.MAX_VALUE ? names.get((int) rest) : null;
      if (other != null) {
        return one.getValue() + "*" + other;
      }
    }
    return digits;
  }

  private static boolean isPrime(int n) {
    for (int d = 2; d * d <= n; d++) {
      if (n % d == 0) {
        return false;
      }
    }
    return true;
  }

  Map<String, Value> values() {
    return values;
  }

  /** Values per step. */
  int features() {
    return features;
  }

  /** What the file calls an axis of the data input that lies outside the row; empty for nothing. */
  String symbol(Outer outer) {
    return symbols.getOrDefault(outer.id(), "");
  }

  /** How to export it where the data is not (batch, steps, features); empty where it is. */
  String layout() {
    return layout;
  }

  /** Axes of 1 that the data input has outside the row. */
  int ones() {
    return ones;
  }

  /** The placeholders in use. */
  Set<Integer> openExtents() {
    return openExtents;
  }
}
