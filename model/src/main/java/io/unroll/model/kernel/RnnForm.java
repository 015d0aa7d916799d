package io.unroll.model.kernel;

/**
 * Which of ONNX's plain cells.
 *
 * @param f the activation
 * @param clip bound of the activation's input, both ways; infinite for none
 */
public record RnnForm(Activation f, float clip) {
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

  /** As {@code inspect} prints it: {@code tanh}, {@code relu, clip 3}. */
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
