package io.unroll.model.cell;

import java.util.Arrays;

/**
 * Rows of a table, by whole numbers that each step computes: ONNX Gather from a constant, an
 * embedding. A number below 0 counts from the end; what is no row's number gives NaN, so that the
 * step is rejected.
 */
public final class Embed implements Node {
  private final String name;
  private final float[] table; // (entries, width)
  private final int entries;
  private final int width;
  private final int indices;
  private final int input;
  private final int output;

  /**
   * @param table (entries, width)
   * @param input the register of the indices; each is followed by its row's {@code width} values
   */
  public Embed(StepGraph.Builder graph, String name, float[] table, int entries, int input) {
    if (entries <= 0 || table.length == 0 || table.length % entries != 0) {
      throw new IllegalArgumentException(
          name + ": a table of " + table.length + " values for " + entries + " entries");
    }
    this.name = name;
    this.table = table.clone();
    this.entries = entries;
    this.input = input;
    width = table.length / entries;
    indices = graph.width(input);
    output = graph.register(Math.multiplyExact(indices, width));
  }

  /** A copy of the table: (entries, width). */
  public float[] table() {
    return table.clone();
  }

  /** Rows of the table. */
  public int entries() {
    return entries;
  }

  /** The register of the indices. */
  public int input() {
    return input;
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] x = frame.register(input);
    float[] y = frame.register(output);
    for (int i = 0; i < rows * indices; i++) {
      float at = x[i] < 0 ? x[i] + entries : x[i];
      if (at >= 0 && at < entries && at == (int) at) {
        System.arraycopy(table, ((int) at) * width, y, i * width, width);
      } else {
        Arrays.fill(y, i * width, (i + 1) * width, Float.NaN);
      }
    }
  }

  @Override
  public Layer layer() {
    return new Layer("Embedding", name, indices, indices * width, "", table.length);
  }
}
