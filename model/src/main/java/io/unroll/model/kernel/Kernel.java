package io.unroll.model.kernel;

/**
 * The arithmetic of a step over blocks of rows, row-major {@code float[]} that the caller owns.
 * Products are prepared: {@link #dense}, {@link #rnn}, {@link #lstm} and {@link #gru} take the
 * weights once, when a model is read, and give a step that has them as it likes them. Everything
 * else computes at once. What computes checks nothing and allocates nothing; row i's result depends
 * on row i alone and has the same bits whatever the number of rows and however often it ran before.
 *
 * <p>Weights come as {@code (inputs, outputs)}: the transpose of ONNX's rows. A step may keep their
 * arrays: nobody modifies them afterwards. Immutable, thread safe.
 */
public interface Kernel {

  /** Its name in {@link Kernels}. */
  String name();

  /**
   * {@code y = bias + x·w}, summed from the bias upwards in the order of the inputs.
   *
   * @param w (in, out)
   * @param bias (out)
   */
  DenseStep dense(int in, int out, float[] w, float[] bias);

  /**
   * {@code h' = f(x·W + h·R + b)}, the sum bounded by the form's clip. State: h.
   *
   * @param w (in + n, n): W over R
   * @param bias (n): Wb + Rb
   */
  CellStep rnn(RnnForm form, int in, int n, float[] w, float[] bias);

  /**
   * {@code i, o, f = σ(..); g = tanh(..); c' = f c + i g; h' = o tanh(c')}, gates in ONNX's order
   * i, o, f, c; {@link LstmForm} says what else there may be. Peepholes add {@code p c} to i and f
   * and {@code p c'} to o. State: h, then c.
   *
   * @param w (in + n, 4n): W over R
   * @param bias (4n): Wb + Rb
   */
  CellStep lstm(LstmForm form, int in, int n, float[] w, float[] bias);

  /**
   * {@code z, r = σ(..); h' = (1 - z) g + z h} with {@code g = tanh(x·Wh + r (h·Rh + Rbh) + Wbh)}
   * when {@code linearBeforeReset}, else {@code g = tanh(x·Wh + (r h)·Rh + Rbh + Wbh)}; gates in
   * ONNX's order z, r, h; {@link GruForm} says what else there may be. State: h.
   *
   * @param w (in, 3n)
   * @param inputBias (3n): Wb
   * @param rzr (n, 2n): R of z and r
   * @param rh (n, n): R of h
   * @param stateBias (3n): Rb
   */
  CellStep gru(
      GruForm form,
      int in,
      int n,
      float[] w,
      float[] inputBias,
      float[] rzr,
      float[] rh,
      float[] stateBias);

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
