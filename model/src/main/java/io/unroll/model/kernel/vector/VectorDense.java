package io.unroll.model.kernel.vector;

import io.unroll.model.kernel.DenseStep;

/** A product into the result. */
final class VectorDense implements DenseStep {
  private final int in;
  private final int out;
  private final Product product;

  VectorDense(int in, int out, float[] w, float[] bias) {
    this.in = in;
    this.out = out;
    product = new Product(in, out, w, bias);
  }

  /** The rows in blocks, and the product's own. */
  @Override
  public int scratch(int rows) {
    return rows * in + product.scratch(rows);
  }

  @Override
  public void run(int rows, float[] x, float[] scratch, float[] y) {
    Blocks.pack(rows, in, x, scratch);
    product.run(rows, scratch, scratch, rows * in, y, 0, out);
  }
}
