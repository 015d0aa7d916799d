package io.unroll.model.cell;

/** Rows one behind the other: ONNX Concat along features. */
public final class Join implements Node {
  private final String name;
  private final int[] inputs;
  private final int[] widths;
  private final int width;
  private final int output;

  public Join(StepGraph.Builder graph, String name, int... inputs) {
    this.name = name;
    this.inputs = inputs.clone();
    widths = new int[inputs.length];
    int sum = 0;
    for (int i = 0; i < inputs.length; i++) {
      widths[i] = graph.width(inputs[i]);
      sum += widths[i];
    }
    width = sum;
    output = graph.register(width);
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** The registers that it reads, in order. */
  public int[] inputs() {
    return inputs.clone();
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] y = frame.register(output);
    int at = 0;
    for (int i = 0; i < inputs.length; i++) {
      float[] x = frame.register(inputs[i]);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(x, row * widths[i], y, row * width + at, widths[i]);
      }
      at += widths[i];
    }
  }

  @Override
  public Layer layer() {
    return new Layer("Concat", name, width, width, "", 0);
  }
}
