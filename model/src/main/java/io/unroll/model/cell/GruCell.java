package io.unroll.model.cell;

import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.GruForm;

/** ONNX GRU, forward, {@code linear_before_reset} 0 and 1. Its output is its state. */
public final class GruCell implements Cell {
  private static final int GATES = 3;

  private final CellStep step;
  private final String name;
  private final long parameters;
  private final GruForm form;
  private final int inputs;
  private final int neurons;
  private final float[] inputWeights; // (inputs, 3 neurons)
  private final float[] inputBias; // (3 neurons)
  private final float[] updateReset; // (neurons, 2 neurons)
  private final float[] candidate; // (neurons, neurons)
  private final float[] stateBias; // (3 neurons)
  private final CellState state;
  private final int input;
  private final int output;

  /** A cell that keeps its state; see the other constructor. */
  public GruCell(StepGraph.Builder graph, CellWeights weights, GruForm form, int input) {
    this(graph, weights, form, input, CellState.kept(graph, weights.neurons()));
  }

  /**
   * @param input the register that holds x
   * @param state h (neurons)
   */
  public GruCell(
      StepGraph.Builder graph, CellWeights weights, GruForm form, int input, CellState state) {
    weights.check(GATES);
    name = weights.name();
    parameters = weights.parameters();
    inputs = weights.inputs();
    neurons = weights.neurons();
    this.form = form;
    inputWeights = Packed.transpose(weights.w(), inputs, 0, GATES * neurons);
    inputBias = weights.wb().clone();
    updateReset = Packed.transpose(weights.r(), neurons, 0, 2 * neurons);
    candidate = Packed.transpose(weights.r(), neurons, 2 * neurons, GATES * neurons);
    stateBias = weights.rb().clone();
    step =
        graph
            .kernel()
            .gru(form, inputs, neurons, inputWeights, inputBias, updateReset, candidate, stateBias);
    this.state = state.expect(name, neurons);
    this.input = input;
    output = graph.register(neurons);
    graph.scratch(step::scratch);
  }

  @Override
  public int input() {
    return input;
  }

  @Override
  public int output() {
    return output;
  }

  @Override
  public CellState state() {
    return state;
  }

  /** Which GRU it is. */
  public GruForm form() {
    return form;
  }

  @Override
  public CellWeights weights() {
    return new CellWeights(
        name,
        inputs,
        neurons,
        Packed.rows(inputWeights, 0, inputs, GATES * neurons),
        Packed.stack(
            Packed.rows(updateReset, 0, neurons, 2 * neurons),
            Packed.rows(candidate, 0, neurons, neurons)),
        inputBias.clone(),
        stateBias.clone(),
        parameters);
  }

  @Override
  public void run(Frame frame, int rows) {
    step.run(
        rows,
        frame.register(input),
        state.before(frame),
        state.after(frame),
        state.stride(frame),
        state.at(),
        frame.scratch(),
        frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer("GRU", name, inputs, neurons, form.text(), parameters);
  }
}
