package io.unroll.model.kernel.vector;

import io.unroll.model.kernel.DenseStep;

/** A product straight into the result. */
final class VectorDense implements DenseStep {
  private final int in;
  private final int out;
  private final Product product;

  VectorDense(int in, int out, float[] w, float[] bias) {
    this.in = in;
    this.out = out;
    product = new Product(in, out, w, bias);
  }

  @Override
  public int scratch(int rows) {
    return product.scratch(rows);
  }

  @Override
  public void run(int rows, float[] x, float[] scratch, float[] y) {
    product.run(rows, x, 0, in, scratch, 0, y, 0, out);
  }
}
