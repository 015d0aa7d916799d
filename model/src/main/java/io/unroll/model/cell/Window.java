package io.unroll.model.cell;

import io.unroll.model.kernel.Lengths;
import java.util.Arrays;

/**
 * A network that serves each step by running the last n inputs from its initial state, for networks
 * that were trained on windows of n steps. Before there are n inputs it runs those there are. A
 * step costs n steps of the network.
 *
 * <pre>
 * state of a row
 *  1              filled   inputs kept, 0 to n - 1
 *  (n - 1) · in   inputs   the oldest first; behind the filled ones zeros
 * </pre>
 *
 * The inputs move up when a new one comes: beside n steps of a network that costs nothing, and
 * equal windows are equal states, which a ring's would not be.
 *
 * <p>An old input at which the network leaves the finite numbers is the window's new beginning:
 * what comes before and with it is passed over, or it would spoil every step until it has left the
 * window. Where the newest input does that, the row's output is not finite and the step is refused.
 */
public final class Window implements Node {
  /** The longest window: a step of it is as long as so many steps of the network. */
  public static final int LONGEST = 100_000;

  private final StepGraph network;
  private final float[] initialState; // (network's state)
  private final int steps;
  private final int inputs;
  private final int kept; // floats of old inputs
  private final int stateSize; // of the network
  private final int filled;
  private final int old;
  private final int frame;
  private final int current; // register: the network's state per row
  private final int x; // register: the inputs of the rows that take part in a step, side by side
  private final int state; // register: their states
  private final int input;
  private final int output;

  /**
   * @param network over one step
   * @param initialState (network's state) what a window starts from
   * @param steps n, from 1 to {@link #LONGEST}
   * @param input the register that holds x
   */
  public Window(
      StepGraph.Builder graph, StepGraph network, float[] initialState, int steps, int input) {
    if (steps < 1 || steps > LONGEST) {
      throw new IllegalArgumentException(
          "a window of " + steps + " steps, expected 1 to " + LONGEST);
    }
    if (graph.width(input) != network.inputSize()) {
      throw new IllegalArgumentException(
          "window: a row of "
              + graph.width(input)
              + " values, the network takes "
              + network.inputSize());
    }
    Lengths.expect("window: initial state", initialState, network.stateSize());
    this.network = network;
    this.initialState = initialState.clone();
    this.steps = steps;
    this.input = input;
    inputs = network.inputSize();
    kept = Math.multiplyExact(steps - 1, inputs);
    stateSize = network.stateSize();
    filled = graph.state(1);
    old = graph.state(kept);
    frame = graph.inner(network);
    x = graph.register(inputs);
    current = graph.register(Math.max(1, stateSize)); // a network may be without a state
    state = graph.register(Math.max(1, stateSize));
    output = graph.register(network.outputSize());
  }

  /** The register of the last input's output. */
  public int output() {
    return output;
  }

  /** Floats of old inputs in the state, behind the one that says how many there are. */
  public int kept() {
    return kept;
  }

  @Override
  public void run(Frame outer, int rows) {
    float[] before = outer.state();
    float[] newest = outer.register(input);
    float[] states = outer.register(current);
    int longest = 0;
    for (int row = 0; row < rows; row++) {
      longest = Math.max(longest, (int) before[row * outer.stride() + filled]);
      restart(states, row);
    }
    for (int age = longest;
        age >= 0;
        age--) { // of the input that is run, in steps; 0 is the newest
      step(outer, rows, age, before, newest, states);
    }
    for (int row = 0; row < rows; row++) {
      remember(row * outer.stride(), before, newest, row * inputs, outer.next());
    }
  }

  /** One step of the network for the rows that have an input so old. */
  private void step(
      Frame outer, int rows, int age, float[] before, float[] newest, float[] states) {
    float[] taken = outer.register(x);
    float[] from = outer.register(state);
    int stride = outer.stride();
    int part = 0;
    for (int row = 0; row < rows; row++) {
      int there = (int) before[row * stride + filled];
      if (age > there) {
        continue;
      }
      if (age == 0) {
        System.arraycopy(newest, row * inputs, taken, part * inputs, inputs);
      } else {
        int at = row * stride + old + (there - age) * inputs;
        System.arraycopy(before, at, taken, part * inputs, inputs);
      }
      System.arraycopy(states, row * stateSize, from, part * stateSize, stateSize);
      part++;
    }
    Frame inner = outer.inner(frame);
    network.run(inner, part, taken, from);
    float[] next = inner.next();
    if (age == 0) { // all rows take part, in their order
      finish(rows, next, network.output(inner), outer.register(output));
      return;
    }
    part = 0;
    for (int row = 0; row < rows; row++) {
      if (age <= (int) before[row * stride + filled]) {
        if (finite(next, part)) {
          System.arraycopy(next, part * stateSize, states, row * stateSize, stateSize);
        } else {
          restart(states, row);
        }
        part++;
      }
    }
  }

  private void restart(float[] states, int row) {
    System.arraycopy(initialState, 0, states, row * stateSize, stateSize);
  }

  /** A next state that is not finite never shows: the output says it, and the step is refused. */
  private void finish(int rows, float[] next, float[] from, float[] to) {
    int width = network.outputSize();
    System.arraycopy(from, 0, to, 0, rows * width);
    for (int row = 0; row < rows; row++) {
      if (!finite(next, row)) {
        Arrays.fill(to, row * width, (row + 1) * width, Float.NaN);
      }
    }
  }

  private boolean finite(float[] next, int row) {
    for (int i = row * stateSize; i < (row + 1) * stateSize; i++) {
      if (!Float.isFinite(next[i])) {
        return false;
      }
    }
    return true;
  }

  private void remember(int row, float[] before, float[] newest, int at, float[] next) {
    int there = (int) before[row + filled];
    if (there < steps - 1) {
      System.arraycopy(before, row + old, next, row + old, kept);
      System.arraycopy(newest, at, next, row + old + there * inputs, inputs);
      next[row + filled] = there + 1;
    } else {
      next[row + filled] = there;
      if (steps > 1) {
        System.arraycopy(before, row + old + inputs, next, row + old, kept - inputs);
        System.arraycopy(newest, at, next, row + old + kept - inputs, inputs);
      }
    }
  }

  @Override
  public Layer layer() {
    long parameters = 0;
    for (Node node : network.nodes()) {
      parameters += node.layer().parameters();
    }
    return new Layer(
        "Window", "last " + steps + " inputs", inputs, network.outputSize(), "", parameters);
  }
}
