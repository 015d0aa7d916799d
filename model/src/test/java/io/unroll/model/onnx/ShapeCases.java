package io.unroll.model.onnx;

import static io.unroll.model.onnx.OperatorCase.AROUND_ZERO;
import static io.unroll.model.onnx.OperatorCase.WIDE;
import static io.unroll.model.onnx.OperatorCase.close;
import static io.unroll.model.onnx.OperatorCase.exact;
import static io.unroll.model.onnx.Scene.BATCH;
import static io.unroll.model.onnx.Scene.TIME;
import static io.unroll.model.onnx.TestGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.onnx.Scene.Source;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Operators on constants, in what exporters write with them: shapes that arrange batch and time,
 * and states' starts; and the recurrent operators, with such starts.
 */
final class ShapeCases {
  private ShapeCases() {}

  static void addTo(BiConsumer<String, OperatorCase> table) {
    table.accept("Shape", exact(7, WIDE, ShapeCases::shape).stepsOnly());
    table.accept("Shape", exact(7, WIDE, ShapeCases::shapeOfConstant).constantsOnly());
    table.accept("Size", exact(7, WIDE, ShapeCases::size));
    table.accept("Constant", exact(7, WIDE, ShapeCases::constant));
    table.accept("ConstantOfShape", exact(9, WIDE, ShapeCases::filled).constantsOnly());
    table.accept("ConstantOfShape", close(9, AROUND_ZERO, s -> startedBy(s, true)).stepsOnly());
    table.accept("Range", exact(11, WIDE, ShapeCases::rangeOfFeatures));
    table.accept("Range", exact(11, WIDE, ShapeCases::rangeOfSteps).stepsOnly());
    table.accept("Range", exact(11, WIDE, ShapeCases::range).constantsOnly());
    table.accept("Expand", close(8, AROUND_ZERO, s -> startedBy(s, false)).stepsOnly());
    for (String op : List.of("RNN", "LSTM", "GRU")) {
      table.accept(op, close(7, AROUND_ZERO, s -> recurrent(s, op, null)).stepsOnly());
    }
  }

  // ---- Shape ----

  /** x reshaped to its own outer extents, which are read from its shape. */
  private static Var shape(Scene s) {
    List<Integer> features = s.features(1, 3);
    Var x = s.value(s.around(features, false));
    int outer = x.rank() - features.size();
    Var extents;
    if (s.opset >= 15 && s.random.nextBoolean()) {
      boolean negative = s.random.nextBoolean();
      List<AttributeProto> attributes =
          new ArrayList<>(List.of(attribute("end", (long) (negative ? outer - x.rank() : outer))));
      if (s.random.nextBoolean()) {
        attributes.add(attribute("start", 0L));
      }
      extents =
          s.node("Shape", List.of(x), List.of(outer), attributes.toArray(AttributeProto[]::new));
    } else {
      Var all = s.node("Shape", List.of(x), List.of(x.rank()));
      extents = s.slice(all, 0, 0, outer);
    }
    Var target = s.concat(List.of(extents, s.whole(-1)), 0);
    List<Integer> dims = new ArrayList<>(x.dims().subList(0, outer));
    dims.add(Scene.count(features));
    return s.node("Reshape", List.of(x, target), dims);
  }

  private static Var shapeOfConstant(Scene s) {
    Var x = s.constant(s.features(1, 4));
    return s.toFloat(s.node("Shape", List.of(x), List.of(x.rank())));
  }

  /** One axis of as many features as there are, whatever the others: those of one series' step. */
  private static Var size(Scene s) {
    Var x = s.value(s.layout(1, 3));
    Var constant = s.constant(x.dims().stream().filter(d -> d >= 0).toList());
    Var size = s.node("Size", List.of(constant), List.of());
    return s.node("Add", List.of(x, s.toFloat(size)), x.dims());
  }

  // ---- Constant, ConstantOfShape ----

  /** Added to a value, in each of its spellings. */
  private static Var constant(Scene s) {
    Var x = s.value(s.around(List.of(s.between(1, 4)), false));
    float[] values = s.numbers(x.dims().get(x.rank() - 1));
    AttributeProto value;
    List<Integer> dims = List.of(values.length);
    switch (s.opset >= 12 ? s.random.nextInt(4) : 0) {
      case 1 -> {
        AttributeProto.Builder list =
            AttributeProto.newBuilder()
                .setName("value_floats")
                .setType(AttributeProto.AttributeType.FLOATS);
        for (float f : values) {
          list.addFloats(f);
        }
        value = list.build();
      }
      case 2 -> {
        value = attribute("value_float", values[0]);
        dims = List.of();
      }
      case 3 -> {
        Var whole = s.node("Constant", "", List.of(), attribute("value_int", 3L));
        Var three = s.toFloat(whole);
        return s.node("Add", List.of(x, three), x.dims());
      }
      default -> value = tensor("value", values, values.length);
    }
    Var constant = s.node("Constant", "", dims, value);
    return s.node("Add", List.of(x, constant), x.dims());
  }

