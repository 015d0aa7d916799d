package io.unroll.model.cell;

import io.unroll.model.kernel.Kernel;

/** ONNX LSTM, forward, without peepholes. State h and c; its output is h. */
public final class LstmCell implements Cell {
  private static final int GATES = 4;

  private final Kernel kernel;
  private final String name;
  private final long parameters;
  private final int inputs;
  private final int neurons;
  private final float[] weights; // (inputs + neurons, 4 neurons)
  private final float[] bias; // (4 neurons)
  private final int h;
  private final int c;
  private final int input;
  private final int output;
  private final int memory;

  /**
   * @param input the register that holds x
   */
  public LstmCell(StepGraph.Builder graph, CellWeights weights, int input) {
    weights.check(GATES);
    kernel = graph.kernel();
    name = weights.name();
    parameters = weights.parameters();
    inputs = weights.inputs();
    neurons = weights.neurons();
    int width = GATES * neurons;
    this.weights =
        Packed.stack(
            Packed.transpose(weights.w(), inputs, 0, width),
            Packed.transpose(weights.r(), neurons, 0, width));
    bias = Packed.sum(weights.wb(), weights.rb());
    this.input = input;
    output = graph.register(neurons);
    memory = graph.register(neurons);
    h = graph.state(neurons);
    c = graph.state(neurons);
    graph.scratch(width);
  }

  /** The register of h'. */
  public int output() {
    return output;
  }

  /** The register of c', for graphs that read it. */
  public int memory() {
    return memory;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] next = frame.next();
    int stride = frame.stride();
    kernel.lstm(
        rows,
        frame.register(input),
        inputs,
        weights,
        bias,
        neurons,
        frame.state(),
        next,
        stride,
        h,
        c,
        frame.scratch(),
        frame.register(output));
    float[] copy = frame.register(memory);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(next, row * stride + c, copy, row * neurons, neurons);
    }
  }

  @Override
  public Layer layer() {
    return new Layer("LSTM", name, inputs, neurons, "sigmoid, tanh", parameters);
  }
}
