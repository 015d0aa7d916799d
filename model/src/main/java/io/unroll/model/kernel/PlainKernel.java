package io.unroll.model.kernel;

/** Rows one after the other; {@link Rows} and {@link Gates} hold the loops. */
final class PlainKernel implements Kernel {

  @Override
  public String name() {
    return Kernels.PLAIN;
  }

  @Override
  public DenseStep dense(int in, int out, float[] w, float[] bias) {
    return new PlainDense(in, out, w, bias);
  }

  @Override
  public void apply(Activation f, int count, float[] x, float[] y) {
    Rows.apply(f, count, x, 0, y, 0);
  }

  @Override
  public void combine(BinaryFunction f, int count, float[] a, float[] b, float[] y) {
    Rows.combine(f, count, a, 0, b, 0, y, 0);
  }

  @Override
  public void combineConstant(
      BinaryFunction f,
      int rows,
      int width,
      float[] x,
      float[] constant,
      boolean constantFirst,
      float[] y) {
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      if (constantFirst) {
        Rows.combine(f, width, constant, 0, x, at, y, at);
      } else {
        Rows.combine(f, width, x, at, constant, 0, y, at);
      }
    }
  }

  @Override
  public void softmax(int rows, int width, float[] x, float[] y) {
    for (int row = 0; row < rows; row++) {
      Rows.softmax(x, y, row * width, width);
    }
  }

  @Override
  public void logSoftmax(int rows, int width, float[] x, float[] y) {
    for (int row = 0; row < rows; row++) {
      Rows.logSoftmax(x, y, row * width, width);
    }
  }

  @Override
  public void reduce(Reduction f, int rows, int width, float[] x, float[] y) {
    for (int row = 0; row < rows; row++) {
      y[row] = f.of(x, row * width, width);
    }
  }

  @Override
  public void layerNorm(
      int rows, int width, float[] x, float[] scale, float[] bias, float epsilon, float[] y) {
    for (int row = 0; row < rows; row++) {
      Rows.layerNorm(x, y, row * width, width, scale, bias, epsilon);
    }
  }

  @Override
  public CellStep cell(CellForm form, CellWeights weights) {
    return form.match(new Cells(weights));
  }

  private record Cells(CellWeights weights) implements CellForm.Cases<CellStep> {
    @Override
    public CellStep rnn(RnnForm form) {
      return new PlainRnn(form, form.pack(weights));
    }

    @Override
    public CellStep lstm(LstmForm form) {
      return new PlainLstm(form, form.pack(weights));
    }

    @Override
    public CellStep gru(GruForm form) {
      return new PlainGru(form, form.pack(weights));
    }
  }

  /** Every number times 0 is 0, infinities and NaN are not; four sums run side by side. */
  @Override
  public boolean finite(float[] x, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = from;
    int end = from + count;
    for (; i + 3 < end; i += 4) {
      a += x[i] * 0;
      b += x[i + 1] * 0;
      c += x[i + 2] * 0;
      d += x[i + 3] * 0;
    }
    for (; i < end; i++) {
      a += x[i] * 0;
    }
    return a + b + c + d == 0;
  }

  @Override
  public boolean wantsWarmUp() {
    return false;
  }
}
