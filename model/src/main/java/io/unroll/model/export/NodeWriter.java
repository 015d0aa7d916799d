package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.cell.Apply;
import io.unroll.model.cell.Choose;
import io.unroll.model.cell.Combine;
import io.unroll.model.cell.CombineConstant;
import io.unroll.model.cell.Dense;
import io.unroll.model.cell.Embed;
import io.unroll.model.cell.Join;
import io.unroll.model.cell.Literal;
import io.unroll.model.cell.Node;
import io.unroll.model.cell.Normalize;
import io.unroll.model.cell.Pick;
import io.unroll.model.cell.Reduce;
import io.unroll.model.cell.Softmax;
import io.unroll.model.cell.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The nodes around the cells, each by one line of a table; a test holds the table complete. */
final class NodeWriter {
  private final OnnxWriter writer;
  private final Sheet sheet;
  private final Sizes sizes;
  private final Map<Class<? extends Node>, Consumer<Node>> table = new HashMap<>();

  NodeWriter(OnnxWriter writer, Sheet sheet, Sizes sizes) {
    this.writer = writer;
    this.sheet = sheet;
    this.sizes = sizes;
    on(Dense.class, this::dense);
    on(Apply.class, this::apply);
    on(Combine.class, this::combine);
    on(CombineConstant.class, this::combineConstant);
    on(Join.class, this::join);
    on(Literal.class, this::literal);
    on(Normalize.class, this::normalize);
    on(Pick.class, this::pick);
    on(Softmax.class, this::softmax);
    on(Reduce.class, this::reduce);
    on(Choose.class, this::choose);
    on(Embed.class, this::embed);
    on(Window.class, NodeWriter::window);
  }

  private <N extends Node> void on(Class<N> type, Consumer<N> how) {
    table.put(type, node -> how.accept(type.cast(node)));
  }

  /** The nodes that it knows. */
  Set<Class<? extends Node>> types() {
    return table.keySet();
  }

  void write(Node node) {
    Consumer<Node> how = table.get(node.getClass());
    if (how == null) {
      throw new IllegalArgumentException(
          "%s '%s': there is no ONNX node for it".formatted(node.layer().kind(), name(node)));
    }
    how.accept(node);
  }

  private static String name(Node node) {
    String name = node.layer().name();
    return name.isEmpty() ? node.layer().kind() : name;
  }

  private String x(int register) {
    return writer.rows(register);
  }

  // ---- dense ----

  /**
   * With a bias it is a Gemm, whose sum starts from the bias as here; MatMul and Add would round
   * otherwise. Gemm takes a matrix, so the rows of all steps stand below each other.
   */
  private void dense(Dense node) {
    String name = name(node);
    int inputs = node.inputs();
    int outputs = node.outputs();
    int width = node.groups() * outputs;
    String x = x(node.input());
    String w = sheet.floats(name + ".weights", node.weights(), inputs, outputs);
    if (Sheet.isZero(node.bias())) {
      String y = grouped(name, x, node.groups(), inputs, outputs, v -> product(name, v, w));
      writer.put(node.output(), y);
      return;
    }
    boolean matrix = !writer.whole() && node.groups() == 1;
    String rows =
        matrix ? x : sheet.node("Reshape", name + ".rows", List.of(x, sheet.longs(-1, inputs)));
    String b = sheet.floats(name + ".bias", node.bias(), outputs);
    String y = sheet.node("Gemm", name, List.of(rows, w, b));
    if (!matrix) {
      String shape = sizes.of(writer.whole(), width);
      y = sheet.node("Reshape", name + ".steps", List.of(y, shape));
    }
    writer.put(node.output(), y);
  }

  private String product(String name, String x, String w) {
    return sheet.node("MatMul", name, List.of(x, w));
  }

  // ---- over groups of a row ----

  private void normalize(Normalize node) {
    String name = name(node);
    int width = node.scale().length;
    String scale = sheet.floats(name + ".scale", node.scale(), width);
    String bias = sheet.floats(name + ".bias", node.bias(), width);
    UnaryOperator<String> op =
        x ->
            sheet.node(
                "LayerNormalization",
                name,
                List.of(x, scale, bias),
                Sheet.attribute("axis", -1),
                Sheet.attribute("epsilon", node.epsilon()));
    writer.put(node.output(), grouped(name, x(node.input()), node.groups(), width, width, op));
  }

  private void softmax(Softmax node) {
    String name = name(node);
    int width = node.group();
    String softmax = node.logarithm() ? "LogSoftmax" : "Softmax";
    UnaryOperator<String> op =
        x -> sheet.node(softmax, name, List.of(x), Sheet.attribute("axis", -1));
    writer.put(node.output(), grouped(name, x(node.input()), node.groups(), width, width, op));
  }

