package io.unroll.model.kernel;

/** Loops over one row. The last array is the output and is modified. */
final class Rows {
  private Rows() {}

  /**
   * {@code y += x·w} for one row: {@code x (in)} at xAt, {@code w (in, out)} at wAt, {@code y
   * (out)} at yAt. Each output is summed in the order of the inputs; four inputs to a pass save
   * loads and stores of y and leave that order as it is. The inner loop runs along the outputs, so
   * no sum is ever reordered.
   */
  static void addProduct(
      float[] x, int xAt, int in, float[] w, int wAt, int out, float[] y, int yAt) {
    int k = 0;
    for (; k + 3 < in; k += 4) {
      float a0 = x[xAt + k];
      float a1 = x[xAt + k + 1];
      float a2 = x[xAt + k + 2];
      float a3 = x[xAt + k + 3];
      int w0 = wAt + k * out;
      int w1 = w0 + out;
      int w2 = w1 + out;
      int w3 = w2 + out;
      for (int j = 0; j < out; j++) {
        y[yAt + j] =
            (((y[yAt + j] + a0 * w[w0 + j]) + a1 * w[w1 + j]) + a2 * w[w2 + j]) + a3 * w[w3 + j];
      }
    }
    for (; k < in; k++) {
      float a = x[xAt + k];
      int w0 = wAt + k * out;
      for (int j = 0; j < out; j++) {
        y[yAt + j] = y[yAt + j] + a * w[w0 + j];
      }
    }
  }

  static void apply(Activation f, int n, float[] x, int xAt, float[] y, int yAt) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = f.of(x[xAt + j]);
    }
  }

  /** {@code y = f(y)} after y has been kept within -clip and clip; NaN stays NaN. */
  static void activate(Activation f, float clip, int n, float[] y, int yAt) {
    if (clip != Float.POSITIVE_INFINITY) {
      for (int j = yAt; j < yAt + n; j++) {
        float value = y[j];
        y[j] = value > clip ? clip : value < -clip ? -clip : value;
      }
    }
    apply(f, n, y, yAt, y, yAt);
  }

  static void combine(
      BinaryFunction f, int n, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = f.of(a[aAt + j], b[bAt + j]);
    }
  }

  /** Shifted by the largest value, summed in double. */
  static void softmax(float[] x, float[] y, int at, int n) {
    float max = Reduction.max(x, at, n);
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += Transcendentals.exp((double) x[at + j] - max);
    }
    for (int j = 0; j < n; j++) {
      y[at + j] = (float) (Transcendentals.exp((double) x[at + j] - max) / sum);
    }
  }

  /** The logarithm of softmax, also where softmax itself is 0 for a float. */
  static void logSoftmax(float[] x, float[] y, int at, int n) {
    float max = Reduction.max(x, at, n);
    double log = Reduction.logOfShifted(x, at, n, max);
    for (int j = 0; j < n; j++) {
      y[at + j] = (float) (((double) x[at + j] - max) - log);
    }
  }

  static void layerNorm(
      float[] x, float[] y, int at, int n, float[] scale, float[] bias, float epsilon) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += x[at + j];
    }
    double mean = sum / n;
    double squares = 0;
    for (int j = 0; j < n; j++) {
      double d = x[at + j] - mean;
      squares += d * d;
    }
    double inverse = 1 / Math.sqrt(squares / n + epsilon);
    for (int j = 0; j < n; j++) {
      y[at + j] = (float) ((x[at + j] - mean) * inverse) * scale[j] + bias[j];
    }
  }
}
