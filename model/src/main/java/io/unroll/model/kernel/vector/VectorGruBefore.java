package io.unroll.model.kernel.vector;

import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.SplitWeights;
import java.util.Arrays;

/**
 * The standard GRU that resets before the candidate's product: two products, one behind the other.
 */
final class VectorGruBefore implements CellStep {
  private final int in;
  private final int n;
  private final int count; // in + n
  private final Product updateReset; // x over h to z, r
  private final Product candidate; // x over r h to g

  VectorGruBefore(SplitWeights weights) {
    in = weights.inputs();
    n = weights.neurons();
    count = in + n;
    float[] gates = new float[Math.multiplyExact(count, 2 * n)];
    float[] candidates = new float[Math.multiplyExact(count, n)];
    for (int k = 0; k < in; k++) {
      System.arraycopy(weights.w(), k * 3 * n, gates, k * 2 * n, 2 * n);
      System.arraycopy(weights.w(), k * 3 * n + 2 * n, candidates, k * n, n);
    }
    System.arraycopy(weights.rzr(), 0, gates, in * 2 * n, weights.rzr().length);
    System.arraycopy(weights.rh(), 0, candidates, in * n, weights.rh().length);
    float[] bias = new float[3 * n];
    for (int j = 0; j < bias.length; j++) {
      bias[j] = weights.inputBias()[j] + weights.stateBias()[j];
    }
    updateReset = new Product(count, 2 * n, gates, Arrays.copyOf(bias, 2 * n));
    candidate = new Product(count, n, candidates, Arrays.copyOfRange(bias, 2 * n, 3 * n));
  }

  /** The rows' x over h, then over r h; z and r; and the products' own. */
  @Override
  public int scratch(int rows) {
    return rows * (count + 2 * n) + Math.max(updateReset.scratch(rows), candidate.scratch(rows));
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
    int gates = rows * count;
    int pad = gates + rows * 2 * n;
    Blocks.pack(rows, in, x, n, state, at, stride, scratch);
    updateReset.run(rows, scratch, scratch, pad, scratch, gates, 2 * n);
    Functions.sigmoid(rows * 2 * n, scratch, gates, scratch, gates);
    for (int row = 0; row < rows; row++) {
      int r = gates + row * 2 * n + n;
      int h = row * stride + at;
      for (int j = 0; j < n; j++) {
        y[row * n + j] = state[h + j] * scratch[r + j];
      }
    }
    Blocks.pack(rows, in, x, n, y, 0, n, scratch);
    candidate.run(rows, scratch, scratch, pad, y, 0, n);
    Functions.tanh(rows * n, y, 0, y, 0);
    for (int row = 0; row < rows; row++) {
      int z = gates + row * 2 * n;
      int h = row * stride + at;
      int g = row * n;
      for (int j = 0; j < n; j++) {
        float update = scratch[z + j];
        y[g + j] = (1 - update) * y[g + j] + update * state[h + j];
      }
      System.arraycopy(y, g, next, h, n);
    }
  }
}
