package io.unroll.model.kernel;

import java.util.List;

/**
 * Which of ONNX's GRU cells.
 *
 * @param linearBeforeReset the reset gate after (true) or before the candidate's product
 * @param f activation of the gates z and r
 * @param g activation of the candidate
 * @param clip bound of the inputs of f and g, both ways; infinite for none
 */
public record GruForm(boolean linearBeforeReset, Activation f, Activation g, float clip)
    implements CellForm {
  private static final String LINEAR_BEFORE_RESET = "linear_before_reset";
  private static final List<String> STATES = List.of("h");

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

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.gru(this);
  }

  @Override
  public String operator() {
    return "GRU";
  }

  @Override
  public int gates() {
    return 3;
  }

  @Override
  public List<String> states() {
    return STATES;
  }

  @Override
  public int peepholeGates() {
    return 0;
  }

  @Override
  public CellAttributes attributes() {
    return new CellAttributes(
        List.of(f, g),
        clip,
        List.of(new CellAttributes.Flag(LINEAR_BEFORE_RESET, linearBeforeReset, true)));
  }

  @Override
  public GruForm with(CellAttributes attributes) {
    List<Activation> activations = attributes.activations();
    return new GruForm(
        attributes.flag(LINEAR_BEFORE_RESET),
        activations.get(0),
        activations.get(1),
        attributes.clip());
  }

  @Override
  public CellWeights distinct(CellWeights weights) {
    return weights;
  }

  /** As the kernel takes them. */
  public SplitWeights pack(CellWeights weights) {
    return SplitWeights.of(weights);
  }

  /** {@code sigmoid, tanh, linear_before_reset=1}. */
  @Override
  public String text() {
    return f.text()
        + ", "
        + g.text()
        + RnnForm.clipText(clip)
        + ", linear_before_reset="
        + (linearBeforeReset ? 1 : 0);
  }
}
