package io.unroll.model.kernel;

/** What {@link Kernel} says its steps compute, written out naively in double. */
final class KernelOracle {
  private KernelOracle() {}

  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** bias of column j, plus row x at x0 times column j of w, {@code width} columns wide. */
  private static double sum(
      double bias, float[] x, int x0, int in, float[] w, int firstRow, int width, int j) {
    double sum = bias;
    for (int k = 0; k < in; k++) {
      sum += (double) x[x0 + k] * w[(firstRow + k) * width + j];
    }
    return sum;
  }

  static double[] dense(float[] x, int row, int in, int out, float[] w, float[] bias) {
    double[] y = new double[out];
    for (int j = 0; j < out; j++) {
      y[j] = sum(bias[j], x, row * in, in, w, 0, out, j);
    }
    return y;
  }

  /** tanh; h of the row stands at h. */
  static double[] rnn(
      float[] x, int x0, int in, float[] state, int h, int n, float[] w, float[] bias) {
    double[] y = new double[n];
    for (int j = 0; j < n; j++) {
      y[j] = StrictMath.tanh(sum(sum(bias[j], x, x0, in, w, 0, n, j), state, h, n, w, in, n, j));
    }
    return y;
  }

  /** h', then c'. */
  static double[] lstm(
      float[] x, int x0, int in, float[] state, int h, int n, float[] w, float[] bias) {
    double[] next = new double[2 * n];
    int width = 4 * n;
    for (int j = 0; j < n; j++) {
      double[] g = new double[4];
      for (int gate = 0; gate < 4; gate++) {
        int column = gate * n + j;
        g[gate] =
            sum(
                sum(bias[column], x, x0, in, w, 0, width, column),
                state,
                h,
                n,
                w,
                in,
                width,
                column);
      }
      double c = sigmoid(g[2]) * state[h + n + j] + sigmoid(g[0]) * StrictMath.tanh(g[3]);
      next[n + j] = c;
      next[j] = sigmoid(g[1]) * StrictMath.tanh(c);
    }
    return next;
  }

  static double[] gru(
      boolean linearBeforeReset,
      float[] x,
      int x0,
      int in,
      float[] state,
      int h,
      int n,
      float[] w,
      float[] inputBias,
      float[] rzr,
      float[] rh,
      float[] stateBias) {
    double[] next = new double[n];
    double[] z = new double[n];
    double[] r = new double[n];
    for (int j = 0; j < n; j++) {
      z[j] =
          sigmoid(
              sum(inputBias[j], x, x0, in, w, 0, 3 * n, j)
                  + sum(stateBias[j], state, h, n, rzr, 0, 2 * n, j));
      r[j] =
          sigmoid(
              sum(inputBias[n + j], x, x0, in, w, 0, 3 * n, n + j)
                  + sum(stateBias[n + j], state, h, n, rzr, 0, 2 * n, n + j));
    }
    for (int j = 0; j < n; j++) {
      double ofState = stateBias[2 * n + j];
      for (int k = 0; k < n; k++) {
        double reset = linearBeforeReset ? 1 : r[k];
        ofState += reset * state[h + k] * rh[k * n + j];
      }
      double ofInput = sum(inputBias[2 * n + j], x, x0, in, w, 0, 3 * n, 2 * n + j);
      double g = StrictMath.tanh(ofInput + (linearBeforeReset ? r[j] : 1) * ofState);
      next[j] = (1 - z[j]) * g + z[j] * state[h + j];
    }
    return next;
  }
}
