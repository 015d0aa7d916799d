package io.unroll.model.cell;

/** A slot of the state as the step found it: what a cell written out in the graph remembers. */
public final class ReadState implements Node {
  private final String name;
  private final int slot;
  private final int width;
  private final int output;

  /**
   * Adds a slot to the graph's state.
   *
   * @param name the state's name
   * @param width floats of the slot
   */
  public ReadState(StepGraph.Builder graph, String name, int width) {
    this.name = name;
    this.width = width;
    slot = graph.state(width);
    output = graph.register(width);
  }

  /** The register that holds the slot: (rows, width). */
  public int output() {
    return output;
  }

  /** The slot's first float in the state. */
  public int slot() {
    return slot;
  }

  /** Floats of the slot. */
  public int width() {
    return width;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] state = frame.state();
    float[] y = frame.register(output);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(state, row * frame.stride() + slot, y, row * width, width);
    }
  }

  @Override
  public Layer layer() {
    return new Layer("State", name, width, width, "", 0);
  }
}
