package io.unroll.model.cell;

import io.unroll.model.kernel.DenseStep;
import io.unroll.model.kernel.Lengths;

/**
 * {@code y = x·W + b} on each row: ONNX MatMul and Gemm. A row of several groups of inputs (heads,
 * channels) is as many rows of one group.
 */
public final class Dense implements Node {
  private final DenseStep step;
  private final String name;
  private final long parameters;
  private final int groups;
  private final int inputs;
  private final int outputs;
  private final float[] weights; // (inputs, outputs)
  private final float[] bias; // (outputs)
  private final int input;
  private final int output;

  /**
   * @param weights (inputs, outputs)
   * @param bias (outputs)
   * @param input the register that holds x: (rows, groups · inputs)
   */
  public Dense(
      StepGraph.Builder graph,
      String name,
      int inputs,
      int outputs,
      float[] weights,
      float[] bias,
      long parameters,
      int input) {
    Lengths.expect(name + ": weights", weights, Math.multiplyExact(inputs, outputs));
    Lengths.expect(name + ": bias", bias, outputs);
    if (graph.width(input) % inputs != 0) {
      throw new IllegalArgumentException(
          name + ": a row of " + graph.width(input) + " values, expected groups of " + inputs);
    }
    this.name = name;
    this.parameters = parameters;
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights.clone();
    this.bias = bias.clone();
    step = graph.kernel().dense(inputs, outputs, this.weights, this.bias);
    this.input = input;
    groups = graph.width(input) / inputs;
    output = graph.register(Math.multiplyExact(groups, outputs));
    graph.scratch(rows -> step.scratch(rows * groups));
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** Groups of inputs in a row. */
  public int groups() {
    return groups;
  }

  /** Values of a group. */
  public int inputs() {
    return inputs;
  }

  /** Values that a group becomes. */
  public int outputs() {
    return outputs;
  }

  /** (inputs, outputs) */
  public float[] weights() {
    return weights.clone();
  }

  /** (outputs) */
  public float[] bias() {
    return bias.clone();
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    step.run(rows * groups, frame.register(input), frame.scratch(), frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer("Dense", name, groups * inputs, groups * outputs, "", parameters);
  }
}
