package io.unroll.model.onnx;

import static io.unroll.model.onnx.OperatorCase.WIDE;
import static io.unroll.model.onnx.OperatorCase.exact;
import static io.unroll.model.onnx.Scene.BATCH;
import static io.unroll.model.onnx.Scene.TIME;
import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Operators that move values about. */
final class RearrangingCases {
  private static final AttributeProto[] NONE = {};

  private RearrangingCases() {}

  static void addTo(BiConsumer<String, OperatorCase> table) {
    table.accept("Transpose", exact(7, WIDE, RearrangingCases::transpose));
    table.accept("Squeeze", exact(7, WIDE, RearrangingCases::squeeze));
    table.accept("Unsqueeze", exact(7, WIDE, RearrangingCases::unsqueeze));
    table.accept("Reshape", exact(7, WIDE, RearrangingCases::reshape));
    table.accept("Reshape", exact(7, WIDE, RearrangingCases::reshapeThroughRows).stepsOnly());
    table.accept("Flatten", exact(7, WIDE, RearrangingCases::flatten));
    table.accept("Expand", exact(8, WIDE, RearrangingCases::expand));
    table.accept("Tile", exact(7, WIDE, RearrangingCases::tile));
  }

  private static Var transpose(Scene s) {
    Var x = s.any();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      order.add(x.rank() - 1 - i);
    }
    boolean reversed = s.chance(4);
    if (!reversed) {
      Collections.shuffle(order, s.random);
    }
    List<Integer> dims = order.stream().map(i -> x.dims().get(i)).toList();
    return s.node(
        "Transpose",
        List.of(x),
        dims,
        reversed
            ? NONE
            : new AttributeProto[] {
              list("perm", order.stream().mapToLong(Integer::longValue).toArray())
            });
  }

  private static Var squeeze(Scene s) {
    List<Integer> features = new ArrayList<>(s.features(0, 2));
    features.add(s.random.nextInt(features.size() + 1), 1);
    Var x = s.value(s.around(features, s.random.nextBoolean()));
    List<Integer> ones = x.features().stream().filter(i -> x.dims().get(i) == 1).toList();
    List<Integer> axes = new ArrayList<>(ones);
    boolean all = s.chance(3);
    if (!all) {
      Collections.shuffle(axes, s.random);
      axes = axes.subList(0, s.between(1, axes.size()));
    }
    List<Integer> dims = new ArrayList<>(x.dims());
    axes.stream().sorted((a, b) -> b - a).forEach(axis -> dims.remove((int) axis));
    if (all) {
      return s.node("Squeeze", List.of(x), dims);
    }
    if (s.opset < 13) {
      // ONNX Runtime 1.29 infers other extents than it computes when these are not in order:
      // "Can't merge shape info. Both inferred and declared dimension have values but they differ".
      Collections.sort(axes);
    }
    long[] given = axes.stream().mapToLong(axis -> s.axis(axis, x.rank())).toArray();
    return s.withAxes("Squeeze", 13, x, "axes", given, dims);
  }

  private static Var unsqueeze(Scene s) {
    Var x = s.value(s.layout(0, 2));
    int count = s.between(1, 2);
    int rank = x.rank() + count;
    List<Integer> places = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.shuffle(places, s.random);
    List<Integer> axes = places.subList(0, count);
    List<Integer> dims = new ArrayList<>(x.dims());
    axes.stream().sorted().forEach(axis -> dims.add(axis, 1));
    long[] given = axes.stream().mapToLong(axis -> s.axis(axis, rank)).toArray();
    return s.withAxes("Unsqueeze", 13, x, "axes", given, dims);
  }

  /** Other extents of the same features, with 0 and -1 where they can stand. */
  private static Var reshape(Scene s) {
    List<Integer> features = s.features(0, 3);
    Var x = s.value(s.around(features, false));
    int outer = x.rank() - features.size();
    int left = Scene.count(features);
    List<Integer> dims = new ArrayList<>(x.dims().subList(0, outer));
    while (left > 1 || s.chance(3)) {
      int size = s.between(1, left);
      if (left % size == 0) {
        dims.add(size);
        left /= size;
      }
    }
    long[] shape = new long[dims.size()];
    for (int i = 0; i < shape.length; i++) {
      boolean same = i < x.rank() && x.dims().get(i).equals(dims.get(i));
      shape[i] = i < outer || (same && s.random.nextBoolean()) ? 0 : dims.get(i);
    }
    if (shape.length > 0 && s.random.nextBoolean()) {
      shape[s.random.nextInt(shape.length)] = -1;
    }
    AttributeProto[] attributes =
        s.opset >= 14 && s.random.nextBoolean()
            ? new AttributeProto[] {attribute("allowzero", 0L)}
            : NONE;
    return s.node("Reshape", List.of(x, s.whole(shape)), dims, attributes);
  }

  /** Steps and series merged to rows, and parted again. */
  private static Var reshapeThroughRows(Scene s) {
    List<Integer> features = s.features(1, 2);
    Var x = s.value(s.around(features, false));
    Var rows = s.node("Reshape", List.of(x, s.whole(-1, Scene.count(features))), List.of(BATCH, 1));
    Var shape = s.node("Shape", List.of(x), List.of(x.rank()));
    return s.node("Reshape", List.of(rows, shape), x.dims());
  }

  /** Flatten, and back when steps or series were merged. */
  private static Var flatten(Scene s) {
    Var x = s.value(s.layout(0, 3));
    if (x.rank() == 0) {
      x = s.constant(List.of(3)); // a scalar has no axis 1
    }
    int axis = s.between(0, x.rank());
    List<Integer> front = x.dims().subList(0, axis);
    List<Integer> back = x.dims().subList(axis, x.rank());
    AttributeProto[] attributes =
        axis == 1 && s.random.nextBoolean()
            ? NONE
            : new AttributeProto[] {
              attribute("axis", (long) (axis < x.rank() ? s.axis(axis, x.rank()) : axis))
            };
    Var flat = s.node("Flatten", List.of(x), List.of(BATCH, 1), attributes);
    if (front.contains(TIME)
        || back.contains(TIME)
        || front.contains(BATCH)
        || back.contains(BATCH)) {
      Var shape = s.node("Shape", List.of(x), List.of(x.rank()));
      return s.node("Reshape", List.of(flat, shape), x.dims());
    }
    return new Var(flat.name(), List.of(Scene.count(front), Scene.count(back)));
  }

  /** Features of 1 repeat; the target may have fewer axes than the value, or more. */
  private static Var expand(Scene s) {
    List<Integer> features = new ArrayList<>(s.features(0, 2));
    features.add(s.random.nextInt(features.size() + 1), 1);
    Var x = s.value(s.around(features, s.random.nextBoolean()));
    List<Integer> dims = new ArrayList<>(x.dims());
    for (int axis : x.features()) {
      if (dims.get(axis) == 1 && s.random.nextBoolean()) {
        dims.set(axis, s.between(2, 4));
      }
    }
    List<Long> target = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      boolean same = dims.get(i).equals(x.dims().get(i));
      target.add(dims.get(i) < 0 || (same && s.random.nextBoolean()) ? 1L : dims.get(i));
    }
    while (!target.isEmpty() && target.get(0) == 1 && s.random.nextBoolean()) {
      target.remove(0);
    }
    if (target.size() == dims.size() && s.chance(4)) {
      target.add(0, 2L);
      dims.add(0, 2);
    }
    if (target.isEmpty()) {
      target.add(1L);
    }
    long[] shape = target.stream().mapToLong(Long::longValue).toArray();
    return s.node("Expand", List.of(x, s.whole(shape)), dims);
  }

  private static Var tile(Scene s) {
    Var x = s.value(s.layout(1, 3));
    List<Integer> dims = new ArrayList<>(x.dims());
    long[] repeats = new long[x.rank()];
    Arrays.fill(repeats, 1);
    for (int axis : x.features()) {
      repeats[axis] = s.pick(1, 1, 2, 3);
      dims.set(axis, (int) (dims.get(axis) * repeats[axis]));
    }
    return s.node("Tile", List.of(x, s.whole(repeats)), dims);
  }
}
