package io.unroll.model.cell;

import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.TestKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Models made of cells with random weights, for tests. */
public final class Models {
  /** Every kind of cell. */
  public enum Kind {
    RNN_TANH,
    RNN_RELU,
    RNN_SIGMOID,
    LSTM,
    GRU_0,
    GRU_1;

    /** Rows of gates in ONNX's weights. */
    public int gates() {
      return form(this).gates();
    }
  }

  private Models() {}

  /** Gaussian values of that scale. */
  public static float[] values(Random random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  /** Random weights of a cell. */
  public static CellWeights weights(Random random, Kind kind, int inputs, int neurons) {
    int rows = kind.gates() * neurons;
    return new CellWeights(
        kind.name(),
        inputs,
        neurons,
        values(random, rows * inputs, 0.5),
        values(random, rows * neurons, 0.5),
        values(random, rows, 0.3),
        values(random, rows, 0.3),
        0);
  }

  /** Layers of one kind, one above the other; a dense head of that many outputs unless 0. */
  public static RecurrentModel stack(
      Kind kind, List<CellWeights> layers, int outputs, Random random) {
    StepGraph.Builder graph = new StepGraph.Builder(TestKernel.create(), layers.get(0).inputs());
    List<String> names = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    int register = StepGraph.INPUT;
    for (int i = 0; i < layers.size(); i++) {
      CellWeights w = layers.get(i);
      CellForm form = form(kind);
      RecurrentCell cell = new RecurrentCell(graph, w, form, register);
      graph.add(cell);
      register = cell.output();
      for (String state : form.states()) {
        names.add(i + "." + state);
        lengths.add(w.neurons());
      }
    }
    if (outputs > 0) {
      int width = graph.width(register);
      Dense head =
          new Dense(
              graph,
              "head",
              width,
              outputs,
              values(random, width * outputs, 0.5),
              values(random, outputs, 0.5),
              0,
              register);
      graph.add(head);
      register = head.output();
    }
    StateLayout layout = StateLayout.of(names, lengths);
    return new RecurrentModel(
        kind.name(),
        "0".repeat(64),
        graph.build(register),
        layout,
        new float[layout.size()],
        true,
        List.of(),
        List.of(),
        "");
  }

  /** One cell without a head. */
  public static RecurrentModel cell(Kind kind, CellWeights weights) {
    return stack(kind, List.of(weights), 0, new Random(0));
  }

  private static CellForm form(Kind kind) {
    return switch (kind) {
      case RNN_TANH -> RnnForm.of(Activation.TANH);
      case RNN_RELU -> RnnForm.of(Activation.RELU);
      case RNN_SIGMOID -> RnnForm.of(Activation.SIGMOID);
      case LSTM -> LstmForm.STANDARD;
      case GRU_0 -> GruForm.standard(false);
      case GRU_1 -> GruForm.standard(true);
    };
  }
}
