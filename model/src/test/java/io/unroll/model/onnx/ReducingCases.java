package io.unroll.model.onnx;

import static io.unroll.model.onnx.OperatorCase.AROUND_ZERO;
import static io.unroll.model.onnx.OperatorCase.POSITIVE;
import static io.unroll.model.onnx.OperatorCase.QUARTERS;
import static io.unroll.model.onnx.OperatorCase.WIDE;
import static io.unroll.model.onnx.OperatorCase.close;
import static io.unroll.model.onnx.OperatorCase.exact;
import static io.unroll.model.onnx.OperatorCase.jumps;
import static io.unroll.model.onnx.Scene.BATCH;
import static io.unroll.model.onnx.Scene.TIME;
import static io.unroll.model.onnx.TestGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.unroll.model.onnx.OperatorCase.Maker;
import io.unroll.model.onnx.Scene.Domain;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Operators that sum, compare or normalise along features. */
final class ReducingCases {
  /** Five numbers, so that the highest of a few is often there twice. */
  private static final Domain FEW = new Domain(-0.5, 0.5, true);

  private ReducingCases() {}

  static void addTo(BiConsumer<String, OperatorCase> table) {
    table.accept("MatMul", close(7, AROUND_ZERO, ReducingCases::matMul));
    table.accept("Gemm", close(7, AROUND_ZERO, ReducingCases::gemm));
    table.accept("Softmax", close(7, WIDE, s -> softmax(s, "Softmax")));
    table.accept("LogSoftmax", close(7, WIDE, s -> softmax(s, "LogSoftmax")));
    table.accept("LayerNormalization", close(17, QUARTERS, ReducingCases::layerNormalization));
    table.accept("BatchNormalization", close(7, WIDE, ReducingCases::batchNormalization));
    for (String op : List.of("ReduceMean", "ReduceSum", "ReduceSumSquare", "ReduceL1")) {
      table.accept(op, close(7, AROUND_ZERO, reduce(op)));
    }
    for (String op : List.of("ReduceProd", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp")) {
      table.accept(op, close(7, POSITIVE, reduce(op)));
    }
    for (String op : List.of("ReduceMax", "ReduceMin")) {
      table.accept(op, exact(7, WIDE, reduce(op)));
    }
    for (String op : List.of("ArgMax", "ArgMin")) {
      table.accept(op, jumps(7, FEW, s -> arg(s, op)));
    }
  }

  /** With one more feature axis at the end. */
  private static List<Integer> ending(List<Integer> layout, int last) {
    List<Integer> dims = new ArrayList<>(layout);
    dims.add(last);
    return dims;
  }

  private static Var matMul(Scene s) {
    int inputs = s.between(1, 4);
    List<Integer> layout =
        s.folded
            ? List.of(s.between(1, 3), inputs)
            : ending(
                s.around(s.pick(List.of(List.of(), List.of(2), List.of(3))), s.chance(3)), inputs);
    Var x = s.value(layout);
    List<Integer> dims = new ArrayList<>(layout);
    if (s.chance(4)) {
      dims.remove(dims.size() - 1);
      return s.node("MatMul", List.of(x, s.constant(List.of(inputs))), dims);
    }
    int outputs = s.between(1, 5);
    dims.set(dims.size() - 1, outputs);
    List<Integer> weights =
        s.folded || s.random.nextBoolean() ? List.of(inputs, outputs) : List.of(1, inputs, outputs);
    if (weights.size() > layout.size()) {
      dims.add(0, 1);
    }
    return s.node("MatMul", List.of(x, s.constant(weights)), dims);
  }

  private static Var gemm(Scene s) {
    int inputs = s.between(1, 4);
    int outputs = s.between(1, 5);
    boolean transB = s.random.nextBoolean();
    boolean transA = s.folded && s.random.nextBoolean();
    List<AttributeProto> attributes = new ArrayList<>();
    if (transB || s.random.nextBoolean()) {
      attributes.add(attribute("transB", transB ? 1L : 0L));
    }
    if (transA) {
      attributes.add(attribute("transA", 1L));
    }
    if (s.random.nextBoolean()) {
      attributes.add(attribute("alpha", s.pick(List.of(0.5f, 2f, -1f))));
    }
    if (s.random.nextBoolean()) {
      attributes.add(attribute("beta", s.pick(List.of(0f, 0.5f, 2f))));
    }
    Var weights = s.constant(transB ? List.of(outputs, inputs) : List.of(inputs, outputs));
    AttributeProto[] given = attributes.toArray(AttributeProto[]::new);
    if (s.folded) {
      int rows = s.between(1, 3);
      Var a = s.constant(transA ? List.of(inputs, rows) : List.of(rows, inputs));
      List<Var> operands = new ArrayList<>(List.of(a, weights));
      bias(s, operands, outputs);
      return s.node("Gemm", operands, List.of(rows, outputs), given);
    }
    Var x = s.value(s.around(List.of(inputs), false));
    List<Integer> outer = x.dims().subList(0, x.rank() - 1);
    Var rows = x;
    @Nullable Var shape = null;
    if (x.rank() == 3) { // steps and series are merged to rows, as exporters do
      shape = s.node("Shape", List.of(x), List.of(3));
      rows = s.node("Reshape", List.of(x, s.whole(-1, inputs)), List.of(BATCH, inputs));
    }
    List<Var> operands = new ArrayList<>(List.of(rows, weights));
    bias(s, operands, outputs);
    Var y = s.node("Gemm", operands, List.of(BATCH, outputs), given);
    if (shape == null) {
      return y;
    }
    Var outerShape = s.slice(shape, 0, 0, 2);
    Var target = s.concat(List.of(outerShape, s.whole(outputs)), 0);
    return s.node("Reshape", List.of(y, target), ending(outer, outputs));
  }

  /** C, which could be left out from operator set 11 on. */
  private static void bias(Scene s, List<Var> operands, int outputs) {
    if (s.opset < 11 || !s.chance(3)) {
      operands.add(
          s.constant(
              s.pick(
                  List.of(
                      List.of(outputs),
                      List.of(1, outputs),
                      List.of(1),
                      List.of(1, 1),
                      List.of()))));
    }
  }

  /** One axis from operator set 13 on, all from that axis on below. */
  private static Var softmax(Scene s, String op) {
    List<Integer> features = s.features(1, 3);
    boolean flattens = s.opset < 13;
    Var x = s.value(s.around(features, !flattens && s.chance(2)));
    int axis = s.pick(x.features());
    int otherwise = flattens ? 1 : x.rank() - 1;
    boolean left = axis == otherwise && s.random.nextBoolean();
    AttributeProto[] attributes =
        left
            ? new AttributeProto[0]
            : new AttributeProto[] {attribute("axis", (long) s.axis(axis, x.rank()))};
    return s.node(op, List.of(x), x.dims(), attributes);
  }

  private static Var layerNormalization(Scene s) {
    List<Integer> features = s.features(1, 3);
    Var x = s.value(s.around(features, false));
    int from = s.random.nextInt(features.size());
    int axis = x.rank() - features.size() + from;
    List<Integer> normalized = features.subList(from, features.size());
    List<Var> operands = new ArrayList<>(List.of(x, s.constant(normalized)));
    if (s.random.nextBoolean()) {
      operands.add(s.constant(normalized));
    }
    List<AttributeProto> attributes = new ArrayList<>();
    if (axis != x.rank() - 1 || s.random.nextBoolean()) {
      attributes.add(attribute("axis", (long) s.axis(axis, x.rank())));
    }
    // Behind the layer a small variance would blow up the last bits in which its outputs differ.
    if (!s.source().isInput() || s.random.nextBoolean()) {
      attributes.add(attribute("epsilon", s.pick(List.of(0.02f, 0.5f))));
    }
    return s.node(
        "LayerNormalization", operands, x.dims(), attributes.toArray(AttributeProto[]::new));
  }

  private static Var batchNormalization(Scene s) {
    int channels = s.between(1, 6);
    List<Integer> layout = new ArrayList<>();
    if (s.folded) {
      layout.addAll(List.of(s.between(1, 3), channels, 2));
    } else {
      List<Integer> more = s.source().isLast() ? List.of() : List.of(TIME);
      layout.add(BATCH);
      layout.addAll(more);
      Collections.shuffle(layout, s.random);
      layout.add(1, channels);
      if (s.chance(3)) {
        layout.add(2);
      }
    }
    Var x = s.value(layout);
    List<Integer> each = List.of(channels);
    float[] scale = new float[channels];
    float[] variance = new float[channels];
    for (int i = 0; i < channels; i++) {
      // Above 1 it would enlarge what the two layers' outputs differ by.
      scale[i] = s.random.nextFloat() * 2 - 1;
      variance[i] = 0.3f + s.random.nextFloat() * 2;
    }
    List<Var> operands =
        List.of(
            x, s.floats(scale, each), s.constant(each), s.constant(each), s.floats(variance, each));
    return s.node(
        "BatchNormalization",
        operands,
        x.dims(),
        s.random.nextBoolean()
            ? new AttributeProto[0]
            : new AttributeProto[] {attribute("epsilon", 0.01f), attribute("momentum", 0.5f)});
  }

  /** Axes as an attribute, as an input from operator set 13 (sums) or 18 on; all, or none. */
  private static Maker reduce(String op) {
    int inputFrom = op.equals("ReduceSum") ? 13 : 18;
    return s -> {
      Var x = s.value(s.layout(1, 3));
      boolean keep = s.random.nextBoolean();
      List<AttributeProto> attributes = new ArrayList<>();
      if (!keep || s.random.nextBoolean()) {
        attributes.add(attribute("keepdims", keep ? 1L : 0L));
      }
      boolean none = s.opset >= inputFrom && s.chance(6);
      if (none) {
        attributes.add(attribute("noop_with_empty_axes", 1L));
        return s.node(op, List.of(x), x.dims(), attributes.toArray(AttributeProto[]::new));
      }
      List<Integer> axes = new ArrayList<>();
      for (int axis : x.features()) {
        if (s.random.nextBoolean()) {
          axes.add(axis);
        }
      }
      if (axes.isEmpty()) {
        axes.add(s.pick(x.features()));
      }
      Collections.shuffle(axes, s.random);
      List<Integer> dims = new ArrayList<>(x.dims());
      axes.forEach(axis -> dims.set(axis, 1));
      if (!keep) {
        axes.stream().sorted((a, b) -> b - a).forEach(axis -> dims.remove((int) axis));
      }
      AttributeProto[] given = attributes.toArray(AttributeProto[]::new);
      if (s.folded && axes.size() == x.rank() && s.random.nextBoolean()) {
        return s.node(op, List.of(x), dims, given); // no axes: all
      }
      long[] counted = axes.stream().mapToLong(axis -> s.axis(axis, x.rank())).toArray();
      return s.withAxes(op, inputFrom, x, "axes", counted, dims, given);
    };
  }

  /** The first or the last of the highest, as a number. */
  private static Var arg(Scene s, String op) {
    Var x = s.value(s.layout(1, 3));
    int axis = s.pick(x.features());
    boolean keep = s.random.nextBoolean();
    List<AttributeProto> attributes = new ArrayList<>();
    if (axis != 0 || s.random.nextBoolean()) {
      attributes.add(attribute("axis", (long) s.axis(axis, x.rank())));
    }
    if (!keep || s.random.nextBoolean()) {
      attributes.add(attribute("keepdims", keep ? 1L : 0L));
    }
    if (s.opset >= 12 && s.random.nextBoolean()) {
      attributes.add(attribute("select_last_index", (long) s.random.nextInt(2)));
    }
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.set(axis, 1);
    if (!keep) {
      dims.remove(axis);
    }
    return s.toFloat(s.node(op, List.of(x), dims, attributes.toArray(AttributeProto[]::new)));
  }
}
