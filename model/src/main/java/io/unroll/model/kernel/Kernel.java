package io.unroll.model.kernel;

/**
 * The arithmetic of a step over blocks of rows, row-major {@code float[]} that the caller owns.
 * Products are prepared: {@link #dense} and {@link #cell} take the weights once, when a model is
 * read, and give a step that has them as it likes them. Everything else computes at once. What
 * computes checks nothing and allocates nothing; row i's result depends on row i alone and has the
 * same bits whatever the number of rows and however often it ran before.
 *
 * <p>Immutable, thread safe.
 */
public interface Kernel {

  /** Its name in {@link Kernels}. */
  String name();

  /**
   * {@code y = bias + x·w}, summed from the bias upwards in the order of the inputs. The step may
   * keep the arrays: nobody modifies them afterwards.
   *
   * @param w (in, out): the transpose of ONNX's rows
   * @param bias (out)
   */
  DenseStep dense(int in, int out, float[] w, float[] bias);

  /**
   * One step of a cell. The form says which of these, and packs the weights for it:
   *
   * <ul>
   *   <li>plain: {@code h' = f(x·W + h·R + b)}, the sum bounded by the form's clip.
   *   <li>LSTM: {@code i, o, f = σ(..); g = tanh(..); c' = f c + i g; h' = o tanh(c')}, gates in
   *       ONNX's order i, o, f, c. Peepholes add {@code p c} to i and f and {@code p c'} to o.
   *   <li>GRU: {@code z, r = σ(..); h' = (1 - z) g + z h} with {@code g = tanh(x·Wh + r (h·Rh +
   *       Rbh) + Wbh)} when {@code linearBeforeReset}, else {@code g = tanh(x·Wh + (r h)·Rh + Rbh +
   *       Wbh)}; gates in ONNX's order z, r, h.
   * </ul>
   *
   * @param weights as ONNX has them, checked by the form. Read, never kept
   */
  CellStep cell(CellForm form, CellWeights weights);

  /** {@code y[i] = f(x[i])} for the first {@code count} values. {@code y} is modified. */
  void apply(Activation f, int count, float[] x, float[] y);

  /** {@code y[i] = f(a[i], b[i])} for the first {@code count} values. {@code y} is modified. */
  void combine(BinaryFunction f, int count, float[] a, float[] b, float[] y);

  /**
   * {@code y = f(x, constant)}, or {@code f(constant, x)} when {@code constantFirst}.
   *
   * @param x (rows, width)
   * @param constant (width)
   * @param y (rows, width). Modified.
   */
  void combineConstant(
      BinaryFunction f,
      int rows,
      int width,
      float[] x,
      float[] constant,
      boolean constantFirst,
      float[] y);

  /** Softmax over each row of {@code x (rows, width)} into {@code y (rows, width)}. Modified. */
  void softmax(int rows, int width, float[] x, float[] y);

  /** The logarithm of {@link #softmax}. */
  void logSoftmax(int rows, int width, float[] x, float[] y);

  /** One value of each row of {@code x (rows, width)} into {@code y (rows)}. Modified. */
  void reduce(Reduction f, int rows, int width, float[] x, float[] y);

  /**
   * ONNX LayerNormalization over each row, moments in double.
   *
   * @param x (rows, width)
   * @param scale (width)
   * @param bias (width)
   * @param y (rows, width). Modified.
   */
  void layerNorm(
      int rows, int width, float[] x, float[] scale, float[] bias, float epsilon, float[] y);

  /** Whether {@code count} values from {@code from} on are all finite. */
  boolean finite(float[] x, int from, int count);

  /**
   * Whether steps that the JIT has not compiled yet are too slow to serve with, by orders of
   * magnitude: whoever serves runs some for nothing before.
   */
  boolean wantsWarmUp();
}
