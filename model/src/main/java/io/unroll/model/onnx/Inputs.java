package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.onnx.Factor.Feature;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The graph inputs as values. An extent that the file leaves open gets a placeholder: a prime that
 * stands nowhere in the file, so that shape arithmetic is ordinary arithmetic.
 */
final class Inputs {
  private static final int FIRST_PLACEHOLDER = 1009;

  private static final Pattern NUMBER = Pattern.compile("\\b[0-9]{4,18}\\b");

  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> placeholders = new HashMap<>();
  private final Set<Integer> openExtents = new HashSet<>();
  private final Set<Integer> taken = new HashSet<>();
  private int nextPlaceholder = FIRST_PLACEHOLDER;
  private int features;

  Inputs(GraphProto graph, Needs needs, Collection<TensorProto> initializers) {
    for (TensorProto tensor : initializers) {
      tensor.getDimsList().forEach(d -> taken.add((int) Math.min(d, Integer.MAX_VALUE)));
    }
    List<ValueInfoProto> data = new ArrayList<>();
    for (ValueInfoProto input : graph.getInputList()) {
      shape(input)
          .getDimList()
          .forEach(d -> taken.add((int) Math.min(d.getDimValue(), Integer.MAX_VALUE)));
      if (needs.dataInputs().contains(input.getName())) {
        data.add(input);
      }
    }
    if (data.size() != 1) {
      throw new Refusal(
          "inputs %s: found %d inputs of data, expected one (batch, steps, features)"
              .formatted(needs.dataInputs(), data.size()));
    }
    data(data.get(0));
    for (ValueInfoProto input : graph.getInputList()) {
      if (needs.stateInputs().contains(input.getName())) {
        state(input);
      }
    }
  }

  private static TensorShapeProto shape(ValueInfoProto input) {
    return input.getType().getTensorType().getShape();
  }

  private void data(ValueInfoProto input) {
    String name = input.getName();
    int type = input.getType().getTensorType().getElemType();
    boolean whole = Tensors.isWhole(type);
    if (type != DataType.FLOAT_VALUE && !whole) {
      throw new Refusal("input '" + name + "' is " + Tensors.typeName(type) + ", expected FLOAT");
    }
    if (!input.getType().getTensorType().hasShape() || shape(input).getDimCount() == 0) {
      throw new Refusal("input '" + name + "' has no shape, expected (batch, steps, features)");
    }
    int rank = shape(input).getDimCount();
    Limits.checkRank(rank);
    List<Axis> axes = new ArrayList<>();
    features = 1;
    for (int i = 0; i < rank; i++) {
      TensorShapeProto.Dimension dim = shape(input).getDim(i);
      boolean open = isOpen(dim);
      int size = open ? placeholder(dim, name + "/" + i) : Math.toIntExact(dim.getDimValue());
      if (i == rank - 1 && !open && !whole) {
        features = StepValue.checkWidth(size);
        axes.add(Axis.of(new Feature(size)));
      } else {
        axes.add(size == 1 ? Axis.ONE : Axis.of(new Outer(i, size)));
      }
    }
    values.put(name, new StepValue(StepGraph.INPUT, axes, false, whole));
  }

  /** An initial state: the same for every series, whichever axis they are along. */
  private void state(ValueInfoProto input) {
    String name = input.getName();
    int rank = shape(input).getDimCount();
    Limits.checkRank(rank);
    int[] dims = new int[rank];
    int[] one = new int[rank];
    for (int i = 0; i < rank; i++) {
      TensorShapeProto.Dimension dim = shape(input).getDim(i);
      boolean open = isOpen(dim);
      dims[i] = open ? placeholder(dim, name + "/" + i) : Math.toIntExact(dim.getDimValue());
      one[i] = open ? 1 : dims[i];
    }
    if (Arrays.stream(dims).filter(openExtents::contains).count() > 1) {
      throw new Refusal("input '" + name + "' starts a state and has more than one open extent");
    }
    values.put(name, Tensor.placeOf(name, one).expand(dims));
  }

  private static boolean isOpen(TensorShapeProto.Dimension dim) {
    return !dim.hasDimValue() || dim.getDimValue() <= 0;
  }

  private int placeholder(TensorShapeProto.Dimension dim, String otherwise) {
    String symbol = dim.getDimParam().isEmpty() ? otherwise : dim.getDimParam();
    return placeholders.computeIfAbsent(
        symbol,
        s -> {
          while (!isPrime(nextPlaceholder) || !taken.add(nextPlaceholder)) {
            nextPlaceholder++;
          }
          openExtents.add(nextPlaceholder);
          return nextPlaceholder;
        });
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

  /** The placeholders in use. */
  Set<Integer> openExtents() {
    return openExtents;
  }
}
