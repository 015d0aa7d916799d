package io.unroll.model.cell;

import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.LstmForm;

/** ONNX LSTM, forward. State h and c; its output is h. */
public final class LstmCell implements Cell {
  private static final int GATES = 4;

  private final CellStep step;
  private final String name;
  private final long parameters;
  private final LstmForm form;
  private final int inputs;
  private final int neurons;
  private final float[] weights; // (inputs + neurons, 4 neurons)
  private final float[] bias; // (4 neurons)
  private final CellState state;
  private final int input;
  private final int output;
  private final int memory;

  /** A cell that keeps its state; see the other constructor. */
  public LstmCell(StepGraph.Builder graph, CellWeights weights, LstmForm form, int input) {
    this(
        graph,
        weights,
        form,
        input,
        CellState.kept(graph, Math.multiplyExact(2, weights.neurons())));
  }

  /**
   * @param input the register that holds x
   * @param state h, then c (2 neurons)
   */
  public LstmCell(
      StepGraph.Builder graph, CellWeights weights, LstmForm form, int input, CellState state) {
    weights.check(GATES);
    name = weights.name();
    parameters = weights.parameters();
    inputs = weights.inputs();
    neurons = weights.neurons();
    if (form.peepholes().length > 0) {
      Packed.expect(name + ": P", form.peepholes(), Math.multiplyExact(3, neurons));
    }
    this.form = form;
    int width = GATES * neurons;
    this.weights =
        Packed.stack(
            Packed.transpose(weights.w(), inputs, 0, width),
            Packed.transpose(weights.r(), neurons, 0, width));
    bias = Packed.sum(weights.wb(), weights.rb());
    step = graph.kernel().lstm(form, inputs, neurons, this.weights, bias);
    this.state = state.expect(name, 2 * neurons);
    this.input = input;
    output = graph.register(neurons);
    memory = graph.register(neurons);
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

  /** The register of c', for graphs that read it. */
  public int memory() {
    return memory;
  }

  @Override
  public CellState state() {
    return state;
  }

  /** Which LSTM it is. */
  public LstmForm form() {
    return form;
  }

  @Override
  public CellWeights weights() {
    int width = GATES * neurons;
    return new CellWeights(
        name,
        inputs,
        neurons,
        Packed.rows(weights, 0, inputs, width),
        Packed.rows(weights, inputs, neurons, width),
        bias.clone(),
        new float[width],
        parameters);
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] next = state.after(frame);
    int stride = state.stride(frame);
    int h = state.at();
    int c = h + neurons; // where the kernel puts it
    step.run(
        rows,
        frame.register(input),
        state.before(frame),
        next,
        stride,
        h,
        frame.scratch(),
        frame.register(output));
    float[] copy = frame.register(memory);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(next, row * stride + c, copy, row * neurons, neurons);
    }
  }

  @Override
  public Layer layer() {
    return new Layer("LSTM", name, inputs, neurons, form.text(), parameters);
  }
}
