package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.Reduction;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.UnaryFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of operators: one line each. */
final class Operators {
  /** How many operators a refusal names. */
  private static final int MOST_NEAR = 5;

  /** What operators do to a step: the rows of the table in docs/onnx.md. */
  private enum Group {
    CELLS("cells, forward"),
    LOOPS("loops over the steps"),
    DENSE("dense and normalising"),
    ELEMENTWISE("elementwise"),
    TRUTHS("comparing and choosing"),
    REDUCING("reducing features"),
    REARRANGING("rearranging"),
    SHAPES("constants and shapes");

    private final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /**
   * A line of the table.
   *
   * @param note what is not read of it or read otherwise, for the table; may be empty
   */
  private record Entry(Operator.Looping operator, Group group, String note) {}

  private static final Map<String, Entry> TABLE = new TreeMap<>();

  static {
    cell(
        RnnForm.STANDARD,
        "every activation of ONNX's with alpha and beta, clip, layout 0 and 1, as for the others");
    cell(LstmForm.STANDARD, "peepholes, `input_forget`");
    cell(GruForm.standard(false), "`linear_before_reset` 0 and 1");

    loop("Scan", new ScanOperator(), "forward");
    loop("Loop", new LoopOperator(), "one iteration per step");
    put(Group.LOOPS, "SequenceEmpty", call -> List.of(new LoopValue.Collected(null)));
    loop("SequenceInsert", Operators::iteration, "one element per step");
    loop("SequenceAt", Operators::iteration, "the last");
    loop("ConcatFromSequence", Operators::iteration, "");

    put(Group.DENSE, "MatMul", new MatMul(), "by a constant matrix, on either side");
    put(Group.DENSE, "Gemm", new Gemm(), "by a constant matrix");
    put(Group.DENSE, "Softmax", new OnConstants(new SoftmaxOperator()));
    put(Group.DENSE, "LogSoftmax", new OnConstants(new SoftmaxOperator()));
    put(Group.DENSE, "LayerNormalization", new OnConstants(new LayerNormalization()), "Y alone");
    put(
        Group.DENSE,
        "BatchNormalization",
        new OnConstants(new BatchNormalization()),
        "with trained statistics");

    unary("Tanh", UnaryFunction.TANH);
    unary("Sigmoid", UnaryFunction.SIGMOID);
    unary("Relu", UnaryFunction.RELU);
    unary("Neg", UnaryFunction.NEG);
    unary("Abs", UnaryFunction.ABS);
    unary("Sqrt", UnaryFunction.SQRT);
    unary("Exp", UnaryFunction.EXP);
    unary("Log", UnaryFunction.LOG);
    unary("Reciprocal", UnaryFunction.RECIPROCAL);
    unary("Sin", UnaryFunction.SIN);
    unary("Cos", UnaryFunction.COS);
    unary("Erf", UnaryFunction.ERF);
    unary("Floor", UnaryFunction.FLOOR);
    unary("Ceil", UnaryFunction.CEIL);
    unary("Round", UnaryFunction.ROUND);
    unary("Sign", UnaryFunction.SIGN);
    unary("Softplus", UnaryFunction.SOFTPLUS);
    unary("Softsign", UnaryFunction.SOFTSIGN);
    unary("HardSwish", UnaryFunction.HARD_SWISH);
    unary("Mish", UnaryFunction.MISH);
    alpha("LeakyRelu", UnaryFunction.LEAKY_RELU, 0.01f);
    alpha("ThresholdedRelu", UnaryFunction.THRESHOLDED_RELU, 1);
    alpha("Elu", UnaryFunction.ELU, 1);
    alpha("Celu", UnaryFunction.CELU, 1);
    alpha("Swish", UnaryFunction.SWISH, 1);
    put(
        Group.ELEMENTWISE,
        "HardSigmoid",
        new Unary(
            call ->
                new Activation(
                    UnaryFunction.HARD_SIGMOID,
                    call.number("alpha", 0.2f),
                    call.number("beta", 0.5f))));
    put(
        Group.ELEMENTWISE,
        "Selu",
        new Unary(
            call ->
                new Activation(
                    UnaryFunction.SELU,
                    call.number("alpha", 1.6732632f),
                    call.number("gamma", 1.050701f))));
    put(Group.ELEMENTWISE, "Gelu", new Unary(Operators::gelu), "both approximations");
    put(Group.ELEMENTWISE, "Clip", new Clip());
    put(Group.ELEMENTWISE, "PRelu", new Binary(BinaryFunction.PRELU));
    put(Group.ELEMENTWISE, "Add", new Binary(BinaryFunction.ADD));
    put(Group.ELEMENTWISE, "Sub", new Binary(BinaryFunction.SUB));
    put(Group.ELEMENTWISE, "Mul", new Binary(BinaryFunction.MUL));
    put(Group.ELEMENTWISE, "Div", new Binary(BinaryFunction.DIV));
    put(Group.ELEMENTWISE, "Pow", new Binary(BinaryFunction.POW));
    put(Group.ELEMENTWISE, "Mod", Operators::mod);
    put(Group.ELEMENTWISE, "Min", new Accumulate(BinaryFunction.MIN, false));
    put(Group.ELEMENTWISE, "Max", new Accumulate(BinaryFunction.MAX, false));
    put(Group.ELEMENTWISE, "Sum", new Accumulate(BinaryFunction.ADD, false));
    put(Group.ELEMENTWISE, "Mean", new Accumulate(BinaryFunction.ADD, true));

    put(Group.TRUTHS, "Where", new Where());
    put(Group.TRUTHS, "OneHot", new OneHot(), "of a constant depth");
    put(Group.TRUTHS, "Equal", new Binary(BinaryFunction.EQUAL));
    put(Group.TRUTHS, "Less", new Binary(BinaryFunction.LESS));
    put(Group.TRUTHS, "LessOrEqual", new Binary(BinaryFunction.LESS_OR_EQUAL));
    put(Group.TRUTHS, "Greater", new Binary(BinaryFunction.GREATER));
    put(Group.TRUTHS, "GreaterOrEqual", new Binary(BinaryFunction.GREATER_OR_EQUAL));
    put(Group.TRUTHS, "And", Logic.AND);
    put(Group.TRUTHS, "Or", Logic.OR);
    put(Group.TRUTHS, "Xor", Logic.XOR);
    put(Group.TRUTHS, "Not", Logic.NOT);
    put(Group.TRUTHS, "IsNaN", Logic.IS_NAN);
    put(Group.TRUTHS, "IsInf", Logic.IS_INF);

    reduction("ReduceSum", Reduction.SUM);
    reduction("ReduceMean", Reduction.MEAN);
    reduction("ReduceMax", Reduction.MAX);
    reduction("ReduceMin", Reduction.MIN);
    reduction("ReduceProd", Reduction.PROD);
    reduction("ReduceL1", Reduction.L1);
    reduction("ReduceL2", Reduction.L2);
    reduction("ReduceSumSquare", Reduction.SUM_SQUARE);
    reduction("ReduceLogSum", Reduction.LOG_SUM);
    reduction("ReduceLogSumExp", Reduction.LOG_SUM_EXP);
    reduction("ArgMax", Reduction.ARG_MAX);
    reduction("ArgMin", Reduction.ARG_MIN);

    put(Group.REARRANGING, "Concat", new Concat(), "along features");
    put(Group.REARRANGING, "Split", new Split(), "along features");
    put(Group.REARRANGING, "Slice", new Slice(), "along features, or the last step");
    put(
        Group.REARRANGING,
        "Gather",
        new Gather(),
        "along features, the last step, or rows of a constant by a computed index (embedding)");
    put(Group.REARRANGING, "Tile", new Tile(), "along features");
    put(Group.REARRANGING, "Expand", new Expand(), "along features");
    put(Group.REARRANGING, "Transpose", new Transpose());
    put(Group.REARRANGING, "Squeeze", new Squeeze());
    put(Group.REARRANGING, "Unsqueeze", new Unsqueeze());
    put(Group.REARRANGING, "Reshape", new Reshape());
    put(Group.REARRANGING, "Flatten", new Flatten());
    put(Group.REARRANGING, "Identity", new Identity());
    put(Group.REARRANGING, "Dropout", new Identity(), "outside training");
    put(
        Group.REARRANGING,
        "Cast",
        new Cast(),
        "floats of any width are float32, computed whole numbers stay below 2^24");
    put(Group.REARRANGING, "CastLike", new Cast());

    put(Group.SHAPES, "Shape", new Shape());
    put(Group.SHAPES, "Size", new Shape());
    put(Group.SHAPES, "Constant", new Constant(), "numbers");
    put(Group.SHAPES, "ConstantOfShape", new ConstantOfShape());
    put(Group.SHAPES, "Range", new Range(), "of constants");
  }

