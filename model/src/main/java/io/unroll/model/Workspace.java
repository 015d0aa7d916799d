package io.unroll.model;

import io.unroll.model.cell.Frame;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.kernel.Kernel;
import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;

/**
 * Scratch of one caller for steps of one model, reused from step to step. Holds the last step's
 * output and verdicts. Not thread safe.
 */
public final class Workspace {
  private final StepGraph graph;
  private final Frame frame;
  private final FMatrixRMaj output;
  private final boolean[] advanced;
  private int rows;

  Workspace(StepGraph graph, int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException(
          "a workspace of " + capacity + " rows, expected 1 or more");
    }
    this.graph = graph;
    frame = graph.frame(capacity);
    output = FMatrixRMaj.wrap(0, graph.outputSize(), graph.output(frame));
    advanced = new boolean[capacity];
  }

  /** Rows that one step can take. */
  public int capacity() {
    return frame.capacity();
  }

  /** The last step's output: (rows of that step, outputSize). Overwritten by the next step. */
  public FMatrixRMaj output() {
    return output;
  }

  /**
   * Whether that row's step counted. False: its output or its next state was not finite; its state
   * is as it was before the step. Other rows are not concerned.
   */
  public boolean advanced(int row) {
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException("row " + row + " of a step of " + rows + " rows");
    }
    return advanced[row];
  }

  boolean belongsTo(StepGraph other) {
    return graph == other;
  }

  void step(int stepRows, float[] input, float[] state) {
    rows = 0;
    output.numRows = 0;
    graph.run(frame, stepRows, input, state);
    int outputSize = graph.outputSize();
    int stateSize = graph.stateSize();
    float[] out = output.data;
    float[] next = frame.next();
    Kernel kernel = graph.kernel();
    if (kernel.finite(out, 0, stepRows * outputSize)
        && kernel.finite(next, 0, stepRows * stateSize)) { // all rows at once, as nearly always
      Arrays.fill(advanced, 0, stepRows, true);
      System.arraycopy(next, 0, state, 0, stepRows * stateSize);
    } else {
      for (int row = 0; row < stepRows; row++) {
        boolean finite =
            kernel.finite(out, row * outputSize, outputSize)
                && kernel.finite(next, row * stateSize, stateSize);
        advanced[row] = finite;
        if (finite) {
          System.arraycopy(next, row * stateSize, state, row * stateSize, stateSize);
        }
      }
    }
    rows = stepRows;
    output.numRows = stepRows;
  }
}
