package io.unroll.model.cell;

/**
 * Where a cell finds its previous state and leaves the next: in the graph's state, which is kept
 * from step to step, or in registers, where both are values of the step like any other (the cell of
 * a one-step graph or of a Scan's body).
 */
public final class CellState {
  private static final int NONE = -1;

  private final int width;
  private final int offset;
  private final int previous;
  private final int next;

  private CellState(int width, int offset, int previous, int next) {
    this.width = width;
    this.offset = offset;
    this.previous = previous;
    this.next = next;
  }

  /** A new slot of that many floats in the graph's state. */
  public static CellState kept(StepGraph.Builder graph, int width) {
    return new CellState(width, graph.state(width), NONE, NONE);
  }

  /**
   * The previous state is what the register holds.
   *
   * @param previous the register of the states one behind the other; for an LSTM h, then c
   */
  public static CellState given(StepGraph.Builder graph, int previous) {
    int width = graph.width(previous);
    return new CellState(width, 0, previous, graph.register(width));
  }

  /** Whether it is kept from step to step in the graph's state. */
  public boolean kept() {
    return previous == NONE;
  }

  /** Floats per row. */
  public int width() {
    return width;
  }

  /** Where it begins in the graph's state, if it is kept there. */
  public int offset() {
    if (!kept()) {
      throw new IllegalStateException("the state is in register " + previous);
    }
    return offset;
  }

  /** The register of the previous state, if it is not kept. */
  public int previous() {
    if (kept()) {
      throw new IllegalStateException("the state is kept at " + offset);
    }
    return previous;
  }

  CellState expect(String name, int expected) {
    if (width != expected) {
      throw new IllegalArgumentException(
          name + ": a state of " + width + " values, expected " + expected);
    }
    return this;
  }

  /** (rows, {@link #stride}), this state from {@link #at}. */
  float[] before(Frame frame) {
    return kept() ? frame.state() : frame.register(previous);
  }

  /** The same for the next state. */
  float[] after(Frame frame) {
    return kept() ? frame.next() : frame.register(next);
  }

  int stride(Frame frame) {
    return kept() ? frame.stride() : width;
  }

  int at() {
    return offset;
  }
}
