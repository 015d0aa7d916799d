package io.unroll.model.kernel;

import java.util.Random;

/** A cell of one kind with random weights, prepared by a kernel, and what it should compute. */
record Prepared(Kind kind, int in, int n, CellStep step, Oracle oracle) {

  enum Kind {
    RNN,
    LSTM,
    GRU_AFTER,
    GRU_BEFORE
  }

  /** h' (n), for an LSTM then c' (n), from the row's x at x0 and its state at h. */
  @FunctionalInterface
  interface Oracle {
    double[] next(float[] x, int x0, float[] state, int h);
  }

  /** The same weights from the same random numbers, whatever the kernel. */
  static Prepared of(Kernel kernel, Kind kind, int in, int n, Random random) {
    return switch (kind) {
      case RNN -> {
        float[] w = weights(random, (in + n) * n, in + n);
        float[] bias = weights(random, n, n);
        yield new Prepared(
            kind,
            in,
            n,
            kernel.rnn(RnnForm.STANDARD, in, n, w, bias),
            (x, x0, state, h) -> KernelOracle.rnn(x, x0, in, state, h, n, w, bias));
      }
      case LSTM -> {
        float[] w = weights(random, (in + n) * 4 * n, in + n);
        float[] bias = weights(random, 4 * n, n);
        yield new Prepared(
            kind,
            in,
            n,
            kernel.lstm(LstmForm.STANDARD, in, n, w, bias),
            (x, x0, state, h) -> KernelOracle.lstm(x, x0, in, state, h, n, w, bias));
      }
      case GRU_AFTER, GRU_BEFORE -> {
        boolean after = kind == Kind.GRU_AFTER;
        float[] w = weights(random, in * 3 * n, in);
        float[] inputBias = weights(random, 3 * n, n);
        float[] rzr = weights(random, n * 2 * n, n);
        float[] rh = weights(random, n * n, n);
        float[] stateBias = weights(random, 3 * n, n);
        yield new Prepared(
            kind,
            in,
            n,
            kernel.gru(GruForm.standard(after), in, n, w, inputBias, rzr, rh, stateBias),
            (x, x0, state, h) ->
                KernelOracle.gru(after, x, x0, in, state, h, n, w, inputBias, rzr, rh, stateBias));
      }
    };
  }

  /** Floats of state per row. */
  int width() {
    return kind == Kind.LSTM ? 2 * n : n;
  }

  /**
   * Normally distributed, of variance 1 / (3 terms): what PyTorch starts weights with, and about
   * what trained ones have.
   */
  private static float[] weights(Random random, int count, int terms) {
    return values(random, count, 3 * terms);
  }

  /** Normally distributed, of variance 1 / terms. */
  static float[] values(Random random, int count, int terms) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(terms));
    }
    return values;
  }
}
