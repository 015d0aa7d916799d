package io.unroll.model.cell;

/** The same row at every step: a constant that is joined to computed values. */
public final class Literal implements Node {
  private final String name;
  private final float[] values;
  private final int output;

  public Literal(StepGraph.Builder graph, String name, float[] values) {
    this.name = name;
    this.values = values.clone();
    output = graph.register(values.length);
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** The row. */
  public float[] values() {
    return values.clone();
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] y = frame.register(output);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, 0, y, row * values.length, values.length);
    }
  }

  @Override
  public Layer layer() {
    return new Layer("Constant", name, 0, values.length, "", values.length);
  }
}
