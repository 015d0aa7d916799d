package io.unroll.model.onnx;

import static io.unroll.model.onnx.OperatorCase.AROUND_ZERO;
import static io.unroll.model.onnx.OperatorCase.POSITIVE;
import static io.unroll.model.onnx.OperatorCase.QUARTERS;
import static io.unroll.model.onnx.OperatorCase.WIDE;
import static io.unroll.model.onnx.OperatorCase.close;
import static io.unroll.model.onnx.OperatorCase.exact;
import static io.unroll.model.onnx.OperatorCase.jumps;
import static io.unroll.model.onnx.TestGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.onnx.OperatorCase.Maker;
import io.unroll.model.onnx.Scene.Domain;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Operators that work value by value, broadcasting included. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void addTo(BiConsumer<String, OperatorCase> table) {
    exactOnes(table);
    curves(table);
    parametric(table);
    arithmetic(table);
    logic(table);
  }

  private static void exactOnes(BiConsumer<String, OperatorCase> table) {
    for (String op : List.of("Neg", "Abs", "Relu", "Identity")) {
      table.accept(op, exact(7, WIDE, unary(op)));
    }
    for (String op : List.of("Floor", "Ceil", "Sign")) {
      table.accept(op, jumps(9, QUARTERS, unary(op)));
    }
    table.accept("Round", jumps(11, QUARTERS, unary("Round")));
    table.accept("Dropout", exact(7, WIDE, ElementwiseCases::dropout));
    table.accept("Cast", exact(7, WIDE, ElementwiseCases::castToFloat));
    table.accept("Cast", jumps(9, QUARTERS, ElementwiseCases::castAndBack));
    table.accept("CastLike", jumps(15, QUARTERS, ElementwiseCases::castLike));
  }

  private static void curves(BiConsumer<String, OperatorCase> table) {
    for (String op : List.of("Tanh", "Sigmoid", "Softplus", "Softsign", "Sin", "Cos")) {
      table.accept(op, close(7, WIDE, unary(op)));
    }
    table.accept("Exp", close(7, AROUND_ZERO, unary("Exp")));
    table.accept("Sqrt", close(7, POSITIVE, unary("Sqrt")));
    table.accept("Log", close(7, POSITIVE, unary("Log")));
    table.accept("Reciprocal", close(7, POSITIVE, unary("Reciprocal")));
    table.accept("Reciprocal", close(7, new Domain(-4, -0.5, false), unary("Reciprocal")));
    table.accept("Erf", close(9, WIDE, unary("Erf")));
    table.accept("Swish", close(24, WIDE, s -> parametric(s, "Swish", "alpha")));
    table.accept("HardSwish", close(14, WIDE, unary("HardSwish")));
    table.accept("Mish", close(18, WIDE, unary("Mish")));
  }

  private static void parametric(BiConsumer<String, OperatorCase> table) {
    table.accept("LeakyRelu", close(7, WIDE, s -> parametric(s, "LeakyRelu", "alpha")));
    table.accept("Elu", close(7, AROUND_ZERO, s -> parametric(s, "Elu", "alpha")));
    table.accept("Celu", close(12, AROUND_ZERO, s -> parametric(s, "Celu", "alpha")));
    table.accept("Selu", close(7, AROUND_ZERO, s -> parametric(s, "Selu", "alpha", "gamma")));
    table.accept(
        "ThresholdedRelu", jumps(10, WIDE, s -> parametric(s, "ThresholdedRelu", "alpha")));
    table.accept("HardSigmoid", close(7, WIDE, s -> parametric(s, "HardSigmoid", "alpha", "beta")));
    table.accept(
        "Gelu",
        close(
            20,
            WIDE,
            s -> {
              Var x = s.any();
              AttributeProto[] attributes =
                  s.chance(3)
                      ? new AttributeProto[0]
                      : new AttributeProto[] {
                        attribute("approximate", s.pick(List.of("tanh", "none")))
                      };
              return s.node("Gelu", List.of(x), x.dims(), attributes);
            }));
    table.accept("Clip", exact(7, WIDE, ElementwiseCases::clip));
    table.accept("PRelu", close(7, WIDE, ElementwiseCases::prelu));
  }

  private static void arithmetic(BiConsumer<String, OperatorCase> table) {
    for (String op : List.of("Add", "Sub", "Mul")) {
      table.accept(op, exact(7, AROUND_ZERO, s -> broadcast(s, op, 2)));
    }
    table.accept("Div", close(7, POSITIVE, s -> broadcast(s, "Div", 2)));
    table.accept("Mod", jumps(10, WIDE, ElementwiseCases::remainder));
    table.accept("Pow", close(7, POSITIVE, s -> broadcast(s, "Pow", 2)));
    table.accept("Pow", close(7, AROUND_ZERO, ElementwiseCases::power));
    for (String op : List.of("Min", "Max")) {
      table.accept(op, exact(7, WIDE, s -> broadcast(s, op, s.between(1, 3))));
    }
    for (String op : List.of("Sum", "Mean")) {
      table.accept(op, close(7, WIDE, s -> broadcast(s, op, s.between(1, 4))));
    }
  }

  private static void logic(BiConsumer<String, OperatorCase> table) {
    for (String op : List.of("Greater", "Less")) {
      table.accept(op, jumps(7, QUARTERS, s -> s.toFloat(broadcast(s, op, 2))));
    }
    table.accept("Equal", jumps(11, QUARTERS, s -> s.toFloat(broadcast(s, "Equal", 2))));
    for (String op : List.of("GreaterOrEqual", "LessOrEqual")) {
      table.accept(op, jumps(12, QUARTERS, s -> s.toFloat(broadcast(s, op, 2))));
    }
    for (String op : List.of("And", "Or", "Xor")) {
      table.accept(op, jumps(7, QUARTERS, s -> s.toFloat(ofTruths(s, op))));
    }
    table.accept(
        "Not",
        jumps(
            7,
            QUARTERS,
            s -> {
              Var truth = truth(s, s.layout(0, 3));
              return s.toFloat(s.node("Not", List.of(truth), truth.dims()));
            }));
    table.accept("IsNaN", jumps(9, QUARTERS, s -> isOdd(s, "IsNaN")));
    table.accept("IsInf", jumps(10, QUARTERS, s -> isOdd(s, "IsInf")));
    table.accept("Where", jumps(9, QUARTERS, ElementwiseCases::where));
  }

  // ---- one input ----

  private static Maker unary(String op) {
    return s -> {
      Var x = s.any();
      return s.node(op, List.of(x), x.dims());
    };
  }

  /** Attributes given or left at what the operator has. */
  private static Var parametric(Scene s, String op, String... names) {
    Var x = s.any();
    List<AttributeProto> attributes = new ArrayList<>();
    for (String name : names) {
      if (!s.chance(3)) {
        attributes.add(attribute(name, 0.1f + s.random.nextInt(8) / 4f));
      }
    }
    return s.node(op, List.of(x), x.dims(), attributes.toArray(AttributeProto[]::new));
  }

  private static Var dropout(Scene s) {
    Var x = s.any();
    if (s.opset < 12) {
      return s.node("Dropout", List.of(x), x.dims(), attribute("ratio", 0.5f));
    }
    String inputs = x.name();
    if (s.random.nextBoolean()) {
      inputs += "," + s.floats(new float[] {0.5f}, List.of()).name();
      if (s.random.nextBoolean()) {
        inputs += "," + truths(s, List.of(), false).name();
      }
    }
    return s.node("Dropout", inputs, x.dims());
  }

  private static Var castToFloat(Scene s) {
    return s.toFloat(s.any());
  }

  /** To truth or whole numbers, which round towards zero, and back. */
  private static Var castAndBack(Scene s) {
    Var x = s.any();
    int to = s.pick(DataType.BOOL_VALUE, DataType.INT64_VALUE, DataType.INT32_VALUE);
    return s.toFloat(s.node("Cast", List.of(x), x.dims(), attribute("to", (long) to)));
  }

  /** Of truth, to floats. */
  private static Var castLike(Scene s) {
    Var truth = truth(s, s.layout(0, 3));
    Var like = s.random.nextBoolean() ? s.any() : s.constant(List.of());
    return s.node("CastLike", List.of(truth, like), truth.dims());
  }

  /** Of 1/x and the square root of x, around 0. */
  private static Var isOdd(Scene s, String op) {
    Var x = s.any();
    Var odd = s.node(s.pick(List.of("Reciprocal", "Sqrt")), List.of(x), x.dims());
    List<AttributeProto> attributes = new ArrayList<>();
    if (op.equals("IsInf")) {
      for (String which : List.of("detect_positive", "detect_negative")) {
        if (s.random.nextBoolean()) {
          attributes.add(attribute(which, (long) s.random.nextInt(2)));
        }
      }
    }
    return s.toFloat(s.node(op, List.of(odd), x.dims(), attributes.toArray(AttributeProto[]::new)));
  }

  private static Var clip(Scene s) {
    Var x = s.any();
    boolean from = s.random.nextBoolean();
    boolean to = s.random.nextBoolean();
    float least = -3 + s.random.nextFloat() * 3;
    float most = s.random.nextFloat() * 3;
    if (s.opset < 11) {
      List<AttributeProto> attributes = new ArrayList<>();
      if (from) {
        attributes.add(attribute("min", least));
      }
      if (to) {
        attributes.add(attribute("max", most));
      }
      return s.node("Clip", List.of(x), x.dims(), attributes.toArray(AttributeProto[]::new));
    }
    String inputs = x.name();
    if (from || to) {
      inputs += "," + (from ? s.floats(new float[] {least}, List.of()).name() : "");
    }
    if (to) {
      inputs += "," + s.floats(new float[] {most}, List.of()).name();
    }
    return s.node("Clip", inputs, x.dims());
  }

  /** The slope broadcasts to x, never the other way. */
  private static Var prelu(Scene s) {
    Var x = s.any();
    List<Integer> slope = shrunk(s, x.dims(), true);
    return s.node("PRelu", List.of(x, s.constant(slope)), x.dims());
  }

  // ---- several inputs ----

  /** Values computed per step and constants in any places, broadcast to each other. */
  private static Var broadcast(Scene s, String op, int count) {
    List<Integer> layout = s.layout(0, 3);
    // Min, Max, Sum and Mean broadcast from operator set 8 on.
    boolean same = s.opset < 8 && List.of("Min", "Max", "Sum", "Mean").contains(op);
    int step = s.random.nextInt(count);
    List<Var> operands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean constant = i != step && s.random.nextBoolean() && !same;
      operands.add(operand(s, layout, constant, same));
    }
    return s.node(op, operands, broadcast(operands));
  }

  private static Var operand(Scene s, List<Integer> layout, boolean constant, boolean same) {
    if (constant) {
      return s.constant(shrunk(s, layout, true));
    }
    return s.value(same ? layout : shrunk(s, layout, false));
  }

  /** Some features become 1, leading axes are left out; those outside the row for constants. */
  static List<Integer> shrunk(Scene s, List<Integer> layout, boolean constant) {
    List<Integer> dims = new ArrayList<>();
    for (int dim : layout) {
      dims.add(dim < 0 ? (constant ? 1 : dim) : s.chance(4) ? 1 : dim);
    }
    while (!dims.isEmpty() && dims.get(0) == 1 && s.random.nextBoolean()) {
      dims.remove(0);
    }
    return dims;
  }

  static List<Integer> broadcast(List<Var> operands) {
    int rank = operands.stream().mapToInt(Var::rank).max().orElseThrow();
    Integer[] dims = new Integer[rank];
    Arrays.fill(dims, 1);
    for (Var operand : operands) {
      for (int i = 0; i < operand.rank(); i++) {
        int at = rank - operand.rank() + i;
        dims[at] = operand.dims().get(i) != 1 ? operand.dims().get(i) : dims[at];
      }
    }
    return List.of(dims);
  }

  /** Of a division by a constant, with the sign of what is divided. */
  private static Var remainder(Scene s) {
    Var x = s.any();
    float[] divisors = new float[s.pick(1, 1 + s.random.nextInt(3))];
    Arrays.fill(divisors, s.pick(List.of(0.75f, 1f, 2.5f, -1.5f)));
    boolean row = x.rank() > 0 && x.dims().get(x.rank() - 1) == divisors.length;
    Var divisor =
        row
            ? s.floats(divisors, List.of(divisors.length))
            : s.floats(new float[] {1.25f}, List.of());
    return s.node("Mod", List.of(x, divisor), x.dims(), attribute("fmod", 1L));
  }

  /** Any base to a whole power. */
  private static Var power(Scene s) {
    Var x = s.any();
    int exponent = s.between(0, 4);
    Var power =
        s.opset >= 12 && s.random.nextBoolean()
            ? s.whole(exponent)
            : s.floats(new float[] {exponent}, s.pick(List.of(List.of(), List.of(1))));
    List<Integer> dims = broadcast(List.of(x, power));
    return s.node("Pow", List.of(x, power), dims);
  }

  // ---- truth ----

  static Var truths(Scene s, List<Integer> dims, boolean any) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(s.fresh()).setDataType(DataType.BOOL_VALUE);
    dims.forEach(tensor::addDims);
    for (int i = 0; i < Scene.count(dims); i++) {
      tensor.addInt32Data(any && s.random.nextBoolean() ? 1 : 0);
    }
    s.graph.initializer(tensor.build());
    return new Var(tensor.getName(), dims);
  }

  /** A comparison of two values. */
  static Var truth(Scene s, List<Integer> layout) {
    String op = s.opset >= 12 ? s.pick(List.of("Greater", "LessOrEqual", "Equal")) : "Less";
    List<Var> operands =
        List.of(
            operand(s, layout, false, false), operand(s, layout, s.random.nextBoolean(), false));
    return s.node(op, operands, broadcast(operands));
  }

  private static Var ofTruths(Scene s, String op) {
    List<Integer> layout = s.layout(0, 3);
    List<Var> operands = new ArrayList<>();
    operands.add(truth(s, layout));
    operands.add(
        s.random.nextBoolean() ? truth(s, layout) : truths(s, shrunk(s, layout, true), true));
    if (s.random.nextBoolean()) {
      operands.add(0, operands.remove(1));
    }
    return s.node(op, operands, broadcast(operands));
  }

  /** At least one of condition and choices is computed per step. */
  private static Var where(Scene s) {
    List<Integer> layout = s.layout(0, 3);
    int step = s.random.nextInt(3);
    Var condition =
        step == 0 || s.random.nextBoolean()
            ? truth(s, layout)
            : truths(s, shrunk(s, layout, true), true);
    Var yes = operand(s, layout, step != 1 && s.random.nextBoolean(), false);
    Var no = operand(s, layout, step != 2 && s.random.nextBoolean(), false);
    List<Var> operands = List.of(condition, yes, no);
    return s.node("Where", operands, broadcast(operands));
  }
}
