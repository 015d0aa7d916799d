package io.unroll.model.kernel;

/** Rows one after the other, every form. */
final class PlainRnn implements CellStep {
  private final RnnForm form;
  private final int in;
  private final int n;
  private final float[] w; // (in + n, n)
  private final float[] bias; // (n)

  PlainRnn(RnnForm form, StackedWeights weights) {
    this.form = form;
    in = weights.inputs();
    n = weights.neurons();
    w = weights.w();
    bias = weights.bias();
  }

  @Override
  public int scratch(int rows) {
    return 0;
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
    for (int row = 0; row < rows; row++) {
      int to = row * n;
      int h = row * stride + at;
      System.arraycopy(bias, 0, y, to, n);
      Rows.addProduct(x, row * in, in, w, 0, n, y, to);
      Rows.addProduct(state, h, n, w, in * n, n, y, to);
      Rows.activate(form.f(), form.clip(), n, y, to);
      System.arraycopy(y, to, next, h, n);
    }
  }
}