  private void reduce(Reduce node) {
    String name = name(node);
    UnaryOperator<String> op =
        switch (node.function()) {
          case ARG_MAX -> x -> place(name, "ArgMax", x, 0);
          case ARG_MAX_LAST -> x -> place(name, "ArgMax", x, 1);
          case ARG_MIN -> x -> place(name, "ArgMin", x, 0);
          case ARG_MIN_LAST -> x -> place(name, "ArgMin", x, 1);
          case SUM -> x -> reduced(name, "ReduceSum", x);
          case MEAN -> x -> reduced(name, "ReduceMean", x);
          case MAX -> x -> reduced(name, "ReduceMax", x);
          case MIN -> x -> reduced(name, "ReduceMin", x);
          case PROD -> x -> reduced(name, "ReduceProd", x);
          case L1 -> x -> reduced(name, "ReduceL1", x);
          case L2 -> x -> reduced(name, "ReduceL2", x);
          case SUM_SQUARE -> x -> reduced(name, "ReduceSumSquare", x);
          case LOG_SUM -> x -> reduced(name, "ReduceLogSum", x);
          case LOG_SUM_EXP -> x -> reduced(name, "ReduceLogSumExp", x);
        };
    int groups = writer.width(node.output());
    writer.put(node.output(), grouped(name, x(node.input()), groups, node.group(), 1, op));
  }

  private String reduced(String name, String op, String x) {
    return sheet.node(op, name, List.of(x, sheet.longs(-1)), Sheet.attribute("keepdims", 1));
  }

  private String place(String name, String op, String x, int last) {
    String whole =
        sheet.node(
            op,
            name + ".whole",
            List.of(x),
            Sheet.attribute("axis", -1),
            Sheet.attribute("keepdims", 1),
            Sheet.attribute("select_last_index", last));
    return Functions.cast(sheet, name, whole, DataType.FLOAT);
  }

  /** An operator along the last axis, on each of a row's groups: the groups get an axis. */
  private String grouped(
      String name, String x, int groups, int from, int to, UnaryOperator<String> op) {
    if (groups == 1) {
      return op.apply(x);
    }
    boolean whole = writer.whole();
    String parts = whole ? sheet.longs(0, 0, groups, from) : sheet.longs(0, groups, from);
    long width = (long) groups * to;
    String row = whole ? sheet.longs(0, 0, width) : sheet.longs(0, width);
    String y = op.apply(sheet.node("Reshape", name + ".groups", List.of(x, parts)));
    return sheet.node("Reshape", name + ".row", List.of(y, row));
  }

  // ---- elementwise ----

  private void apply(Apply node) {
    writer.put(
        node.output(),
        Functions.apply(
            sheet, name(node), node.function(), writer.width(node.input()), x(node.input())));
  }

  private void combine(Combine node) {
    String left = x(node.left());
    String right = x(node.right());
    writer.put(node.output(), Functions.apply(sheet, name(node), node.function(), left, right));
  }

  private void combineConstant(CombineConstant node) {
    String name = name(node);
    String x = x(node.input());
    float[] values = node.constant();
    String constant = sheet.floats(name + ".constant", values, values.length);
    String left = node.constantFirst() ? constant : x;
    String right = node.constantFirst() ? x : constant;
    writer.put(node.output(), Functions.apply(sheet, name, node.function(), left, right));
  }

  private void choose(Choose node) {
    String name = name(node);
    String truth = Functions.cast(sheet, name + ".truth", x(node.condition()), DataType.BOOL);
    writer.put(
        node.output(), sheet.node("Where", name, List.of(truth, x(node.yes()), x(node.no()))));
  }

  private void embed(Embed node) {
    String name = name(node);
    int entries = node.entries();
    int indices = writer.width(node.input());
    int width = writer.width(node.output()) / indices;
    String table = sheet.floats(name + ".table", node.table(), entries, width);
    String index = Functions.cast(sheet, name + ".index", x(node.input()), DataType.INT64);
    String rows = sheet.node("Gather", name + ".rows", List.of(table, index));
    // (steps, batch, indices, width), each index followed by its row
    String row =
        writer.whole()
            ? sheet.longs(0, 0, (long) indices * width)
            : sheet.longs(0, (long) indices * width);
    writer.put(node.output(), sheet.node("Reshape", name, List.of(rows, row)));
  }

  private static void window(Window node) {
    throw new IllegalArgumentException(
        "a model served by its %s has no file of its own: write the model it serves"
            .formatted(node.layer().name()));
  }

  // ---- rearranging ----

  private void join(Join node) {
    List<String> parts = new ArrayList<>();
    for (int register : node.inputs()) {
      parts.add(x(register));
    }
    writer.put(node.output(), sheet.node("Concat", name(node), parts, Sheet.attribute("axis", -1)));
  }

  private void pick(Pick node) {
    long[] indices = Arrays.stream(node.indices()).asLongStream().toArray();
    writer.put(
        node.output(),
        sheet.node(
            "Gather",
            name(node),
            List.of(x(node.input()), sheet.longs(indices)),
            Sheet.attribute("axis", -1)));
  }

  private void literal(Literal node) {
    String name = name(node);
    float[] values = node.values();
    String row = sheet.floats(name + ".row", values, values.length);
    String shape = sizes.of(writer.whole(), values.length);
    writer.put(node.output(), sheet.node("Expand", name, List.of(row, shape)));
  }
}
