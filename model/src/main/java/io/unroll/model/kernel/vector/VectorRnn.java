package io.unroll.model.kernel.vector;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.StackedWeights;

/** The plain cell without a bound: a product, then the activation. */
final class VectorRnn implements CellStep {
  private final Kernel kernel;
  private final Activation f;
  private final int in;
  private final int n;
  private final Product product;

  VectorRnn(Kernel kernel, Activation f, StackedWeights weights) {
    this.kernel = kernel;
    this.f = f;
    in = weights.inputs();
    n = weights.neurons();
    product = new Product(in + n, n, weights.w(), weights.bias());
  }

  /** The rows' x over h, and the product's own. */
  @Override
  public int scratch(int rows) {
    return rows * (in + n) + product.scratch(rows);
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
    int count = in + n;
    Blocks.pack(rows, in, x, n, state, at, stride, scratch);
    product.run(rows, scratch, scratch, rows * count, y, 0, n);
    kernel.apply(f, rows * n, y, y);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(y, row * n, next, row * stride + at, n);
    }
  }
}
