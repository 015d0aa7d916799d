package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A network over one step: nodes in the order they run, over numbered registers. Register 0 is the
 * step's input. Immutable, thread safe.
 */
public final class StepGraph {
  /** The register that holds the step's input. */
  public static final int INPUT = 0;

  private final Kernel kernel;
  private final List<Node> nodes;
  private final int[] widths;
  private final int output;
  private final int stateSize;
  private final List<IntUnaryOperator> scratches;
  private final List<StepGraph> inner;

  private StepGraph(Builder builder, int output) {
    kernel = builder.kernel;
    nodes = List.copyOf(builder.nodes);
    widths = builder.widths.stream().mapToInt(Integer::intValue).toArray();
    stateSize = builder.stateSize;
    scratches = List.copyOf(builder.scratches);
    inner = List.copyOf(builder.inner);
    this.output = output;
  }

  /** The arithmetic that its nodes use. */
  public Kernel kernel() {
    return kernel;
  }

  /** Values that a step takes. */
  public int inputSize() {
    return widths[INPUT];
  }

  /** Values that a step gives. */
  public int outputSize() {
    return widths[output];
  }

  /** The register of the result. */
  public int output() {
    return output;
  }

  /** Values in a register's row. */
  public int width(int register) {
    return widths[register];
  }

  /** Floats of state per row. */
  public int stateSize() {
    return stateSize;
  }

  /** The nodes in the order in which they run. */
  public List<Node> nodes() {
    return nodes;
  }

  /** A frame for steps of up to {@code rows} rows. */
  public Frame frame(int rows) {
    Frame[] frames = new Frame[inner.size()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = inner.get(i).frame(rows);
    }
    int scratch = 0;
    for (IntUnaryOperator one : scratches) {
      scratch = Math.max(scratch, one.applyAsInt(rows));
    }
    return new Frame(rows, widths, stateSize, scratch, frames);
  }

  /** The block of the output in a frame of this graph: (rows, output size). */
  public float[] output(Frame frame) {
    return frame.register(output);
  }

  /**
   * Runs every node. Output and next state are in the frame afterwards.
   *
   * @param input (rows, inputSize)
   * @param state (rows, stateSize), not modified
   */
  public void run(Frame frame, int rows, float[] input, float[] state) {
    frame.begin(input, state);
    for (int i = 0; i < nodes.size(); i++) { // no iterator: a step allocates nothing
      nodes.get(i).run(frame, rows);
    }
  }

  /** Collects nodes. A node's constructor asks it for registers and state. */
  public static final class Builder {
    private final Kernel kernel;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final List<StepGraph> inner = new ArrayList<>();
    private final List<IntUnaryOperator> scratches = new ArrayList<>();
    private int stateSize;

    /** A graph whose step reads {@code inputSize} values. */
    public Builder(Kernel kernel, int inputSize) {
      this.kernel = kernel;
      widths.add(inputSize);
    }

    /** The arithmetic that its nodes use. */
    public Kernel kernel() {
      return kernel;
    }

    /** Adds a register and returns its index. */
    public int register(int width) {
      if (width <= 0) {
        throw new IllegalArgumentException(
            "a register of width " + width + ", at least 1 expected");
      }
      widths.add(width);
      return widths.size() - 1;
    }

    /** Values in a register's row. */
    public int width(int register) {
      return widths.get(register);
    }

    /** Adds a slot to the state and returns its offset. */
    public int state(int length) {
      int offset = stateSize;
      stateSize = Math.addExact(stateSize, length);
      return offset;
    }

    /** Asks for scratch: floats by the rows of a frame. */
    void scratch(IntUnaryOperator floats) {
      scratches.add(floats);
    }

    /** Adds a network that a node runs, and returns the index of its frame. */
    int inner(StepGraph network) {
      inner.add(network);
      return inner.size() - 1;
    }

    /** Adds a node behind those that are there. */
    public void add(Node node) {
      nodes.add(node);
    }

    /** The nodes that are there, in their order. */
    public List<Node> nodes() {
      return List.copyOf(nodes);
    }

    /** The graph whose result is the given register; not the input's. */
    public StepGraph build(int output) {
      if (output == INPUT) {
        throw new IllegalArgumentException("the output is the input: nothing to compute");
      }
      return new StepGraph(this, output);
    }
  }
}
