package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.cell.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small random graph around one operator: an input x, a recurrent layer, and values that the
 * operator works on, taken from either side of the layer, in any order of axes. When {@code
 * folded}, the same values are constants.
 */
final class Scene {
  /** Extents that stand in {@link Var#dims} for the axes outside a row. */
  static final int BATCH = -1;

  static final int TIME = -2;
  static final int BATCH_SIZE = 2;
  static final int STEPS = 3;

  /** Features of x, and neurons of the layer. */
  static final int WIDTH = 12;

  /** Where the operator's values come from. */
  enum Source {
    /** x, and the recurrent layer stands behind the operator. */
    BEFORE,
    /** x, and the recurrent layer stands in front. */
    AFTER,
    /** x at the last step. */
    LAST_INPUT,
    /** x and the layer's output, joined. */
    MIXED,
    HIDDEN,
    LAST_HIDDEN;

    /** The operator sees the very same numbers in both implementations. */
    boolean isInput() {
      return this == BEFORE || this == AFTER || this == LAST_INPUT;
    }

    boolean isLast() {
      return this == LAST_INPUT || this == LAST_HIDDEN;
    }
  }

  /**
   * Numbers that an operator is asked about.
   *
   * @param grid quarters only, so that equal ones occur
   */
  record Domain(double lowest, double highest, boolean grid) {
    float draw(Random random) {
      double value = lowest + (highest - lowest) * random.nextDouble();
      boolean whole = random.nextInt(8) == 0 && highest - lowest >= 2;
      double step = whole ? 1 : 0.25;
      return (float)
          (grid || whole ? Math.ceil(lowest / step + random.nextInt(count(step))) * step : value);
    }

    private int count(double step) {
      return (int) (Math.floor(highest / step) - Math.ceil(lowest / step)) + 1;
    }
  }

  /**
   * A value of the graph.
   *
   * @param dims extents, {@link #BATCH} and {@link #TIME} among them unless it is a constant
   */
  record Var(String name, List<Integer> dims) {
    int rank() {
      return dims.size();
    }

    boolean isConstant() {
      return !dims.contains(BATCH);
    }

    /** Positions of the axes within the row. */
    List<Integer> features() {
      return IntStream.range(0, dims.size()).filter(i -> dims.get(i) >= 0).boxed().toList();
    }

    Var with(String newName) {
      return new Var(newName, dims);
    }
  }

  final Random random;
  final int opset;
  final boolean folded;
  final Domain domain;
  final TestGraph graph = new TestGraph();
  private final Source source;
  private final boolean timeMajor;
  private final Var x;
  private @Nullable Var hidden;
  private @Nullable Var lastHidden;
  private int counter;

  Scene(Random random, int opset, boolean folded, Domain domain, boolean inputsOnly) {
    this.random = random;
    this.opset = opset;
    this.folded = folded;
    this.domain = domain;
    graph.opset(opset);
    List<Source> sources =
        Arrays.stream(Source.values()).filter(s -> s.isInput() || !inputsOnly).toList();
    source = folded ? Source.HIDDEN : sources.get(random.nextInt(sources.size()));
    timeMajor = random.nextBoolean();
    x = new Var("x", timeMajor ? List.of(TIME, BATCH, WIDTH) : List.of(BATCH, TIME, WIDTH));
    String batch = random.nextInt(4) == 0 ? "" + BATCH_SIZE : "batch";
    String time = random.nextInt(4) == 0 ? "" + STEPS : "time";
    graph.input("x", (timeMajor ? time + "," + batch : batch + "," + time) + "," + WIDTH);
    if (source != Source.BEFORE) {
      recurrence();
    }
  }

  Source source() {
    return source;
  }

  boolean timeMajor() {
    return timeMajor;
  }

  /** x itself, as (batch, time, features) or (time, batch, features). */
  Var x() {
    return x;
  }

  // ---- dice ----

