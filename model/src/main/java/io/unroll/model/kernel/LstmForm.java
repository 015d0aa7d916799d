package io.unroll.model.kernel;

import java.util.List;

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
    Activation f, Activation g, Activation h, float clip, boolean inputForget, float[] peepholes)
    implements CellForm {
  private static final String INPUT_FORGET = "input_forget";
  private static final List<String> STATES = List.of("h", "c");

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

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.lstm(this);
  }

  @Override
  public String operator() {
    return "LSTM";
  }

  @Override
  public int gates() {
    return 4;
  }

  @Override
  public List<String> states() {
    return STATES;
  }

  @Override
  public int peepholeGates() {
    return 3;
  }

  @Override
  public CellAttributes attributes() {
    return new CellAttributes(
        List.of(f, g, h),
        clip,
        List.of(new CellAttributes.Flag(INPUT_FORGET, inputForget, false)),
        peepholes);
  }

  @Override
  public LstmForm with(CellAttributes attributes) {
    List<Activation> activations = attributes.activations();
    return new LstmForm(
        activations.get(0),
        activations.get(1),
        activations.get(2),
        attributes.clip(),
        attributes.flag(INPUT_FORGET),
        attributes.peepholes());
  }

  @Override
  public CellWeights distinct(CellWeights weights) {
    return weights.withOneBias();
  }

  /** As the kernel takes them. */
  public StackedWeights pack(CellWeights weights) {
    return StackedWeights.of(weights);
  }

  /** {@code sigmoid, tanh}; h only where it is not g. */
  @Override
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
