package io.unroll.model.cell;

/**
 * The ONNX equations, written out naively in double, from weights as ONNX has them: gates one below
 * the other, {@code w (gates·n, in)}, {@code r (gates·n, n)}, {@code wb} and {@code rb (gates·n)}.
 */
public final class CellOracle {
  private CellOracle() {}

  private static double sum(CellWeights w, int row, float[] x, boolean input) {
    double sum = input ? w.wb()[row] : w.rb()[row];
    int n = input ? w.inputs() : w.neurons();
    for (int i = 0; i < n; i++) {
      sum += (double) (input ? w.w() : w.r())[row * n + i] * x[i];
    }
    return sum;
  }

  private static double sum(CellWeights w, int row, double[] h) {
    double sum = w.rb()[row];
    for (int i = 0; i < w.neurons(); i++) {
      sum += w.r()[row * w.neurons() + i] * h[i];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** h' of the plain cell; {@code function} is Tanh, Relu or Sigmoid. */
  public static double[] rnn(CellWeights w, String function, float[] x, double[] h) {
    double[] next = new double[w.neurons()];
    for (int j = 0; j < next.length; j++) {
      double a = sum(w, j, x, true) + sum(w, j, h);
      next[j] =
          switch (function) {
            case "Tanh" -> Math.tanh(a);
            case "Relu" -> Math.max(0, a);
            case "Sigmoid" -> sigmoid(a);
            default -> throw new IllegalArgumentException(function);
          };
    }
    return next;
  }

  /** h' and c'. */
  public static double[][] lstm(CellWeights w, float[] x, double[] h, double[] c) {
    int n = w.neurons();
    double[][] next = new double[2][n];
    for (int j = 0; j < n; j++) {
      double[] gate = new double[4];
      for (int g = 0; g < 4; g++) {
        gate[g] = sum(w, g * n + j, x, true) + sum(w, g * n + j, h);
      }
      next[1][j] = sigmoid(gate[2]) * c[j] + sigmoid(gate[0]) * Math.tanh(gate[3]);
      next[0][j] = sigmoid(gate[1]) * Math.tanh(next[1][j]);
    }
    return next;
  }

  /** h'. */
  public static double[] gru(CellWeights w, boolean linearBeforeReset, float[] x, double[] h) {
    int n = w.neurons();
    double[] r = new double[n];
    double[] z = new double[n];
    double[] reset = new double[n];
    for (int j = 0; j < n; j++) {
      z[j] = sigmoid(sum(w, j, x, true) + sum(w, j, h));
      r[j] = sigmoid(sum(w, n + j, x, true) + sum(w, n + j, h));
      reset[j] = r[j] * h[j];
    }
    double[] next = new double[n];
    for (int j = 0; j < n; j++) {
      double input = sum(w, 2 * n + j, x, true);
      double candidate =
          Math.tanh(
              linearBeforeReset
                  ? input + r[j] * sum(w, 2 * n + j, h)
                  : input + sum(w, 2 * n + j, reset));
      next[j] = (1 - z[j]) * candidate + z[j] * h[j];
    }
    return next;
  }
}
