package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Reduction;

/**
 * One value of each group of a row's neighbouring values: ONNX ReduceMean, ArgMax and their like.
 */
public final class Reduce implements Node {
  private final Kernel kernel;
  private final String kind;
  private final String name;
  private final Reduction function;
  private final int group;
  private final int groups;
  private final int input;
  private final int output;

  /**
   * @param group values that become one
   */
  public Reduce(
      StepGraph.Builder graph, String kind, String name, Reduction function, int group, int input) {
    if (group <= 0 || graph.width(input) % group != 0) {
      throw new IllegalArgumentException(
          name + ": a row of " + graph.width(input) + " values, expected groups of " + group);
    }
    kernel = graph.kernel();
    this.kind = kind;
    this.name = name;
    this.function = function;
    this.group = group;
    this.input = input;
    groups = graph.width(input) / group;
    output = graph.register(groups);
  }

  /** What becomes of a group. */
  public Reduction function() {
    return function;
  }

  /** Values that become one. */
  public int group() {
    return group;
  }

  /** The register that is read. */
  public int input() {
    return input;
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.reduce(function, rows * groups, group, frame.register(input), frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer(kind, name, groups * group, groups, "", 0);
  }
}
