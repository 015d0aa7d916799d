package io.unroll.model.kernel;

import java.util.List;
import java.util.Random;

/**
 * Prints a hash of every bit that the kernel computes: run interpreted and compiled, and compared.
 */
final class BitsOfAStep {
  private BitsOfAStep() {}

  private static float[] values(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static long hash(long hash, float[] values) {
    long h = hash;
    for (float value : values) {
      h = h * 1_000_003 + Float.floatToIntBits(value);
    }
    return h;
  }

  private static LstmForm variant(Random random, int n) {
    return new LstmForm(
        new Activation(UnaryFunction.HARD_SIGMOID, 0.2f, 0.5f),
        new Activation(UnaryFunction.ELU, 1, 0),
        new Activation(UnaryFunction.SCALED_TANH, 0.7f, 1.2f),
        0.9f,
        false,
        values(random, 3 * n));
  }

  private static void run(
      CellStep step, int rows, float[] x, float[] state, float[] next, int stride, float[] y) {
    step.run(rows, x, state, next, stride, 0, new float[step.scratch(rows)], y);
  }

  /**
   * Takes a kernel's name, how often to compute everything, and perhaps {@code deep}: a GRU whose
   * sums go in parts too, which takes an interpreter long. Prints {@code bits HASH}.
   */
  public static void main(String[] args) {
    Kernel kernel = Kernels.named(args[0]);
    long first = bits(kernel);
    for (int again = 1; again < Integer.parseInt(args[1]); again++) {
      if (bits(kernel) != first) {
        throw new IllegalStateException("other bits in round " + again);
      }
    }
    if (args.length > 2 && args[2].equals("deep")) {
      first = hash(first, deep(kernel));
    }
    System.out.println("bits " + Long.toHexString(first));
  }

  /** What GRUs of both forms make of more neurons than any width sums up at once. */
  private static float[] deep(Kernel kernel) {
    Random random = new Random(12);
    int rows = 7;
    int in = 5;
    int n = 430;
    float[] x = values(random, rows * in);
    float[] state = values(random, rows * n);
    float[] next = new float[2 * rows * n];
    for (boolean linearBeforeReset : new boolean[] {true, false}) {
      CellStep step = cell(kernel, GruForm.standard(linearBeforeReset), in, n, random);
      float[] h = new float[rows * n];
      run(step, rows, x, state, h, n, new float[rows * n]);
      System.arraycopy(h, 0, next, linearBeforeReset ? 0 : h.length, h.length);
    }
    return next;
  }

  private static CellStep cell(Kernel kernel, CellForm form, int in, int n, Random random) {
    int rows = form.gates() * n;
    return kernel.cell(
        form,
        new CellWeights(
            "cell",
            in,
            n,
            values(random, rows * in),
            values(random, rows * n),
            values(random, rows),
            values(random, rows)));
  }

  private record Shape(int rows, int in, int n) {}

  /**
   * Odd ones, a single row, whole vectors with a tail, more inputs than pass at once; blocks of
   * four rows, one left over.
   */
  private static final List<Shape> SHAPES =
      List.of(
          new Shape(13, 7, 19),
          new Shape(1, 5, 64),
          new Shape(4, 140, 33),
          new Shape(1, 3, 65),
          new Shape(9, 420, 9));

  private static long bits(Kernel kernel) {
    Random random = new Random(11);
    long hash = 1;
    for (int round = 0; round < 20; round++) {
      Shape shape = SHAPES.get(round % SHAPES.size());
      int rows = shape.rows();
      int in = shape.in();
      int n = shape.n();
      float[] x = values(random, rows * in);
      float[] state = values(random, rows * 2 * n);
      float[] y = new float[rows * n];
      float[] next = new float[state.length];
      run(
          cell(kernel, round % 3 == 2 ? variant(random, n) : LstmForm.STANDARD, in, n, random),
          rows,
          x,
          state,
          next,
          2 * n,
          y);
      hash = hash(hash(hash, next), y);
      run(
          cell(
              kernel,
              round % 3 == 2
                  ? new GruForm(
                      round % 2 == 0,
                      Activation.SIGMOID,
                      Activation.of(UnaryFunction.SOFTSIGN),
                      0.8f)
                  : GruForm.standard(round % 2 == 0),
              in,
              n,
              random),
          rows,
          x,
          state,
          next,
          2 * n,
          y);
      hash = hash(hash(hash, next), y);
      run(
          cell(
              kernel,
              round % 3 == 2
                  ? new RnnForm(Activation.of(UnaryFunction.SOFTPLUS), 0.8f)
                  : RnnForm.STANDARD,
              in,
              n,
              random),
          rows,
          x,
          state,
          next,
          2 * n,
          y);
      hash = hash(hash(hash, next), y);
      float[] head = new float[rows * 70];
      DenseStep dense = kernel.dense(n, 70, values(random, n * 70), values(random, 70));
      dense.run(rows, y, new float[dense.scratch(rows)], head);
      hash = hash(hash, head);
      float[] out = new float[rows * n];
      kernel.softmax(rows, n, y, out);
      hash = hash(hash, out);
      kernel.layerNorm(rows, n, y, values(random, n), values(random, n), 1e-5f, out);
      hash = hash(hash, out);
    }
    float[] wide = values(random, 5_000);
    for (UnaryFunction f : UnaryFunction.values()) {
      float[] out = new float[wide.length];
      kernel.apply(new Activation(f, 0.7f, 0.3f), wide.length, wide, out);
      hash = hash(hash, out);
    }
    float[] other = values(random, wide.length);
    for (BinaryFunction f : BinaryFunction.values()) {
      float[] out = new float[wide.length];
      kernel.combine(f, wide.length, wide, other, out);
      hash = hash(hash, out);
    }
    for (int i = 0; i < wide.length; i++) {
      wide[i] *= (float) Math.scalb(1.0, i % 250 - 125); // the reductions of every magnitude
    }
    for (UnaryFunction f : UnaryFunction.values()) {
      float[] out = new float[wide.length];
      kernel.apply(new Activation(f, 0.7f, 0.3f), wide.length, wide, out);
      hash = hash(hash, out);
    }
    for (Reduction f : Reduction.values()) {
      float[] out = new float[wide.length / 50];
      kernel.reduce(f, out.length, 50, other, out);
      hash = hash(hash, out);
    }
    float[] logs = new float[wide.length];
    kernel.logSoftmax(wide.length / 50, 50, other, logs);
    hash = hash(hash, logs);
    return hash;
  }
}
