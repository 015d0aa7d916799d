package io.unroll.model.cell;

import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.CellWeights;

/**
 * A node with state, {@code h_t = f(h_{t-1}, x_t)}: one of ONNX's recurrent nodes, forward, in the
 * form that it is given. Its output is h.
 */
public final class RecurrentCell implements Node {
  private final CellStep step;
  private final CellForm form;
  private final CellWeights weights;
  private final CellState state;
  private final int input;
  private final int[] next; // registers of the states after the step, h first

  /** A cell that keeps its state; see the other constructor. */
  public RecurrentCell(StepGraph.Builder graph, CellWeights weights, CellForm form, int input) {
    this(
        graph,
        weights,
        form,
        input,
        CellState.kept(graph, Math.multiplyExact(form.states().size(), weights.neurons())));
  }

  /**
   * @param weights kept: nobody modifies their arrays afterwards
   * @param input the register that holds x
   * @param state the form's states one behind the other, (neurons) each
   * @throws IllegalArgumentException when weights or state are of another size
   */
  public RecurrentCell(
      StepGraph.Builder graph, CellWeights weights, CellForm form, int input, CellState state) {
    form.check(weights);
    this.form = form;
    this.weights = form.distinct(weights);
    step = graph.kernel().cell(form, weights);
    next = new int[form.states().size()];
    this.state = state.expect(weights.name(), Math.multiplyExact(next.length, weights.neurons()));
    this.input = input;
    for (int i = 0; i < next.length; i++) {
      next[i] = graph.register(weights.neurons());
    }
    graph.scratch(step::scratch);
  }

  /** The register of x. */
  public int input() {
    return input;
  }

  /** The register of h'. */
  public int output() {
    return next[0];
  }

  /** The register of a state after the step, by its place among the form's; the first is h'. */
  public int next(int place) {
    return next[place];
  }

  /** Where its state is. */
  public CellState state() {
    return state;
  }

  /** Which cell it is. */
  public CellForm form() {
    return form;
  }

  /** The weights as ONNX has them, as far as the form tells them apart. Never modified. */
  public CellWeights weights() {
    return weights;
  }

  @Override
  public void run(Frame frame, int rows) {
    float[] after = state.after(frame);
    int stride = state.stride(frame);
    step.run(
        rows,
        frame.register(input),
        state.before(frame),
        after,
        stride,
        state.at(),
        frame.scratch(),
        frame.register(next[0]));
    int neurons = weights.neurons();
    for (int i = 1; i < next.length; i++) {
      float[] copy = frame.register(next[i]);
      int at = state.at() + i * neurons; // where the kernel puts it
      for (int row = 0; row < rows; row++) {
        System.arraycopy(after, row * stride + at, copy, row * neurons, neurons);
      }
    }
  }

  @Override
  public Layer layer() {
    return new Layer(
        form.operator(),
        weights.name(),
        weights.inputs(),
        weights.neurons(),
        form.text(),
        weights.parameters());
  }
}