  private Operators() {}

  private static void put(Group group, String name, Operator operator) {
    put(group, name, operator, "");
  }

  private static void put(Group group, String name, Operator operator, String note) {
    TABLE.put(name, new Entry((call, states, loop) -> operator.apply(call), group, note));
  }

  private static void cell(CellForm standard, String note) {
    Recurrent cell = new Recurrent(standard);
    TABLE.put(
        standard.operator(),
        new Entry((call, states, loop) -> cell.apply(call, states), Group.CELLS, note));
  }

  private static void loop(String name, Operator.Looping operator, String note) {
    TABLE.put(name, new Entry(operator, Group.LOOPS, note));
  }

  private static List<Value> iteration(Call call, States states, LoopSteps loop) {
    return LoopOperators.apply(call, loop);
  }

  private static void unary(String name, UnaryFunction f) {
    put(Group.ELEMENTWISE, name, new Unary(call -> Activation.of(f)));
  }

  private static void alpha(String name, UnaryFunction f, float otherwise) {
    put(
        Group.ELEMENTWISE,
        name,
        new Unary(call -> new Activation(f, call.number("alpha", otherwise), 0)));
  }

  private static void reduction(String name, Reduction f) {
    put(Group.REDUCING, name, new ReduceOperator(f));
  }

  private static Activation gelu(Call call) {
    String approximate = call.text("approximate", "none");
    return switch (approximate) {
      case "none" -> Activation.of(UnaryFunction.GELU);
      case "tanh" -> Activation.of(UnaryFunction.GELU_TANH);
      default -> throw new Refusal("approximate=" + approximate + ", expected none or tanh");
    };
  }

