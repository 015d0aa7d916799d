package io.unroll.model.cell;

import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Lengths;

/** A function of each value of a row and a constant of its own: scaling, a bias. */
public final class CombineConstant implements Node {
  private final Kernel kernel;
  private final String kind;
  private final String name;
  private final BinaryFunction function;
  private final float[] constant;
  private final boolean constantFirst;
  private final long parameters;
  private final int input;
  private final int output;

  /**
   * @param constant (width of the input)
   * @param constantFirst {@code f(constant, x)} instead of {@code f(x, constant)}
   */
  public CombineConstant(
      StepGraph.Builder graph,
      String kind,
      String name,
      BinaryFunction function,
      float[] constant,
      boolean constantFirst,
      long parameters,
      int input) {
    Lengths.expect(name + ": constant", constant, graph.width(input));
    kernel = graph.kernel();
    this.kind = kind;
    this.name = name;
    this.function = function;
    this.constant = constant.clone();
    this.constantFirst = constantFirst;
    this.parameters = parameters;
    this.input = input;
    output = graph.register(constant.length);
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** The function. */
  public BinaryFunction function() {
    return function;
  }

  /** (width of the input) */
  public float[] constant() {
    return constant.clone();
  }

  /** {@code f(constant, x)} instead of {@code f(x, constant)}. */
  public boolean constantFirst() {
    return constantFirst;
  }

  /** The register that it reads. */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.combineConstant(
        function,
        rows,
        constant.length,
        frame.register(input),
        constant,
        constantFirst,
        frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer(kind, name, constant.length, constant.length, "", parameters);
  }
}
