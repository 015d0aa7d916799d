package io.unroll.model.kernel;

/** Rows one after the other, every form. */
final class PlainLstm implements CellStep {
  private final LstmForm form;
  private final boolean standard;
  private final int in;
  private final int n;
  private final float[] w; // (in + n, 4n)
  private final float[] bias; // (4n)

  PlainLstm(LstmForm form, StackedWeights weights) {
    this.form = form;
    standard = form.standard();
    in = weights.inputs();
    n = weights.neurons();
    w = weights.w();
    bias = weights.bias();
  }

  /** One row's gates. */
  @Override
  public int scratch(int rows) {
    return 4 * n;
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
    int width = 4 * n;
    for (int row = 0; row < rows; row++) {
      int h = row * stride + at;
      int c = h + n;
      System.arraycopy(bias, 0, scratch, 0, width);
      Rows.addProduct(x, row * in, in, w, 0, width, scratch, 0);
      Rows.addProduct(state, h, n, w, in * width, width, scratch, 0);
      if (standard) {
        Gates.lstm(scratch, n, state, c, next, c, y, row * n);
      } else {
        Gates.lstm(form, scratch, n, state, c, next, c, y, row * n);
      }
      System.arraycopy(y, row * n, next, h, n);
    }
  }
}
