package io.unroll.model.cell;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.Kernel;
import java.util.Locale;

/** The plain cell, {@code h' = f(x·W + h·R + b)}: ONNX RNN, forward. Its output is its state. */
public final class RnnCell implements Cell {
  private final Kernel kernel;
  private final String name;
  private final long parameters;
  private final Activation activation;
  private final int inputs;
  private final int neurons;
  private final float[] weights; // (inputs + neurons, neurons)
  private final float[] bias; // (neurons)
  private final int h;
  private final int input;
  private final int output;

  /**
   * @param input the register that holds x
   */
  public RnnCell(StepGraph.Builder graph, CellWeights weights, Activation activation, int input) {
    weights.check(1);
    kernel = graph.kernel();
    name = weights.name();
    parameters = weights.parameters();
    inputs = weights.inputs();
    neurons = weights.neurons();
    this.activation = activation;
    this.weights =
        Packed.stack(
            Packed.transpose(weights.w(), inputs, 0, neurons),
            Packed.transpose(weights.r(), neurons, 0, neurons));
    bias = Packed.sum(weights.wb(), weights.rb());
    this.input = input;
    output = graph.register(neurons);
    h = graph.state(neurons);
  }

  public int output() {
    return output;
  }

  @Override
  public void run(Frame frame, int rows) {
    kernel.rnn(
        activation,
        rows,
        frame.register(input),
        inputs,
        weights,
        bias,
        neurons,
        frame.state(),
        frame.next(),
        frame.stride(),
        h,
        frame.register(output));
  }

  @Override
  public Layer layer() {
    return new Layer(
        "RNN",
        name,
        inputs,
        neurons,
        activation.function().name().toLowerCase(Locale.ROOT),
        parameters);
  }
}
