package io.unroll.model.kernel;

/** Rows one after the other. */
final class PlainDense implements DenseStep {
  private final int in;
  private final int out;
  private final float[] w; // (in, out)
  private final float[] bias; // (out)

  PlainDense(int in, int out, float[] w, float[] bias) {
    this.in = in;
    this.out = out;
    this.w = w;
    this.bias = bias;
  }

  @Override
  public int scratch(int rows) {
    return 0;
  }

  @Override
  public void run(int rows, float[] x, float[] scratch, float[] y) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(bias, 0, y, row * out, out);
      Rows.addProduct(x, row * in, in, w, 0, out, y, row * out);
    }
  }
}
