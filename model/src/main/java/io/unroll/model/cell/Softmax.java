package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;

/** ONNX Softmax over the last values of a row; a row may hold several groups. */
public final class Softmax implements Node {
  private final Kernel kernel;
  private final String name;
  private final int groups;
  private final int group;
  private final int input;
  private final int output;

  /**
   * @param group values that sum to 1
   */
  public Softmax(StepGraph.Builder graph, String name, int group, int input) {
    if (graph.width(input) % group != 0) {
      throw new IllegalArgumentException(
          name + ": a row of " + graph.width(input) + " values, expected groups of " + group);
    }
    kernel = graph.kernel();
    this.name = name;
    this.group = group;
    this.input = input;
    groups = graph.width(input) / group;
    output = graph.register(graph.width(input));
  }

  public int output() {
    return output;
  }

  /** Groups in a row. */
  public int groups() {
    return groups;
  }

  /** Values of a group. */
  public int group() {
    return group;
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.softmax(rows * groups, group, frame.register(input), frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer("Softmax", name, groups * group, groups * group, "", 0);
  }
}