  int pick(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** An axis of the rank, sometimes counted from the end where the operator set allows it. */
  int axis(int axis, int rank) {
    return opset >= 11 && random.nextBoolean() ? axis - rank : axis;
  }

  /** Extents whose product is at most {@link #WIDTH}. */
  List<Integer> features(int leastRank, int mostRank) {
    List<Integer> dims = new ArrayList<>();
    int rank = between(leastRank, mostRank);
    int left = WIDTH;
    for (int i = 0; i < rank; i++) {
      int size = between(1, Math.min(4, left));
      dims.add(size);
      left /= size;
    }
    return dims;
  }

  /** Random extents of a value, with batch and time anywhere among them, mostly in front. */
  List<Integer> layout(int leastFeatures, int mostFeatures) {
    return around(features(leastFeatures, mostFeatures), chance(2));
  }

  /** Those features behind the axes of batch and time, or with those anywhere among them. */
  List<Integer> around(List<Integer> features, boolean anywhere) {
    List<Integer> dims = new ArrayList<>(features);
    if (folded) {
      return dims;
    }
    List<Integer> outer = source.isLast() ? List.of(BATCH) : List.of(BATCH, TIME);
    if (anywhere) {
      outer.forEach(o -> dims.add(random.nextInt(dims.size() + 1), o));
    } else {
      dims.addAll(0, timeMajor && outer.size() == 2 ? List.of(TIME, BATCH) : outer);
    }
    return dims;
  }

  // ---- values ----

  /** A value of those extents. Of constants only when folded; those have no batch and no time. */
  Var value(List<Integer> layout) {
    List<Integer> features = layout.stream().filter(d -> d >= 0).toList();
    if (folded) {
      return constant(features);
    }
    Var base = base();
    int width = features.stream().reduce(1, (a, b) -> a * b);
    int all = base.dims().get(base.rank() - 1);
    int from = random.nextInt(all - width + 1);
    Var part = width == all ? base : slice(base, base.rank() - 1, from, from + width);
    List<Integer> order = new ArrayList<>(base.dims().subList(0, base.rank() - 1));
    order.addAll(features);
    Var parted = order.equals(part.dims()) ? part : reshape(part, order);
    return arrange(parted, layout);
  }

  /** A value of random extents. */
  Var any() {
    return value(layout(0, 3));
  }

  private Var base() {
    return switch (source) {
      case BEFORE, AFTER -> x;
      case LAST_INPUT -> lastStep(x);
      case HIDDEN -> inDomain(hidden());
      case LAST_HIDDEN -> inDomain(lastHidden());
      case MIXED -> {
        Var h = inDomain(hidden());
        yield concat(random.nextBoolean() ? List.of(x, h) : List.of(h, x), 2);
      }
    };
  }

  /** The layer's output, in the order of x's axes. */
  Var hidden() {
    if (hidden == null) {
      recurrence();
    }
    return Objects.requireNonNull(hidden);
  }

  /** The layer's output at the last step: (batch, features). */
  Var lastHidden() {
    if (lastHidden == null) {
      recurrence();
    }
    return Objects.requireNonNull(lastHidden);
  }

  /** From (-1, 1), where states are, to the domain. */
  private Var inDomain(Var h) {
    double half = (domain.highest() - domain.lowest()) / 2;
    float[] scale = {(float) (half * 0.999)};
    float[] offset = {(float) (domain.lowest() + half)};
    Var scaled = node("Mul", List.of(h, floats(scale, List.of(1))), h.dims());
    return node("Add", List.of(scaled, floats(offset, List.of(1))), h.dims());
  }

  private void recurrence() {
    String op = pick(List.of("RNN", "LSTM", "GRU"));
    int gates = op.equals("RNN") ? 1 : op.equals("LSTM") ? 4 : 3;
    List<Integer> turned = List.of(TIME, BATCH, WIDTH);
    Var in = timeMajor ? x : arrange(x, turned);
    int rows = gates * WIDTH;
    String weights =
        Stream.of(List.of(1, rows, WIDTH), List.of(1, rows, WIDTH), List.of(1, 2 * rows))
            .map(dims -> floats(Models.values(random, count(dims), 0.3), dims).name())
            .collect(Collectors.joining(","));
    String y = fresh();
    String last = fresh();
    graph.node(
        op,
        "layer",
        in.name() + "," + weights,
        y + "," + last,
        attribute("hidden_size", (long) WIDTH));
    Var steps = squeeze(new Var(y, List.of(TIME, 1, BATCH, WIDTH)), 1);
    hidden = timeMajor ? steps : arrange(steps, List.of(BATCH, TIME, WIDTH));
    lastHidden = squeeze(new Var(last, List.of(1, BATCH, WIDTH)), 0);
  }

  /** The last step of a value along which the layer has stepped. */
  Var lastStep(Var v) {
    int axis = v.dims().indexOf(TIME);
    List<Integer> dims = new ArrayList<>(v.dims());
    dims.remove(axis);
    if (opset >= 11 && random.nextBoolean()) {
      String index = fresh();
      graph.scalar(index, -1);
      return node("Gather", v.name() + "," + index, dims, attribute("axis", (long) axis));
    }
    return squeeze(slice(v, axis, -1, Integer.MAX_VALUE), axis);
  }

  // ---- constants ----

  /** Numbers of the domain. */
  Var constant(List<Integer> dims) {
    return floats(numbers(count(dims)), dims);
  }

  float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = domain.draw(random);
    }
    return values;
  }

  Var floats(float[] values, List<Integer> dims) {
    return new Var(named(values, longs(dims)), dims);
  }

  /** A vector of whole numbers. */
  Var whole(long... values) {
    String name = fresh();
    graph.longs(name, values);
    return new Var(name, List.of(values.length));
  }

  private String named(float[] values, long... dims) {
    String name = fresh();
    graph.floats(name, values, dims);
    return name;
  }

  static int count(List<Integer> dims) {
    return dims.stream().filter(d -> d >= 0).reduce(1, (a, b) -> a * b);
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(i -> i).toArray();
  }

  // ---- nodes ----

  String fresh() {
    return "v" + counter++;
  }

  Var node(String op, List<Var> inputs, List<Integer> dims, AttributeProto... attributes) {
    return node(op, String.join(",", inputs.stream().map(Var::name).toList()), dims, attributes);
  }

  Var node(String op, String inputs, List<Integer> dims, AttributeProto... attributes) {
    String name = fresh();
    graph.node(op, op + "_" + name, inputs, name, attributes);
    return new Var(name, List.copyOf(dims));
  }

  /** What newer operator sets take as an input and older ones as an attribute. */
  Var withAxes(
      String op,
      int inputFrom,
      Var v,
      String name,
      long[] values,
      List<Integer> dims,
      AttributeProto... attributes) {
    if (opset >= inputFrom) {
      return node(op, List.of(v, whole(values)), dims, attributes);
    }
    AttributeProto[] more = Arrays.copyOf(attributes, attributes.length + 1);
    more[attributes.length] = list(name, values);
    return node(op, List.of(v), dims, more);
  }

  Var squeeze(Var v, int axis) {
    List<Integer> dims = new ArrayList<>(v.dims());
    dims.remove(axis);
    return withAxes("Squeeze", 13, v, "axes", new long[] {axis}, dims);
  }

  Var slice(Var v, int axis, int from, int to) {
    List<Integer> dims = new ArrayList<>(v.dims());
    dims.set(axis, from < 0 ? 1 : to - from);
    if (opset >= 10) {
      return node("Slice", List.of(v, whole(from), whole(to), whole(axis)), dims);
    }
    return node(
        "Slice", List.of(v), dims, list("starts", from), list("ends", to), list("axes", axis));
  }

  Var concat(List<Var> parts, int axis) {
    List<Integer> dims = new ArrayList<>(parts.get(0).dims());
    dims.set(axis, parts.stream().mapToInt(p -> p.dims().get(axis)).sum());
    return node("Concat", parts, dims, attribute("axis", (long) axis));
  }

  /** Other features, the axes outside the row in their places. */
  Var reshape(Var v, List<Integer> dims) {
    long[] shape = new long[dims.size()];
    for (int i = 0; i < shape.length; i++) {
      int dim = dims.get(i);
      shape[i] = dim >= 0 ? dim : i < v.rank() && v.dims().get(i) == dim ? 0 : -1;
    }
    return node("Reshape", List.of(v, whole(shape)), dims);
  }

  /** The same axes in that order; equal features keep theirs. */
  Var arrange(Var v, List<Integer> layout) {
    if (layout.equals(v.dims())) {
      return v;
    }
    long[] perm = new long[layout.size()];
    List<Integer> features = v.features();
    int next = 0;
    for (int i = 0; i < perm.length; i++) {
      int dim = layout.get(i);
      perm[i] = dim < 0 ? v.dims().indexOf(dim) : features.get(next++);
    }
    return node("Transpose", List.of(v), layout, list("perm", perm));
  }

  /** As FLOAT: truth and whole numbers become comparable. */
  Var toFloat(Var v) {
    return node("Cast", List.of(v), v.dims(), attribute("to", (long) DataType.FLOAT_VALUE));
  }
}