  private static List<Value> mod(Call call) {
    boolean truncated = call.integer("fmod", 0) != 0;
    if (!truncated && Type.of(call.input(0)) == Type.FLOAT) {
      throw new Refusal("fmod=0 on floats, expected fmod=1");
    }
    return new Binary(truncated ? BinaryFunction.FMOD : BinaryFunction.MOD).apply(call);
  }

  /** Whether an operator's domain is ONNX's own. */
  static boolean isOnnx(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** The operator of a node; null when it is not read. */
  static Operator.@Nullable Looping find(NodeProto node) {
    Entry entry = isOnnx(node.getDomain()) ? TABLE.get(node.getOpType()) : null;
    return entry == null ? null : entry.operator();
  }

  /** Whether a node does nothing but put values elsewhere, or says where they go. */
  static boolean rearranges(NodeProto node) {
    Entry entry = isOnnx(node.getDomain()) ? TABLE.get(node.getOpType()) : null;
    return entry != null && (entry.group() == Group.REARRANGING || entry.group() == Group.SHAPES);
  }

  /** Names of the operators that are read, sorted. */
  static Iterable<String> names() {
    return TABLE.keySet();
  }

  /** The table of what is read, as docs/onnx.md shows it. */
  static String markdown() {
    StringBuilder out =
        new StringBuilder("| along one step | operators | of these |\n|---|---|---|\n");
    for (Group group : Group.values()) {
      StringJoiner names = new StringJoiner(", ");
      StringJoiner notes = new StringJoiner("; ");
      TABLE.forEach(
          (name, entry) -> {
            if (entry.group() == group) {
              names.add("`" + name + "`");
              if (!entry.note().isEmpty()) {
                notes.add("`" + name + "` " + entry.note());
              }
            }
          });
      out.append("| %s | %s | %s |\n".formatted(group.title, names, notes));
    }
    return out.toString();
  }

  /**
   * Operators that share a word of their names with it, as LayerNormalization does with
   * InstanceNormalization; those that share more first.
   */
  private static String near(String op) {
    Set<String> words = words(op);
    Map<String, Integer> shared = new TreeMap<>();
    for (String name : TABLE.keySet()) {
      int count = (int) words(name).stream().filter(words::contains).count();
      if (count > 0) {
        shared.put(name, count);
      }
    }
    String names =
        shared.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(entry -> words(entry.getKey()).size()))
            .limit(MOST_NEAR)
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "; near it are " + names;
  }

  /** {@code Layer} and {@code Normalization} of {@code LayerNormalization}. */
  private static Set<String> words(String name) {
    return Set.copyOf(Arrays.asList(name.split("(?<=[a-z0-9])(?=[A-Z])")));
  }

  /**
   * Why a node is refused whose operator is not in the table.
   *
   * @param place where it works
   */
  static String whyNot(NodeProto node, NotStreamed.Place place) {
    String op = node.getOpType();
    String known = NotStreamed.reason(op, place);
    if (known != null) {
      return known;
    }
    return isOnnx(node.getDomain())
        ? "operator not supported"
            + near(op)
            + ". Write this part of the network with operators that are read (model/docs/onnx.md lists"
            + " them), and export it again"
        : "domain '" + node.getDomain() + "' is not ONNX's own. Export without custom operators";
  }
}
