package io.unroll.model.kernel;

import java.util.List;

/**
 * Which of ONNX's plain cells.
 *
 * @param f the activation
 * @param clip bound of the activation's input, both ways; infinite for none
 */
public record RnnForm(Activation f, float clip) implements CellForm {
  private static final List<String> STATES = List.of("h");

  /** {@code tanh} without a bound: ONNX's defaults. */
  public static final RnnForm STANDARD = of(Activation.TANH);

  /** As the record says. */
  public RnnForm {
    checkClip(clip);
  }

  /** Without a bound. */
  public static RnnForm of(Activation f) {
    return new RnnForm(f, Float.POSITIVE_INFINITY);
  }

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.rnn(this);
  }

  @Override
  public String operator() {
    return "RNN";
  }

  @Override
  public int gates() {
    return 1;
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
    return new CellAttributes(List.of(f), clip, List.of());
  }

  @Override
  public RnnForm with(CellAttributes attributes) {
    return new RnnForm(attributes.activations().get(0), attributes.clip());
  }

  @Override
  public CellWeights distinct(CellWeights weights) {
    return weights.withOneBias();
  }

  /** As the kernel takes them. */
  public StackedWeights pack(CellWeights weights) {
    return StackedWeights.of(weights);
  }

  /** {@code tanh}, {@code relu, clip 3}. */
  @Override
  public String text() {
    return f.text() + clipText(clip);
  }

  static void checkClip(float clip) {
    if (!(clip > 0)) {
      throw new IllegalArgumentException("clip is " + clip + ", expected above 0");
    }
  }

  static String clipText(float clip) {
    return clip == Float.POSITIVE_INFINITY ? "" : ", clip " + clip;
  }
}
