package io.unroll.model.kernel;

/** One step of a recurrent layer, its weights inside. Immutable, thread safe. */
public interface CellStep {

  /** Floats of scratch that {@link #run} needs for that many rows. */
  int scratch(int rows);

  /**
   * Advances each row. Allocates nothing.
   *
   * @param x (rows, in)
   * @param state (rows, stride), the form's states from {@code at} on: h, for an LSTM c behind it
   * @param next (rows, stride), laid out as {@code state}. Modified.
   * @param scratch at least {@link #scratch} floats. Modified.
   * @param y (rows, n), h' again. Modified.
   */
  void run(
      int rows,
      float[] x,
      float[] state,
      float[] next,
      int stride,
      int at,
      float[] scratch,
      float[] y);
}
