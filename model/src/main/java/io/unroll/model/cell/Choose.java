package io.unroll.model.cell;

/**
 * Value by value one row or another, as a row of truth values says: ONNX Where. A condition of NaN
 * gives NaN.
 */
public final class Choose implements Node {
  private final String name;
  private final int width;
  private final int condition;
  private final int yes;
  private final int no;
  private final int output;

  /**
   * @param condition the register of the truth values: 0 takes from {@code no}, else from {@code
   *     yes}
   */
  public Choose(StepGraph.Builder graph, String name, int condition, int yes, int no) {
    width = graph.width(condition);
    if (graph.width(yes) != width || graph.width(no) != width) {
      throw new IllegalArgumentException(
          "%s: rows of %d and %d values for %d conditions"
              .formatted(name, graph.width(yes), graph.width(no), width));
    }
    this.name = name;
    this.condition = condition;
    this.yes = yes;
    this.no = no;
    output = graph.register(width);
  }

  /** The register of the truth values. */
  public int condition() {
    return condition;
  }

  /** The register taken from where the condition is not 0. */
  public int yes() {
    return yes;
  }

  /** The register taken from where the condition is 0. */
  public int no() {
    return no;
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] c = frame.register(condition);
    float[] a = frame.register(yes);
    float[] b = frame.register(no);
    float[] y = frame.register(output);
    for (int i = 0; i < rows * width; i++) {
      y[i] = c[i] == 0 ? b[i] : Float.isNaN(c[i]) ? Float.NaN : a[i];
    }
  }

  @Override
  public Layer layer() {
    return new Layer("Where", name, 3 * width, width, "", 0);
  }
}
