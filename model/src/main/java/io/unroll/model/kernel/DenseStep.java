package io.unroll.model.kernel;

/** {@code y = bias + x·w}, the weights inside. Immutable, thread safe. */
public interface DenseStep {

  /** Floats of scratch that {@link #run} needs for that many rows. */
  int scratch(int rows);

  /**
   * Allocates nothing.
   *
   * @param x (rows, in)
   * @param scratch at least {@link #scratch} floats. Modified.
   * @param y (rows, out). Modified.
   */
  void run(int rows, float[] x, float[] scratch, float[] y);
}
