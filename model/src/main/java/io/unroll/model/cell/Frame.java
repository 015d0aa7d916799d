package io.unroll.model.cell;

/**
 * What one step of a {@link StepGraph} works on, for up to {@code capacity} rows: one block per
 * register, the next state, and scratch for what happens inside a node. Mutable, for one thread.
 */
public final class Frame {
  private final int capacity;
  private final float[][] registers;
  private final float[] next;
  private final float[] scratch;
  private final int stride;
  private final Frame[] inner;
  private float[] state = {};

  Frame(int capacity, int[] widths, int stateSize, int scratchSize, Frame[] inner) {
    this.capacity = capacity;
    registers = new float[widths.length][];
    registers[StepGraph.INPUT] = new float[0]; // the caller's input stands in for it
    for (int r = StepGraph.INPUT + 1; r < widths.length; r++) {
      registers[r] = new float[Math.multiplyExact(capacity, widths[r])];
    }
    next = new float[Math.multiplyExact(capacity, stateSize)];
    scratch = new float[scratchSize];
    stride = stateSize;
    this.inner = inner;
  }

  /** Rows that fit. */
  public int capacity() {
    return capacity;
  }

  /** The block of a register: (rows, width). */
  public float[] register(int index) {
    return registers[index];
  }

  /** The state after the step: (rows, state size). */
  public float[] next() {
    return next;
  }

  float[] scratch() {
    return scratch;
  }

  float[] state() {
    return state;
  }

  /** The frame of a network inside this one, of the same capacity. */
  Frame inner(int index) {
    return inner[index];
  }

  int stride() {
    return stride;
  }

  void begin(float[] input, float[] state) {
    registers[StepGraph.INPUT] = input;
    this.state = state;
  }
}
