package io.unroll.model.cell;

/** The next value of a slot that {@link ReadState} added. */
public final class WriteState implements Node {
  private final ReadState state;
  private final int input;

  /**
   * @param input the register that holds the next value
   */
  public WriteState(StepGraph.Builder graph, ReadState state, int input) {
    if (graph.width(input) != state.width()) {
      throw new IllegalArgumentException(
          "%s: the next value has %d floats, the state %d"
              .formatted(state.layer().name(), graph.width(input), state.width()));
    }
    this.state = state;
    this.input = input;
  }

  /** The slot that it writes. */
  public ReadState state() {
    return state;
  }

  /** The register that holds the next value: (rows, width). */
  public int input() {
    return input;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] x = frame.register(input);
    float[] next = frame.next();
    int width = state.width();
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, row * width, next, row * frame.stride() + state.slot(), width);
    }
  }

  @Override
  public Layer layer() {
    return new Layer("State", state.layer().name(), state.width(), state.width(), "", 0);
  }
}
