package io.unroll.model.cell;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.Kernel;

/** A function of each value of a row: ONNX Tanh, Sigmoid, Relu and their like. */
public final class Apply implements Node {
  private final Kernel kernel;
  private final String kind;
  private final String name;
  private final Activation function;
  private final int width;
  private final int input;
  private final int output;

  public Apply(StepGraph.Builder graph, String kind, String name, Activation function, int input) {
    kernel = graph.kernel();
    this.kind = kind;
    this.name = name;
    this.function = function;
    this.input = input;
    width = graph.width(input);
    output = graph.register(width);
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** The function with its attributes. */
  public Activation function() {
    return function;
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.apply(function, rows * width, frame.register(input), frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer(kind, name, width, width, "", 0);
  }
}
