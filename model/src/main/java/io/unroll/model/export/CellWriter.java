package io.unroll.model.export;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.cell.Cell;
import io.unroll.model.cell.CellWeights;
import io.unroll.model.cell.LstmCell;
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
   * The last c of an LSTM, an output that the node gets when it is asked for.
   *
   * @param node the LSTM's
   * @param name the LSTM's
   */
  record Memory(NodeProto.Builder node, String name) {
    /** (batch, neurons) */
    String last(Sheet sheet) {
      String value = sheet.value(name + ".Y_c"); // (1, batch, neurons)
      node.addOutput("").addOutput(value);
      return sheet.node("Squeeze", name + ".c", List.of(value, sheet.longs(0)));
    }
  }

  void write(Cell cell) {
    CellWeights weights = cell.weights();
    String name = weights.name();
    int n = weights.neurons();
    int at = cell.state().offset();
    boolean lstm = cell instanceof LstmCell;
    String x = writer.rows(cell.input());
    String h = initial(name + ".initial_h", at, n);
    String c = lstm ? initial(name + ".initial_c", at + n, n) : "";
    String steps = sheet.value(name + ".Y"); // (steps, 1, batch, neurons)
    NodeProto.Builder node = CellNode.add(sheet, cell, x, h, c, List.of(steps));
    writer.put(cell.output(), sheet.node("Squeeze", name + ".h", List.of(steps, sheet.longs(1))));
    if (cell instanceof LstmCell memorizing) {
      writer.put(memorizing.memory(), new Memory(node, name));
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
