package io.unroll.model.cell;

import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.RnnForm;

/** The plain cell, {@code h' = f(x·W + h·R + b)}: ONNX RNN, forward. Its output is its state. */
public final class RnnCell implements Cell {
  private final CellStep step;
  private final String name;
  private final long parameters;
  private final RnnForm form;
  private final int inputs;
  private final int neurons;
  private final float[] weights; // (inputs + neurons, neurons)
  private final float[] bias; // (neurons)
  private final CellState state;
  private final int input;
  private final int output;

  /** A cell that keeps its state; see the other constructor. */
  public RnnCell(StepGraph.Builder graph, CellWeights weights, RnnForm form, int input) {
    this(graph, weights, form, input, CellState.kept(graph, weights.neurons()));
  }

  /**
   * @param input the register that holds x
   * @param state h (neurons)
   */
  public RnnCell(
      StepGraph.Builder graph, CellWeights weights, RnnForm form, int input, CellState state) {
    weights.check(1);
    name = weights.name();
    parameters = weights.parameters();
    inputs = weights.inputs();
    neurons = weights.neurons();
    this.form = form;
    this.weights =
        Packed.stack(
            Packed.transpose(weights.w(), inputs, 0, neurons),
            Packed.transpose(weights.r(), neurons, 0, neurons));
    bias = Packed.sum(weights.wb(), weights.rb());
    step = graph.kernel().rnn(form, inputs, neurons, this.weights, bias);
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

  /** Which plain cell it is. */
  public RnnForm form() {
    return form;
  }

  @Override
  public CellWeights weights() {
    return new CellWeights(
        name,
        inputs,
        neurons,
        Packed.rows(weights, 0, inputs, neurons),
        Packed.rows(weights, inputs, neurons, neurons),
        bias.clone(),
        new float[neurons],
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
    return new Layer("RNN", name, inputs, neurons, form.text(), parameters);
  }
}
