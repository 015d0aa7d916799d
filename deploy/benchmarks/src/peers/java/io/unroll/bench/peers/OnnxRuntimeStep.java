package io.unroll.bench.peers;

import io.unroll.bench.peer.Shape;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.CellStep;
import java.util.HashMap;
import java.util.Map;

/**
 * An LSTM's step by ONNX Runtime, rows as they come: a session with bound buffers for each number
 * of rows that was seen, made on first use. Used by one operator at a time.
 */
final class OnnxRuntimeStep implements CellStep {
  private final int in;
  private final int n;
  private final CellWeights weights;
  private final Map<Integer, PinnedSession> sessions = new HashMap<>();

  /**
   * @param weights of the standard form
   */
  OnnxRuntimeStep(CellWeights weights) {
    in = weights.inputs();
    n = weights.neurons();
    this.weights = weights;
  }

  @Override
  public int scratch(int rows) {
    return 0;
  }

  @Override
  public void run(
      int rows,
      float[] x,
      float[] state,
      float[] next,
      int stride,
      int at,
      float[] scratch,
      float[] y) {
    PinnedSession session =
        sessions.computeIfAbsent(
            rows, count -> new PinnedSession(Shape.Cell.LSTM, weights, count));
    session.x().put(0, x, 0, rows * in);
    for (int row = 0; row < rows; row++) {
      session.h(0).put(row * n, state, row * stride + at, n);
      session.c(0).put(row * n, state, row * stride + at + n, n);
    }
    session.run(0);
    session.h(1).get(0, y, 0, rows * n);
    for (int row = 0; row < rows; row++) {
      session.h(1).get(row * n, next, row * stride + at, n);
      session.c(1).get(row * n, next, row * stride + at + n, n);
    }
  }
}
