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
    CellForm form =
        switch (kind) {
          case RNN -> RnnForm.STANDARD;
          case LSTM -> LstmForm.STANDARD;
          case GRU_AFTER -> GruForm.standard(true);
          case GRU_BEFORE -> GruForm.standard(false);
        };
    CellWeights weights = weights(form, in, n, random);
    return new Prepared(kind, in, n, kernel.cell(form, weights), form.match(new Oracles(weights)));
  }

  private static CellWeights weights(CellForm form, int in, int n, Random random) {
    int rows = form.gates() * n;
    boolean apart = form instanceof GruForm; // sums of x and of h, each with its bias
    return new CellWeights(
        "cell",
        in,
        n,
        weights(random, rows * in, apart ? in : in + n),
        weights(random, rows * n, apart ? n : in + n),
        weights(random, rows, apart ? in : n),
        apart ? weights(random, rows, n) : new float[rows]);
  }

  private record Oracles(CellWeights weights) implements CellForm.Cases<Oracle> {
    @Override
    public Oracle rnn(RnnForm form) {
      StackedWeights p = form.pack(weights);
      return (x, x0, state, h) ->
          KernelOracle.rnn(x, x0, p.inputs(), state, h, p.neurons(), p.w(), p.bias());
    }

    @Override
    public Oracle lstm(LstmForm form) {
      StackedWeights p = form.pack(weights);
      return (x, x0, state, h) ->
          KernelOracle.lstm(x, x0, p.inputs(), state, h, p.neurons(), p.w(), p.bias());
    }

    @Override
    public Oracle gru(GruForm form) {
      SplitWeights p = form.pack(weights);
      return (x, x0, state, h) ->
          KernelOracle.gru(
              form.linearBeforeReset(),
              x,
              x0,
              p.inputs(),
              state,
              h,
              p.neurons(),
              p.w(),
              p.inputBias(),
              p.rzr(),
              p.rh(),
              p.stateBias());
    }
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
