package io.unroll.model.kernel;

import java.util.Locale;

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

  /**
   * The function of one value, with the bits that the plain kernel's {@link Kernel#apply} gives.
   */
  public float of(float x) {
    return function.of(x, alpha, beta);
  }

  /** As {@code inspect} prints it: {@code tanh}, {@code leaky_relu(0.01)}. */
  public String text() {
    String name = function.name().toLowerCase(Locale.ROOT);
    if (alpha == 0 && beta == 0) {
      return name;
    }
    return name + "(" + alpha + (beta == 0 ? "" : ", " + beta) + ")";
  }
}
