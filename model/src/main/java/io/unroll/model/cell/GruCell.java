package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;

/** ONNX GRU, forward, {@code linear_before_reset} 0 and 1. Its output is its state. */
public final class GruCell implements Cell {
  private static final int GATES = 3;

  private final Kernel kernel;
  private final String name;
  private final long parameters;
  private final boolean linearBeforeReset;
  private final int inputs;
  private final int neurons;
  private final float[] inputWeights; // (inputs, 3 neurons)
  private final float[] inputBias; // (3 neurons)
  private final float[] updateReset; // (neurons, 2 neurons)
  private final float[] candidate; // (neurons, neurons)
  private final float[] stateBias; // (3 neurons)
  private final int h;
  private final int input;
  private final int output;

  /**
   * @param linearBeforeReset ONNX's attribute: the reset gate after (true) or before the
   *     candidate's product
   * @param input the register that holds x
   */
  public GruCell(
      StepGraph.Builder graph, CellWeights weights, boolean linearBeforeReset, int input) {
    weights.check(GATES);
    kernel = graph.kernel();
    name = weights.name();
    parameters = weights.parameters();
    inputs = weights.inputs();
    neurons = weights.neurons();
    this.linearBeforeReset = linearBeforeReset;
    inputWeights = Packed.transpose(weights.w(), inputs, 0, GATES * neurons);
    inputBias = weights.wb().clone();
    updateReset = Packed.transpose(weights.r(), neurons, 0, 2 * neurons);
    candidate = Packed.transpose(weights.r(), neurons, 2 * neurons, GATES * neurons);
    stateBias = weights.rb().clone();
    this.input = input;
    output = graph.register(neurons);
    h = graph.state(neurons);
    graph.scratch(7 * neurons);
  }

  public int output() {
    return output;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.gru(
        linearBeforeReset,
        rows,
        frame.register(input),
        inputs,
        inputWeights,
        inputBias,
        updateReset,
        candidate,
        stateBias,
        neurons,
        frame.state(),
        frame.next(),
        frame.stride(),
        h,
        frame.scratch(),
        frame.register(output));
  }

  @Override
  public Layer layer() {
    String reset = linearBeforeReset ? ", linear_before_reset=1" : ", linear_before_reset=0";
    return new Layer("GRU", name, inputs, neurons, "sigmoid, tanh" + reset, parameters);
  }
}
