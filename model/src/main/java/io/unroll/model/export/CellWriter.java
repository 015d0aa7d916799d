package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.kernel.CellWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cells that run over all steps of their input, each by one node. */
final class CellWriter {
  private final OnnxWriter writer;
  private final Sheet sheet;
  private final Sizes sizes;
  private final float[] initialState;

  CellWriter(OnnxWriter writer, Sheet sheet, Sizes sizes, float[] initialState) {
    this.writer = writer;
    this.sheet = sheet;
    this.sizes = sizes;
    this.initialState = initialState;
  }

  /**
   * A cell's state besides h after the last step (an LSTM's c): an output that the node gets when
   * it is asked for.
   *
   * @param node the cell's
   * @param name the cell's
   * @param state the state's
   * @param place of the state among the cell's
   */
  record Memory(NodeProto.Builder node, String name, String state, int place) {
    /** (batch, neurons) */
    String last(Sheet sheet) {
      String value = sheet.value(name + ".Y_" + state); // (1, batch, neurons)
      while (node.getOutputCount() <= 1 + place) { // Y is in front
        node.addOutput("");
      }
      node.setOutput(1 + place, value);
      return sheet.node("Squeeze", name + "." + state, List.of(value, sheet.longs(0)));
    }
  }

  void write(RecurrentCell cell) {
    CellWeights weights = cell.weights();
    String name = weights.name();
    int n = weights.neurons();
    List<String> states = cell.form().states();
    String x = writer.rows(cell.input());
    List<String> before = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      before.add(initial(name + ".initial_" + states.get(i), cell.state().offset() + i * n, n));
    }
    String steps = sheet.value(name + ".Y"); // (steps, 1, batch, neurons)
    NodeProto.Builder node = CellNode.add(sheet, cell, x, before, List.of(steps));
    writer.put(cell.output(), sheet.node("Squeeze", name + ".h", List.of(steps, sheet.longs(1))));
    for (int i = 1; i < states.size(); i++) {
      writer.put(cell.next(i), new Memory(node, name, states.get(i), i));
    }
  }

  /** The constant state for each series of the batch; empty for zeros. */
  private String initial(String name, int at, int n) {
    float[] state = Arrays.copyOfRange(initialState, at, at + n);
    if (Sheet.isZero(state)) {
      return "";
    }
    String row = sheet.floats(name, state, 1, 1, n);
    return sheet.node("Expand", name + ".of_batch", List.of(row, sizes.oneStep(n)));
  }
}
