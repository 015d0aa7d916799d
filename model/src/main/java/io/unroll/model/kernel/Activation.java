package io.unroll.model.kernel;

/**
 * An elementwise function with its attributes.
 *
 * @param function the function
 * @param alpha ONNX's attribute alpha; 0 where the function has none
 * @param beta ONNX's attribute beta; 0 where the function has none
 */
public record Activation(UnaryFunction function, float alpha, float beta) {
  public static final Activation TANH = of(UnaryFunction.TANH);
  public static final Activation SIGMOID = of(UnaryFunction.SIGMOID);
  public static final Activation RELU = of(UnaryFunction.RELU);

  /** A function without attributes. */
  public static Activation of(UnaryFunction function) {
    return new Activation(function, 0, 0);
  }

  /** The function of one value, with the bits that {@link Kernel#apply} gives. */
  public float of(float x) {
    return function.of(x, alpha, beta);
  }
}
