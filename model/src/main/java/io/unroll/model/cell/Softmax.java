package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;

/** ONNX Softmax, or its logarithm, over the last values of a row; a row may hold several groups. */
public final class Softmax implements Node {
  private final Kernel kernel;
  private final String name;
  private final int groups;
  private final int group;
  private final boolean logarithm;
  private final int input;
  private final int output;

  /**
   * @param group values that sum to 1
   */
  public Softmax(StepGraph.Builder graph, String name, int group, int input) {
    this(graph, name, group, false, input);
  }

  /**
   * @param group values that sum to 1
   * @param logarithm ONNX LogSoftmax
   */
  public Softmax(StepGraph.Builder graph, String name, int group, boolean logarithm, int input) {
    if (graph.width(input) % group != 0) {
      throw new IllegalArgumentException(
          name + ": a row of " + graph.width(input) + " values, expected groups of " + group);
    }
    kernel = graph.kernel();
    this.name = name;
    this.group = group;
    this.logarithm = logarithm;
    this.input = input;
    groups = graph.width(input) / group;
    output = graph.register(graph.width(input));
  }

  /** Values that sum to 1. */
  public int group() {
    return group;
  }

  /** Whether it is ONNX LogSoftmax. */
  public boolean logarithm() {
    return logarithm;
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** Groups in a row. */
  public int groups() {
    return groups;
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] x = frame.register(input);
    float[] y = frame.register(output);
    if (logarithm) {
      kernel.logSoftmax(rows * groups, group, x, y);
    } else {
      kernel.softmax(rows * groups, group, x, y);
    }
  }

  @Override
  public Layer layer() {
    String kind = logarithm ? "LogSoftmax" : "Softmax";
    return new Layer(kind, name, groups * group, groups * group, "", 0);
  }
}
