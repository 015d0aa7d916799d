package io.unroll.model.onnx;

import static io.unroll.model.onnx.OperatorCase.QUARTERS;
import static io.unroll.model.onnx.OperatorCase.exact;
import static io.unroll.model.onnx.OperatorCase.jumps;
import static io.unroll.model.onnx.TestGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.onnx.Scene.Domain;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Operators on whole numbers, computed per step or constants. */
final class WholeCases {
  private static final Domain FIVE = new Domain(-5.75, 5.75, true);

  private WholeCases() {}

  static void addTo(BiConsumer<String, OperatorCase> table) {
    table.accept("Cast", exact(9, QUARTERS, WholeCases::castOfOtherTypes).constantsOnly());
    table.accept("Neg", jumps(7, FIVE, s -> unary(s, "Neg")));
    table.accept("Abs", jumps(7, FIVE, s -> unary(s, "Abs")));
    table.accept("Sign", jumps(9, FIVE, s -> unary(s, "Sign")));
    for (String op : List.of("Add", "Sub", "Mul", "Div", "Equal")) {
      table.accept(op, jumps(7, FIVE, s -> binary(s, op)));
    }
    for (String op : List.of("Less", "Greater")) {
      table.accept(op, jumps(9, FIVE, s -> binary(s, op)));
    }
    table.accept("Mod", jumps(10, FIVE, s -> binary(s, "Mod")));
    for (String op : List.of("Min", "Max", "LessOrEqual", "GreaterOrEqual")) {
      table.accept(op, jumps(12, FIVE, s -> binary(s, op)));
    }
    table.accept("Where", jumps(9, FIVE, WholeCases::where));
    for (String op : List.of("ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin")) {
      table.accept(op, jumps(13, FIVE, s -> reduce(s, op)));
    }
    table.accept("Gather", jumps(7, FIVE, WholeCases::gather).stepsOnly());
    table.accept("OneHot", jumps(9, FIVE, WholeCases::oneHot));
  }

  /** Truncated from x, or constants. */
  private static Var whole(Scene s, List<Integer> layout) {
    if (s.folded) {
      return constant(s, layout, false);
    }
    Var x = s.value(layout);
    return s.node("Cast", List.of(x), x.dims(), attribute("to", (long) DataType.INT64_VALUE));
  }

  private static Var constant(Scene s, List<Integer> dims, boolean notZero) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(s.fresh()).setDataType(DataType.INT64_VALUE);
    dims.forEach(tensor::addDims);
    for (int i = 0; i < Scene.count(dims); i++) {
      int value = s.between(-5, 5);
      tensor.addInt64Data(notZero && value == 0 ? 1 : value);
    }
    s.graph.initializer(tensor.build());
    return new Var(tensor.getName(), dims);
  }

  private static Var unary(Scene s, String op) {
    Var x = whole(s, s.layout(0, 3));
    return s.toFloat(s.node(op, List.of(x), x.dims()));
  }

  private static Var binary(Scene s, String op) {
    List<Integer> layout = s.layout(0, 3);
    boolean divides = op.equals("Div") || op.equals("Mod"); // by constants that are not 0
    Var a = whole(s, ElementwiseCases.shrunk(s, layout, false));
    Var b =
        divides || s.random.nextBoolean()
            ? constant(s, ElementwiseCases.shrunk(s, layout, true), divides)
            : whole(s, ElementwiseCases.shrunk(s, layout, false));
    boolean turned = !divides && s.random.nextBoolean();
    List<Var> operands = turned ? List.of(b, a) : List.of(a, b);
    return s.toFloat(s.node(op, operands, ElementwiseCases.broadcast(operands)));
  }

  private static Var where(Scene s) {
    List<Integer> layout = s.layout(0, 2);
    List<Var> operands =
        List.of(
            s.random.nextBoolean()
                ? ElementwiseCases.truth(s, layout)
                : ElementwiseCases.truths(s, ElementwiseCases.shrunk(s, layout, true), true),
            whole(s, ElementwiseCases.shrunk(s, layout, false)),
            constant(s, ElementwiseCases.shrunk(s, layout, true), false));
    return s.toFloat(s.node("Where", operands, ElementwiseCases.broadcast(operands)));
  }

  private static Var reduce(Scene s, String op) {
    Var x = whole(s, s.layout(1, 2));
    int axis = s.pick(x.features());
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.remove(axis);
    int inputFrom = op.equals("ReduceSum") ? 13 : 18;
    long[] axes = {s.axis(axis, x.rank())};
    return s.toFloat(s.withAxes(op, inputFrom, x, "axes", axes, dims, attribute("keepdims", 0L)));
  }

  /** A table of floats by what is computed: 0 to 5. */
  private static Var gather(Scene s) {
    Var x = whole(s, s.layout(0, 2));
    Var place = s.node("Abs", List.of(x), x.dims());
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.add(3);
    return s.node("Gather", List.of(s.constant(List.of(6, 3)), place), dims);
  }

  /** Of -5 to 5, of which some have no place. */
  private static Var oneHot(Scene s) {
    Var x = whole(s, s.layout(1, 2));
    int depth = s.between(1, 7);
    List<Integer> dims = new ArrayList<>(x.dims());
    int axis = s.between(0, x.rank());
    dims.add(axis, depth);
    List<Var> operands = List.of(x, s.whole(depth), s.constant(List.of(2)));
    boolean last = axis == x.rank() && s.random.nextBoolean();
    return last
        ? s.node("OneHot", operands, dims)
        : s.node("OneHot", operands, dims, attribute("axis", s.axis(axis, x.rank() + 1)));
  }

  /** Constants as files hold them. */
  private static Var castOfOtherTypes(Scene s) {
    List<Integer> dims = s.features(0, 3);
    int type =
        s.pick(
            DataType.DOUBLE_VALUE,
            DataType.FLOAT16_VALUE,
            DataType.INT32_VALUE,
            DataType.INT8_VALUE,
            DataType.UINT8_VALUE);
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(s.fresh()).setDataType(type);
    dims.forEach(tensor::addDims);
    for (int i = 0; i < Scene.count(dims); i++) {
      switch (type) {
        case DataType.DOUBLE_VALUE -> tensor.addDoubleData(s.random.nextGaussian());
        case DataType.FLOAT16_VALUE -> tensor.addInt32Data(s.random.nextInt(0x7c00)); // finite
        default -> tensor.addInt32Data(s.random.nextInt(100));
      }
    }
    s.graph.initializer(tensor.build());
    return s.toFloat(new Var(tensor.getName(), dims));
  }
}
