package io.unroll.model.kernel;

/**
 * Which of ONNX's LSTM cells.
 *
 * @param f activation of the gates i, o and f
 * @param g activation of the candidate
 * @param h activation of the cell state on its way out
 * @param clip bound of the inputs of f and g, both ways; infinite for none. It does not bound h's:
 *     so ONNX Runtime reads ONNX's "input of activations", and no published case says otherwise
 * @param inputForget the gate f is 1 - i, its own weights unused
 * @param peepholes (3 neurons) weights of the cell state in the gates i, o, f; empty for none.
 *     Never modified
 */
@SuppressWarnings("ArrayRecordComponent") // the kernel reads it at every step and copies nothing
public record LstmForm(
    Activation f, Activation g, Activation h, float clip, boolean inputForget, float[] peepholes) {
  /** sigmoid, tanh, tanh and nothing else: ONNX's defaults. */
  public static final LstmForm STANDARD =
      new LstmForm(
          Activation.SIGMOID,
          Activation.TANH,
          Activation.TANH,
          Float.POSITIVE_INFINITY,
          false,
          new float[0]);

  /** As the record says. */
  public LstmForm {
    RnnForm.checkClip(clip);
    peepholes = peepholes.clone();
  }

  /** Whether it is the form that the kernels are made for. */
  public boolean standard() {
    return f.function() == UnaryFunction.SIGMOID
        && g.function() == UnaryFunction.TANH
        && h.function() == UnaryFunction.TANH
        && clip == Float.POSITIVE_INFINITY
        && !inputForget
        && peepholes.length == 0;
  }

  /** As {@code inspect} prints it: {@code sigmoid, tanh}; h only where it is not g. */
  public String text() {
    return f.text()
        + ", "
        + g.text()
        + (h.equals(g) ? "" : ", " + h.text())
        + RnnForm.clipText(clip)
        + (inputForget ? ", input_forget=1" : "")
        + (peepholes.length > 0 ? ", peepholes" : "");
  }
}
