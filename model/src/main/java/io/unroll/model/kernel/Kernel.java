package io.unroll.model.kernel;

/**
 * The arithmetic of a step over blocks of rows. Every method reads and writes row-major {@code
 * float[]} blocks that the caller owns, checks nothing and allocates nothing; row i's result
 * depends on row i alone and has the same bits whatever the number of rows and however often it ran
 * before.
 *
 * <p>Weights come packed as {@code (inputs, outputs)}: the transpose of ONNX's rows.
 */
public sealed interface Kernel permits PlainKernel {

  /** Its name in {@link Kernels}. */
  String name();

  /**
   * {@code y = bias + x·w}, summed from the bias upwards in the order of the inputs.
   *
   * @param x (rows, in)
   * @param w (in, out)
   * @param bias (out)
   * @param y (rows, out). Modified.
   */
  void dense(int rows, float[] x, int in, float[] w, float[] bias, float[] y, int out);

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

  /**
   * {@code h' = f(x·W + h·R + b)}, the sum bounded by the form's clip.
   *
   * @param x (rows, in)
   * @param w (in + n, n): W over R
   * @param bias (n): Wb + Rb
   * @param state (rows, stride), h at {@code h}
   * @param next (rows, stride), h' at {@code h}. Modified.
   * @param y (rows, n), h' again. Modified.
   */
  void rnn(
      RnnForm form,
      int rows,
      float[] x,
      int in,
      float[] w,
      float[] bias,
      int n,
      float[] state,
      float[] next,
      int stride,
      int h,
      float[] y);

  /**
   * {@code i, o, f = σ(..); g = tanh(..); c' = f c + i g; h' = o tanh(c')}, gates in ONNX's order
   * i, o, f, c; {@link LstmForm} says what else there may be. Peepholes add {@code p c} to i and f
   * and {@code p c'} to o.
   *
   * @param x (rows, in)
   * @param w (in + n, 4n): W over R
   * @param bias (4n): Wb + Rb
   * @param state (rows, stride), h at {@code h}, c at {@code c}
   * @param next (rows, stride). Modified.
   * @param gates (4n) scratch. Modified.
   * @param y (rows, n), h' again. Modified.
   */
  void lstm(
      LstmForm form,
      int rows,
      float[] x,
      int in,
      float[] w,
      float[] bias,
      int n,
      float[] state,
      float[] next,
      int stride,
      int h,
      int c,
      float[] gates,
      float[] y);

  /**
   * {@code z, r = σ(..); h' = (1 - z) g + z h} with {@code g = tanh(x·Wh + r (h·Rh + Rbh) + Wbh)}
   * when {@code linearBeforeReset}, else {@code g = tanh(x·Wh + (r h)·Rh + Rbh + Wbh)}; gates in
   * ONNX's order z, r, h; {@link GruForm} says what else there may be.
   *
   * @param x (rows, in)
   * @param w (in, 3n)
   * @param inputBias (3n): Wb
   * @param rzr (n, 2n): R of z and r
   * @param rh (n, n): R of h
   * @param stateBias (3n): Rb
   * @param state (rows, stride), h at {@code h}
   * @param next (rows, stride), h' at {@code h}. Modified.
   * @param gates (7n) scratch. Modified.
   * @param y (rows, n), h' again. Modified.
   */
  void gru(
      GruForm form,
      int rows,
      float[] x,
      int in,
      float[] w,
      float[] inputBias,
      float[] rzr,
      float[] rh,
      float[] stateBias,
      int n,
      float[] state,
      float[] next,
      int stride,
      int h,
      float[] gates,
      float[] y);
}
