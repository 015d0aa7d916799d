package io.unroll.model.kernel;

/** Rows one after the other; {@link Rows} and {@link Gates} hold the loops. */
final class PlainKernel implements Kernel {

  @Override
  public String name() {
    return Kernels.PLAIN;
  }

  @Override
  public void dense(int rows, float[] x, int in, float[] w, float[] bias, float[] y, int out) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(bias, 0, y, row * out, out);
      Rows.addProduct(x, row * in, in, w, 0, out, y, row * out);
    }
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
  public void rnn(
      RnnForm form,
      int rows,
      float[] x,
      int in,
      float[] w,
      float[] bias,
      int n,
      float[] state,
      float[] next,
      int stride,
      int h,
      float[] y) {
    for (int row = 0; row < rows; row++) {
      int at = row * n;
      int slot = row * stride + h;
      System.arraycopy(bias, 0, y, at, n);
      Rows.addProduct(x, row * in, in, w, 0, n, y, at);
      Rows.addProduct(state, slot, n, w, in * n, n, y, at);
      Rows.activate(form.f(), form.clip(), n, y, at);
      System.arraycopy(y, at, next, slot, n);
    }
  }

  @Override
  public void lstm(
      LstmForm form,
      int rows,
      float[] x,
      int in,
      float[] w,
      float[] bias,
      int n,
      float[] state,
      float[] next,
      int stride,
      int h,
      int c,
      float[] gates,
      float[] y) {
    int width = 4 * n;
    boolean standard = form.standard();
    for (int row = 0; row < rows; row++) {
      int base = row * stride;
      System.arraycopy(bias, 0, gates, 0, width);
      Rows.addProduct(x, row * in, in, w, 0, width, gates, 0);
      Rows.addProduct(state, base + h, n, w, in * width, width, gates, 0);
      if (standard) {
        Gates.lstm(gates, n, state, base + c, next, base + c, y, row * n);
      } else {
        Gates.lstm(form, gates, n, state, base + c, next, base + c, y, row * n);
      }
      System.arraycopy(y, row * n, next, base + h, n);
    }
  }

  @Override
  public void gru(
      GruForm form,
      int rows,
      float[] x,
      int in,
      float[] w,
      float[] inputBias,
      float[] rzr,
      float[] rh,
      float[] stateBias,
      int n,
      float[] state,
      float[] next,
      int stride,
      int h,
      float[] gates,
      float[] y) {
    int ofState = 3 * n; // gates: input part (3n), state part (3n), r·h (n)
    int resetState = 6 * n;
    boolean standard = form.standard();
    for (int row = 0; row < rows; row++) {
      int slot = row * stride + h;
      System.arraycopy(inputBias, 0, gates, 0, 3 * n);
      System.arraycopy(stateBias, 0, gates, ofState, 3 * n);
      Rows.addProduct(x, row * in, in, w, 0, 3 * n, gates, 0);
      Rows.addProduct(state, slot, n, rzr, 0, 2 * n, gates, ofState);
      if (standard) {
        Gates.updateAndReset(gates, n);
      } else {
        Gates.updateAndReset(form, gates, n);
      }
      if (form.linearBeforeReset()) {
        Rows.addProduct(state, slot, n, rh, 0, n, gates, ofState + 2 * n);
      } else {
        Rows.combine(BinaryFunction.MUL, n, gates, n, state, slot, gates, resetState);
        Rows.addProduct(gates, resetState, n, rh, 0, n, gates, ofState + 2 * n);
      }
      if (!standard) {
        Gates.candidate(form, gates, n);
      } else if (form.linearBeforeReset()) {
        Gates.candidateAfterReset(gates, n);
      } else {
        Gates.candidateBeforeReset(gates, n);
      }
      Gates.gruOutput(gates, n, state, slot, y, row * n);
      System.arraycopy(y, row * n, next, slot, n);
    }
  }
}
