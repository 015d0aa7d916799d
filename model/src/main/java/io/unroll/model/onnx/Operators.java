package io.unroll.model.onnx;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.UnaryFunction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** The table of operators: one line each. */
final class Operators {
  private static final String MIXES =
      "mixes the steps of a sequence; a stream has one step at a time";
  private static final String BRANCH =
      "a branch inside the graph. Export the model with the branch taken";
  private static final String QUANTISED =
      "quantised weights or values; only float32 is read. Export the model before quantisation";

  private static final Map<String, Operator> TABLE = new TreeMap<>();

  static {
    put("RNN", new Recurrent(Recurrent.Kind.RNN));
    put("LSTM", new Recurrent(Recurrent.Kind.LSTM));
    put("GRU", new Recurrent(Recurrent.Kind.GRU));

    put("Scan", new ScanOperator());
    put("Loop", new LoopOperator());
    put("SequenceEmpty", call -> List.of(new LoopValue.Collected(null)));
    put("SequenceInsert", LoopOperators::apply);
    put("SequenceAt", LoopOperators::apply);
    put("ConcatFromSequence", LoopOperators::apply);

    put("MatMul", new MatMul());
    put("Gemm", new Gemm());
    put("Softmax", new SoftmaxOperator());
    put("LayerNormalization", new LayerNormalization());
    put("BatchNormalization", new BatchNormalization());

    put("Tanh", new Unary(Activation.TANH));
    put("Sigmoid", new Unary(Activation.of(UnaryFunction.SIGMOID)));
    put("Relu", new Unary(Activation.of(UnaryFunction.RELU)));
    put("Neg", new Unary(Activation.of(UnaryFunction.NEG)));
    put("Abs", new Unary(Activation.of(UnaryFunction.ABS)));
    put("Sqrt", new Unary(Activation.of(UnaryFunction.SQRT)));
    put("Exp", new Unary(Activation.of(UnaryFunction.EXP)));
    put("Add", new Binary(BinaryFunction.ADD));
    put("Sub", new Binary(BinaryFunction.SUB));
    put("Mul", new Binary(BinaryFunction.MUL));
    put("Div", new Binary(BinaryFunction.DIV));
    put("Min", new Binary(BinaryFunction.MIN));
    put("Max", new Binary(BinaryFunction.MAX));

    put("Concat", new Concat());
    put("Split", new Split());
    put("Slice", new Slice());
    put("Gather", new Gather());
    put("Transpose", new Transpose());
    put("Squeeze", new Squeeze());
    put("Unsqueeze", new Unsqueeze());
    put("Reshape", new Reshape());
    put("Flatten", new Flatten());
    put("Expand", new Expand());
    put("Identity", new Identity());
    put("Dropout", new Identity());
    put("Cast", new Cast());

    put("Shape", new Shape());
    put("Constant", new Constant());
    put("ConstantOfShape", new ConstantOfShape());
    put("Range", new Range());
    put("Where", new Where());
    put("Equal", comparison(d -> d == 0));
    put("Greater", comparison(d -> d > 0));
    put("Less", comparison(d -> d < 0));
  }

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("If", BRANCH),
          Map.entry("Conv", MIXES),
          Map.entry("ConvTranspose", MIXES),
          Map.entry("MaxPool", MIXES),
          Map.entry("AveragePool", MIXES),
          Map.entry("GlobalAveragePool", MIXES),
          Map.entry("GlobalMaxPool", MIXES),
          Map.entry("Attention", MIXES),
          Map.entry("CumSum", MIXES),
          Map.entry(
              "ReverseSequence", "reverses the steps of a sequence; a stream runs forward only"),
          Map.entry("QuantizeLinear", QUANTISED),
          Map.entry("DequantizeLinear", QUANTISED),
          Map.entry("DynamicQuantizeLinear", QUANTISED),
          Map.entry("MatMulInteger", QUANTISED),
          Map.entry("QLinearMatMul", QUANTISED));

  private Operators() {}

  private static void put(String name, Operator operator) {
    TABLE.put(name, operator);
  }

  private static Operator comparison(DoublePredicate ofDifference) {
    return new Comparison(ofDifference);
  }

  static @Nullable Operator find(String name) {
    return TABLE.get(name);
  }

  /** Names of the operators that are read, sorted. */
  static Iterable<String> names() {
    return TABLE.keySet();
  }

  /** Why an operator that is not in the table is refused. */
  static String whyNot(String name) {
    if (name.startsWith("Reduce") || name.equals("ArgMax")) {
      return "reduces an axis, over steps or over features; neither is supported."
          + " Select the last step instead of a mean or a maximum over steps";
    }
    String reason = REFUSED.get(name);
    return reason != null
        ? reason
        : "operator not supported; supported are " + String.join(", ", names());
  }
}
