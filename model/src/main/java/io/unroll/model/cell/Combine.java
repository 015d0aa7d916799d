package io.unroll.model.cell;

import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.Kernel;

/** A function of two rows of one width, value by value: ONNX Add, Sub, Mul, Div and their like. */
public final class Combine implements Node {
  private final Kernel kernel;
  private final String kind;
  private final String name;
  private final BinaryFunction function;
  private final int width;
  private final int left;
  private final int right;
  private final int output;

  public Combine(
      StepGraph.Builder graph,
      String kind,
      String name,
      BinaryFunction function,
      int left,
      int right) {
    if (graph.width(left) != graph.width(right)) {
      throw new IllegalArgumentException(
          name + ": rows of " + graph.width(left) + " and " + graph.width(right) + " values");
    }
    kernel = graph.kernel();
    this.kind = kind;
    this.name = name;
    this.function = function;
    this.left = left;
    this.right = right;
    width = graph.width(left);
    output = graph.register(width);
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** The function. */
  public BinaryFunction function() {
    return function;
  }

  /** The register of the first operand. */
  public int left() {
    return left;
  }

  /** The register of the second operand. */
  public int right() {
    return right;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.combine(
        function,
        rows * width,
        frame.register(left),
        frame.register(right),
        frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer(kind, name, 2 * width, width, "", 0);
  }
}
