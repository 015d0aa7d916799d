package io.unroll.model.cell;

/**
 * A row made of some of another row's values: ONNX Slice, Split, Gather, Transpose, Expand along
 * features.
 */
public final class Pick implements Node {
  private final String kind;
  private final String name;
  private final int[] indices;
  private final int inputWidth;
  private final int input;
  private final int output;

  /**
   * @param indices for each value of the new row its place in the old one
   */
  public Pick(StepGraph.Builder graph, String kind, String name, int[] indices, int input) {
    inputWidth = graph.width(input);
    for (int index : indices) {
      if (index < 0 || index >= inputWidth) {
        throw new IllegalArgumentException(
            name + ": index " + index + " in a row of " + inputWidth + " values");
      }
    }
    this.kind = kind;
    this.name = name;
    this.indices = indices.clone();
    this.input = input;
    output = graph.register(indices.length);
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** For each value of the new row its place in the old one. */
  public int[] indices() {
    return indices.clone();
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] x = frame.register(input);
    float[] y = frame.register(output);
    for (int row = 0; row < rows; row++) {
      int from = row * inputWidth;
      int to = row * indices.length;
      for (int j = 0; j < indices.length; j++) {
        y[to + j] = x[from + indices[j]];
      }
    }
  }

  @Override
  public Layer layer() {
    return new Layer(kind, name, inputWidth, indices.length, "", 0);
  }
}
