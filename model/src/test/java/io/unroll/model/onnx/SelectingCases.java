package io.unroll.model.onnx;

import static io.unroll.model.onnx.OperatorCase.QUARTERS;
import static io.unroll.model.onnx.OperatorCase.WIDE;
import static io.unroll.model.onnx.OperatorCase.exact;
import static io.unroll.model.onnx.OperatorCase.jumps;
import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.onnx.Scene.Source;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Operators that join features and take parts of them. */
final class SelectingCases {
  private static final AttributeProto[] NONE = {};

  private SelectingCases() {}

  static void addTo(BiConsumer<String, OperatorCase> table) {
    table.accept("Concat", exact(8, WIDE, SelectingCases::concat));
    table.accept("Split", exact(7, WIDE, SelectingCases::split));
    table.accept("Slice", exact(7, WIDE, SelectingCases::slice));
    table.accept("Slice", exact(7, WIDE, SelectingCases::lastStep).stepsOnly());
    table.accept("Gather", exact(7, WIDE, SelectingCases::gather));
    table.accept("Gather", exact(11, WIDE, SelectingCases::lastStep).stepsOnly());
    table.accept("Gather", jumps(7, QUARTERS, SelectingCases::embedding).stepsOnly());
  }

  private static Var concat(Scene s) {
    List<Integer> layout = s.layout(1, 3);
    List<Integer> features =
        IntStream.range(0, layout.size()).filter(i -> layout.get(i) >= 0).boxed().toList();
    int axis = s.pick(features);
    int count = s.between(1, 4);
    int step = s.random.nextInt(count);
    List<Var> parts = new ArrayList<>();
    List<Integer> dims = new ArrayList<>(layout);
    dims.set(axis, 0);
    for (int i = 0; i < count; i++) {
      List<Integer> part = new ArrayList<>(layout);
      part.set(axis, s.between(1, layout.get(axis)));
      parts.add(i != step && s.chance(3) ? constantPart(s, part) : s.value(part));
      dims.set(axis, dims.get(axis) + part.get(axis));
    }
    return s.node("Concat", parts, dims, attribute("axis", (long) s.axis(axis, layout.size())));
  }

  /** The same numbers at every step: expanded over steps and series, as a constant part must be. */
  private static Var constantPart(Scene s, List<Integer> layout) {
    List<Integer> one = layout.stream().map(d -> d < 0 ? 1 : d).toList();
    Var constant = s.constant(one);
    if (s.folded) {
      return constant;
    }
    List<Var> shape = new ArrayList<>();
    for (int dim : layout) {
      shape.add(dim < 0 ? extent(s, dim) : s.whole(dim));
    }
    Var target = s.concat(shape, 0);
    return s.node("Expand", List.of(constant, target), layout);
  }

  /** The number of series or of steps, as a vector of one. */
  static Var extent(Scene s, int dim) {
    Var shape = s.node("Shape", List.of(s.x()), List.of(3));
    int axis = s.x().dims().indexOf(dim);
    return s.random.nextBoolean()
        ? s.slice(shape, 0, axis, axis + 1)
        : s.node("Gather", List.of(shape, s.whole(axis)), List.of(1), attribute("axis", 0L));
  }

  private static Var split(Scene s) {
    Var x = s.value(s.layout(1, 3));
    int axis = s.pick(x.features());
    int size = x.dims().get(axis);
    int parts = s.between(1, size);
    boolean counted = s.opset >= 18 && s.random.nextBoolean();
    boolean even = counted || (s.opset < 18 && size % parts == 0 && s.random.nextBoolean());
    int[] sizes = new int[parts];
    if (even) {
      int each = (size + parts - 1) / parts;
      Arrays.setAll(sizes, i -> Math.min(each, size - i * each));
      if (sizes[parts - 1] <= 0) {
        return split(s); // the specification has no word on parts that would be empty
      }
    } else {
      Arrays.fill(sizes, 1);
      for (int i = parts; i < size; i++) {
        sizes[s.random.nextInt(parts)]++;
      }
    }
    List<Var> outputs = new ArrayList<>();
    for (int part : sizes) {
      List<Integer> dims = new ArrayList<>(x.dims());
      dims.set(axis, part);
      outputs.add(new Var(s.fresh(), dims));
    }
    List<AttributeProto> attributes = new ArrayList<>();
    if (axis != 0 || s.random.nextBoolean()) {
      attributes.add(attribute("axis", (long) s.axis(axis, x.rank())));
    }
    String inputs = x.name();
    long[] given = IntStream.of(sizes).asLongStream().toArray();
    if (counted) {
      attributes.add(attribute("num_outputs", (long) parts));
    } else if (!even && s.opset >= 13) {
      inputs += "," + s.whole(given).name();
    } else if (!even) {
      attributes.add(list("split", given));
    }
    s.graph.node(
        "Split",
        "split",
        inputs,
        String.join(",", outputs.stream().map(Var::name).toList()),
        attributes.toArray(AttributeProto[]::new));
    Collections.shuffle(outputs, s.random);
    return s.concat(outputs.subList(0, s.between(1, parts)), axis);
  }

