package io.unroll.model.kernel;

/**
 * Which of ONNX's GRU cells.
 *
 * @param linearBeforeReset the reset gate after (true) or before the candidate's product
 * @param f activation of the gates z and r
 * @param g activation of the candidate
 * @param clip bound of the inputs of f and g, both ways; infinite for none
 */
public record GruForm(boolean linearBeforeReset, Activation f, Activation g, float clip) {

  /** As the record says. */
  public GruForm {
    RnnForm.checkClip(clip);
  }

  /** sigmoid and tanh without a bound: ONNX's defaults. */
  public static GruForm standard(boolean linearBeforeReset) {
    return new GruForm(
        linearBeforeReset, Activation.SIGMOID, Activation.TANH, Float.POSITIVE_INFINITY);
  }

  /** Whether it is one of the two forms that the kernels are made for. */
  public boolean standard() {
    return f.function() == UnaryFunction.SIGMOID
        && g.function() == UnaryFunction.TANH
        && clip == Float.POSITIVE_INFINITY;
  }

  /** As {@code inspect} prints it: {@code sigmoid, tanh, linear_before_reset=1}. */
  public String text() {
    return f.text()
        + ", "
        + g.text()
        + RnnForm.clipText(clip)
        + ", linear_before_reset="
        + (linearBeforeReset ? 1 : 0);
  }
}
