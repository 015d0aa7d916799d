package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Lengths;

/** ONNX LayerNormalization over the last values of a row; a row may hold several groups. */
public final class Normalize implements Node {
  private final Kernel kernel;
  private final String name;
  private final int groups;
  private final float[] scale;
  private final float[] bias;
  private final float epsilon;
  private final long parameters;
  private final int input;
  private final int output;

  /**
   * @param scale (group width)
   * @param bias (group width)
   */
  public Normalize(
      StepGraph.Builder graph,
      String name,
      float[] scale,
      float[] bias,
      float epsilon,
      long parameters,
      int input) {
    Lengths.expect(name + ": bias", bias, scale.length);
    if (graph.width(input) % scale.length != 0) {
      throw new IllegalArgumentException(
          name
              + ": a row of "
              + graph.width(input)
              + " values, expected groups of "
              + scale.length);
    }
    kernel = graph.kernel();
    this.name = name;
    this.scale = scale.clone();
    this.bias = bias.clone();
    this.epsilon = epsilon;
    this.parameters = parameters;
    this.input = input;
    groups = graph.width(input) / scale.length;
    output = graph.register(graph.width(input));
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** Groups in a row. */
  public int groups() {
    return groups;
  }

  /** (group width) */
  public float[] scale() {
    return scale.clone();
  }

  /** (group width) */
  public float[] bias() {
    return bias.clone();
  }

  /** Added to a group's variance. */
  public float epsilon() {
    return epsilon;
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.layerNorm(
        rows * groups,
        scale.length,
        frame.register(input),
        scale,
        bias,
        epsilon,
        frame.register(output));
  }

  @Override
  public Layer layer() {
    int width = groups * scale.length;
    return new Layer("LayerNormalization", name, width, width, "", parameters);
  }
}
