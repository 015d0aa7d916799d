package io.unroll.model.onnx;

import static io.unroll.model.onnx.Scene.BATCH;
import static io.unroll.model.onnx.Scene.BATCH_SIZE;
import static io.unroll.model.onnx.Scene.STEPS;
import static io.unroll.model.onnx.Scene.TIME;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtException;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.onnx.Scene.Var;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A finished graph: run over whole sequences in ONNX Runtime and step by step here.
 *
 * @param out the graph's output
 * @param exact how many of a row's first values do not come from the layer
 */
record ComparedGraph(OnnxFile file, Var out, int exact) {
  /**
   * Absolute, or relative to what is expected. A recurrent layer's outputs agree within 1e-6; what
   * follows may stretch that, as a slope of 4 behind a scale of 6 does.
   */
  static final double TOLERANCE = 1e-4;

  /** The graph whose output shows that value, and needs the recurrent layer. */
  static ComparedGraph of(Scene scene, Var value) {
    Var out = value;
    int exact = 0;
    if (value.isConstant()) {
      // One of the layer's values, broadcast along the constants.
      int width = Scene.count(value.dims());
      Var row = scene.node("Reshape", List.of(value, scene.whole(-1)), List.of(width));
      Var h = scene.slice(scene.hidden(), 2, 0, 1);
      out =
          scene.node(
              "Add", List.of(h, row), List.of(h.dims().get(0), h.dims().get(1), row.dims().get(0)));
    } else if (scene.source().isInput()) {
      boolean last = !value.dims().contains(TIME);
      Var h = last ? scene.lastHidden() : scene.hidden();
      List<Integer> order = new ArrayList<>(h.dims().subList(0, h.rank() - 1));
      List<Integer> wide = new ArrayList<>(order);
      value.dims().stream().filter(d -> d >= 0).forEach(wide::add);
      exact = Scene.count(value.dims());
      order.add(exact);
      Var row = scene.reshape(scene.arrange(value, wide), order);
      out = scene.concat(List.of(row, h), h.rank() - 1);
    }
    return new ComparedGraph(scene.graph.output(out.name()).file(), out, exact);
  }

  /**
   * @param input [batch][step][feature]
   * @param x the same, as the graph takes it
   * @param bits whether the values that do not come from the layer must be the same to the bit
   */
  void compare(float[][][] input, Values x, boolean bits, String where) throws OnnxException {
    Values expected = expected(x, where);
    RecurrentModel model;
    Unrolled found;
    try {
      model = file.read();
      found = new DynamicUnroll(model).run(input);
    } catch (OnnxException | RuntimeException e) {
      throw new AssertionError("expected the same as ONNX Runtime, " + where + "\n" + text(), e);
    }
    boolean last = !out.dims().contains(TIME);
    for (int b = 0; b < BATCH_SIZE; b++) {
      for (int t = last ? STEPS - 1 : 0; t < STEPS; t++) {
        float[] row = last ? found.lastOutputs()[b] : found.outputs()[b][t];
        String difference = difference(row(expected, b, t), row, bits ? exact : 0);
        if (!difference.isEmpty()) {
          throw new AssertionError(
              "%s in series %d, step %d of %s%n%s".formatted(difference, b, t, where, text()));
        }
      }
    }
    compareWritten(model, input, found, last, where);
  }

  /** The network written anew, in ONNX Runtime: what was read is what is written. */
  private void compareWritten(
      RecurrentModel model, float[][][] input, Unrolled found, boolean last, String where)
      throws OnnxException {
    Values written;
    try {
      written = OnnxRuntime.run(OnnxFile.of(model), Map.of("x", Values.batchFirst(input))).get("y");
    } catch (OrtException | IllegalArgumentException e) {
      throw new AssertionError("written anew, " + where + "\n" + text(), e);
    }
    if (written == null) {
      throw new AssertionError("no output y of " + where);
    }
    int width = model.outputSize();
    for (int b = 0; b < BATCH_SIZE; b++) {
      for (int t = last ? STEPS - 1 : 0; t < STEPS; t++) {
        float[] row = last ? found.lastOutputs()[b] : found.outputs()[b][t];
        int at = (last ? b : b * STEPS + t) * width;
        String difference = difference(Arrays.copyOfRange(written.data(), at, at + width), row, 0);
        if (!difference.isEmpty()) {
          throw new AssertionError(
              "written anew: %s in series %d, step %d of %s%n%s"
                  .formatted(difference, b, t, where, text()));
        }
      }
    }
  }

  private Values expected(Values x, String where) throws OnnxException {
    Values expected;
    try {
      expected = OnnxRuntime.run(Substitutes.of(file), Map.of("x", x)).get(out.name());
    } catch (OrtException e) {
      throw new AssertionError("not a question for ONNX Runtime: " + where + "\n" + text(), e);
    }
    long[] dims =
        out.dims().stream()
            .mapToLong(d -> d == BATCH ? BATCH_SIZE : d == TIME ? STEPS : d)
            .toArray();
    if (expected == null || !Arrays.equals(dims, expected.dims())) {
      throw new AssertionError(
          "the test thinks that its output is %s: %s%n%s"
              .formatted(Arrays.toString(dims), where, text()));
    }
    return expected;
  }

  /** What differs first; empty when nothing does. */
  private static String difference(float[] expected, float[] found, int exact) {
    if (expected.length != found.length) {
      return "found %d outputs, expected %d".formatted(found.length, expected.length);
    }
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs((double) expected[i] - found[i]);
      double most = i < exact ? 0 : TOLERANCE * Math.max(1, Math.abs(expected[i]));
      if (!(error <= most)) {
        return "output %d: found %s, expected %s, at most %s apart"
            .formatted(i, found[i], expected[i], most);
      }
    }
    return "";
  }

  /** The elements of one series and step, in the order of the axes. */
  private float[] row(Values values, int b, int t) {
    List<Float> row = new ArrayList<>();
    for (int i = 0; i < values.data().length; i++) {
      int left = i;
      boolean here = true;
      for (int axis = out.rank() - 1; axis >= 0; axis--) {
        int dim = (int) values.dims()[axis];
        int index = left % dim;
        left /= dim;
        here &= out.dims().get(axis) != BATCH || index == b;
        here &= out.dims().get(axis) != TIME || index == t;
      }
      if (here) {
        row.add(values.data()[i]);
      }
    }
    float[] result = new float[row.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = row.get(i);
    }
    return result;
  }

  /** The graph, a line per node. */
  private String text() throws OnnxException {
    ModelProto model = OnnxFile.parse(file.name(), file.model());
    StringBuilder text =
        new StringBuilder("operator set " + model.getOpsetImport(0).getVersion() + "\n");
    for (ValueInfoProto input : model.getGraph().getInputList()) {
      text.append(flat(input.getType().getTensorType().getShape().toString())).append('\n');
    }
    for (NodeProto node : model.getGraph().getNodeList()) {
      text.append("  ").append(node.getOutputList()).append(" = ").append(node.getOpType());
      text.append(node.getInputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        text.append(' ').append(flat(attribute.toString()));
      }
      text.append('\n');
    }
    model.getGraph().getInitializerList().stream()
        .filter(t -> t.getFloatDataCount() + t.getInt64DataCount() <= 12)
        .forEach(t -> text.append("  ").append(flat(t.toString())).append('\n'));
    return text.toString();
  }

  private static String flat(String text) {
    return text.replace('\n', ' ');
  }
}