  private static AttributeProto tensor(String name, float[] values, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE);
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.TENSOR)
        .setT(tensor)
        .build();
  }

  private static Var filled(Scene s) {
    List<Integer> dims = s.features(1, 3);
    Var shape = s.whole(dims.stream().mapToLong(i -> i).toArray());
    return s.node("ConstantOfShape", List.of(shape), dims, value(s));
  }

  private static AttributeProto[] value(Scene s) {
    return s.chance(3)
        ? new AttributeProto[0]
        : new AttributeProto[] {tensor("value", s.numbers(1), 1)};
  }

  // ---- Range ----

  private static Var range(Scene s) {
    long from = s.between(-5, 5);
    long step = s.pick(1, 2, 3, -1, -2);
    int count = s.between(1, 6);
    long limit = from + step * (count - 1) + (step > 0 ? 1 : -1);
    return s.toFloat(ranged(s, from, limit, step, count));
  }

  private static Var ranged(Scene s, long from, long limit, long step, int count) {
    return s.node(
        "Range",
        String.join(",", scalar(s, from), scalar(s, limit), scalar(s, step)),
        List.of(count));
  }

  private static String scalar(Scene s, long value) {
    String name = s.fresh();
    s.graph.scalar(name, value);
    return name;
  }

  /** Every other feature, or all backwards. */
  private static Var rangeOfFeatures(Scene s) {
    Var x = s.value(s.layout(1, 3));
    int axis = s.pick(x.features());
    int size = x.dims().get(axis);
    boolean backwards = s.random.nextBoolean();
    int step = backwards ? -1 : s.pick(1, 2);
    int count = backwards ? size : (size + step - 1) / step;
    Var range = ranged(s, backwards ? size - 1 : 0, backwards ? -1 : size, step, count);
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.set(axis, count);
    return s.node("Gather", List.of(x, range), dims, attribute("axis", (long) axis));
  }

  /** All steps in their order, counted in the graph. */
  private static Var rangeOfSteps(Scene s) {
    Var x = s.value(s.layout(0, 2));
    int axis = s.random.nextInt(x.rank());
    int dim = x.dims().get(axis);
    if (dim >= 0) {
      axis = x.dims().indexOf(BATCH);
    }
    Var shape = s.node("Shape", List.of(x), List.of(x.rank()));
    Var extent =
        s.node("Gather", shape.name() + "," + scalar(s, axis), List.of(), attribute("axis", 0L));
    Var range =
        s.node(
            "Range",
            String.join(",", scalar(s, 0), extent.name(), scalar(s, 1)),
            List.of(x.dims().get(axis)));
    return s.node("Gather", List.of(x, range), x.dims(), attribute("axis", (long) axis));
  }

  // ---- recurrent ----

  /** A state's start, the same for every series: filled, or expanded from a vector. */
  private static Var startedBy(Scene s, boolean filled) {
    String op = s.pick(List.of("RNN", "LSTM", "GRU"));
    return recurrent(
        s,
        op,
        neurons -> {
          Var one = s.whole(1);
          Var shape = s.concat(List.of(one, SelectingCases.extent(s, BATCH), s.whole(neurons)), 0);
          List<Integer> dims = List.of(1, BATCH, neurons);
          return filled
              ? s.node("ConstantOfShape", List.of(shape), dims, value(s))
              : s.node("Expand", List.of(s.constant(List.of(1, 1, neurons)), shape), dims);
        });
  }

  private interface Start {
    Var of(int neurons);
  }

  private static Var recurrent(Scene s, String op, @Nullable Start start) {
    if (s.source().isLast()) {
      return s.any(); // nothing to step along
    }
    int inputs = s.between(1, 4);
    int neurons = s.between(1, 5);
    int gates = op.equals("RNN") ? 1 : op.equals("LSTM") ? 4 : 3;
    Var x = s.value(List.of(TIME, BATCH, inputs));
    List<String> operands = new ArrayList<>();
    operands.add(x.name());
    operands.add(s.constant(List.of(1, gates * neurons, inputs)).name());
    operands.add(s.constant(List.of(1, gates * neurons, neurons)).name());
    operands.add(s.random.nextBoolean() ? s.constant(List.of(1, 2 * gates * neurons)).name() : "");
    operands.add("");
    operands.add(start == null ? "" : start.of(neurons).name());
    operands.add(
        op.equals("LSTM") && start != null && s.random.nextBoolean()
            ? start.of(neurons).name()
            : "");
    while (operands.get(operands.size() - 1).isEmpty()) {
      operands.remove(operands.size() - 1);
    }
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("hidden_size", (long) neurons));
    if (op.equals("GRU")) {
      attributes.add(attribute("linear_before_reset", (long) s.random.nextInt(2)));
    }
    String[] outputs = {s.fresh(), s.fresh(), s.fresh()};
    s.graph.node(
        op,
        "asked",
        String.join(",", operands),
        String.join(",", Arrays.copyOf(outputs, op.equals("LSTM") ? 3 : 2)),
        attributes.toArray(AttributeProto[]::new));
    int which = s.source() == Source.BEFORE ? 0 : s.random.nextInt(op.equals("LSTM") ? 3 : 2);
    return new Var(
        outputs[which], which == 0 ? List.of(TIME, 1, BATCH, neurons) : List.of(1, BATCH, neurons));
  }
}