  /** Parts of features, everything of steps and series. */
  private static Var slice(Scene s) {
    Var x = s.value(s.layout(1, 3));
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (s.random.nextBoolean()) {
        axes.add(i);
      }
    }
    if (axes.isEmpty()) {
      axes.add(s.pick(x.features()));
    }
    boolean allInOrder = axes.size() == x.rank() && s.random.nextBoolean();
    if (!allInOrder) {
      Collections.shuffle(axes, s.random);
    }
    List<Integer> dims = new ArrayList<>(x.dims());
    int n = axes.size();
    long[] starts = new long[n];
    long[] ends = new long[n];
    long[] steps = new long[n];
    for (int i = 0; i < n; i++) {
      int dim = x.dims().get(axes.get(i));
      steps[i] = 1;
      if (dim < 0) {
        ends[i] = s.pick(List.of((long) Integer.MAX_VALUE, Long.MAX_VALUE)); // as exporters do
        continue;
      }
      int from = s.random.nextInt(dim);
      int count = s.between(1, dim - from);
      int step = s.opset >= 10 ? s.between(1, 3) : 1;
      boolean backwards = s.opset >= 10 && s.chance(4);
      int taken = (count + step - 1) / step;
      dims.set(axes.get(i), taken);
      steps[i] = backwards ? -step : step;
      int last = from + (taken - 1) * step;
      starts[i] = backwards ? last : from;
      long end = backwards ? from - 1 : from + count;
      boolean open = backwards ? from == 0 : end == dim;
      // An end past the first element can only be written by going far below.
      ends[i] = backwards && open ? -1000 : open && s.chance(3) ? 1000 : end;
      if (s.random.nextBoolean()) {
        starts[i] -= dim;
      }
      if (ends[i] > 0 && ends[i] < dim && s.random.nextBoolean()) {
        ends[i] -= dim;
      }
    }
    long[] counted = axes.stream().mapToLong(axis -> s.axis(axis, x.rank())).toArray();
    if (s.opset < 10) {
      AttributeProto from = list("starts", starts);
      AttributeProto to = list("ends", ends);
      return allInOrder
          ? s.node("Slice", List.of(x), dims, from, to)
          : s.node("Slice", List.of(x), dims, from, to, list("axes", counted));
    }
    List<Var> operands = new ArrayList<>(List.of(x, s.whole(starts), s.whole(ends)));
    boolean ones = Arrays.stream(steps).allMatch(step -> step == 1);
    if (!allInOrder || !ones) {
      operands.add(s.whole(counted));
    }
    if (!ones || (!allInOrder && s.random.nextBoolean())) {
      operands.add(s.whole(steps));
    }
    return s.node("Slice", operands, dims);
  }

  /** Slice or Gather of the last step, behind the layer. */
  private static Var lastStep(Scene s) {
    Var x = s.value(s.layout(1, 2));
    if (s.source() == Source.BEFORE || s.source().isLast()) {
      return x; // not yet known to be steps, or no more
    }
    return s.lastStep(x);
  }

  private static Var gather(Scene s) {
    Var x = s.value(s.layout(1, 3));
    int axis = s.pick(x.features());
    List<Integer> indexDims = s.pick(List.of(List.of(), List.of(1), List.of(3), List.of(2, 2)));
    int size = x.dims().get(axis);
    TensorProto.Builder indices =
        TensorProto.newBuilder().setName(s.fresh()).setDataType(DataType.INT64_VALUE);
    indexDims.forEach(indices::addDims);
    for (int i = 0; i < Scene.count(indexDims); i++) {
      indices.addInt64Data(s.axis(s.random.nextInt(size), size));
    }
    s.graph.initializer(indices.build());
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.remove(axis);
    dims.addAll(axis, indexDims);
    return s.node(
        "Gather",
        x.name() + "," + indices.getName(),
        dims,
        axis == 0 && s.random.nextBoolean()
            ? NONE
            : new AttributeProto[] {attribute("axis", (long) s.axis(axis, x.rank()))});
  }

  /** A row of a table for each of the input's numbers. */
  private static Var embedding(Scene s) {
    Var x = s.value(s.around(List.of(s.between(1, 3)), false));
    Var size = s.floats(new float[] {2}, List.of());
    Var tokens = s.node("Add", List.of(x, size), x.dims()); // quarters from 0 to 4
    Var whole =
        s.node(
            "Cast",
            List.of(tokens),
            x.dims(),
            attribute("to", s.pick(List.of(6L, 7L)))); // INT32, INT64
    int width = s.between(1, 4);
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.add(width);
    return s.node("Gather", List.of(s.constant(List.of(5, width)), whole), dims);
  }
}
