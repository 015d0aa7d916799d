package io.unroll.model.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.Workspace;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.RnnForm;
import java.util.Arrays;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every cell keeps. */
final class CellTest {

  private static float[] step(RecurrentModel model, float[] x, float[] state) {
    Workspace workspace = model.workspace(1);
    FMatrixRMaj states = FMatrixRMaj.wrap(1, state.length, state);
    model.step(FMatrixRMaj.wrap(1, x.length, x), states, workspace);
    assertTrue(workspace.advanced(0));
    return Arrays.copyOf(workspace.output().data, model.outputSize());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void followsTheEquationsInDoubleOverAllSmallShapes(Kind kind) {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int inputs = 1; inputs <= 6; inputs++) {
      for (int neurons = 1; neurons <= 6; neurons++) {
        CellWeights w = Models.weights(random, kind, inputs, neurons);
        RecurrentModel model = Models.cell(kind, w);
        float[] state = new float[model.stateLayout().size()];
        double[] h = new double[neurons];
        double[] c = new double[neurons];
        for (int t = 0; t < 4; t++) {
          float[] x = Models.values(random, inputs, 1);
          float[] y = step(model, x, state);
          switch (kind) {
            case RNN_TANH -> h = CellOracle.rnn(w, RnnForm.of(Activation.TANH), x, h);
            case RNN_RELU -> h = CellOracle.rnn(w, RnnForm.of(Activation.RELU), x, h);
            case RNN_SIGMOID -> h = CellOracle.rnn(w, RnnForm.of(Activation.SIGMOID), x, h);
            case LSTM -> {
              double[][] next = CellOracle.lstm(w, x, h, c);
              h = next[0];
              c = next[1];
            }
            case GRU_0 -> h = CellOracle.gru(w, false, x, h);
            case GRU_1 -> h = CellOracle.gru(w, true, x, h);
          }
          String where =
              "%d inputs, %d neurons, step %d, %s"
                  .formatted(inputs, neurons, t, Seeds.message(seed));
          for (int j = 0; j < neurons; j++) {
            assertEquals(h[j], y[j], 1e-5 * Math.max(1, Math.abs(h[j])), where);
            assertEquals(h[j], state[j], 1e-5 * Math.max(1, Math.abs(h[j])), where);
            if (kind == Kind.LSTM) {
              assertEquals(c[j], state[neurons + j], 1e-5 * Math.max(1, Math.abs(c[j])), where);
            }
          }
        }
      }
    }
  }

  private static CellWeights ones(Kind kind, float w, float r, float bias) {
    int gates = kind.gates();
    float[] ws = new float[gates];
    float[] rs = new float[gates];
    float[] wb = new float[gates];
    Arrays.fill(ws, w);
    Arrays.fill(rs, r);
    Arrays.fill(wb, bias);
    return new CellWeights("by hand", 1, 1, ws, rs, wb, new float[gates], 0);
  }

  @Test
  void reluCellByHand() {
    RecurrentModel model = Models.cell(Kind.RNN_RELU, ones(Kind.RNN_RELU, 2, 0.5f, 1));
    float[] state = {4};
    assertArrayEquals(new float[] {9}, step(model, new float[] {3}, state)); // 2*3 + 0.5*4 + 1
    assertArrayEquals(new float[] {9}, state);
    assertArrayEquals(new float[] {0}, step(model, new float[] {-9}, state)); // 4.5 - 18 + 1 < 0
  }

  @Test
  void tanhCellByHand() {
    RecurrentModel model = Models.cell(Kind.RNN_TANH, ones(Kind.RNN_TANH, 1, 1, 0));
    float[] state = {0.25f};
    // tanh(0.5) = 0.46211716
    assertArrayEquals(new float[] {0.462117f}, step(model, new float[] {0.25f}, state), 1e-6f);
  }

  @Test
  void sigmoidCellByHand() {
    RecurrentModel model = Models.cell(Kind.RNN_SIGMOID, ones(Kind.RNN_SIGMOID, 1, 1, 0));
    // σ(1) = 0.7310586
    assertArrayEquals(
        new float[] {0.731059f}, step(model, new float[] {0.5f}, new float[] {0.5f}), 1e-6f);
  }

  @Test
  void lstmByHand() {
    RecurrentModel model = Models.cell(Kind.LSTM, ones(Kind.LSTM, 1, 0, 0));
    float[] state = {0, 2};
    // All sums are 0: i = o = f = 0.5, g = 0; c' = 0.5 * 2 = 1, h' = 0.5 * tanh(1) = 0.38079708.
    assertArrayEquals(new float[] {0.380797f}, step(model, new float[] {0}, state), 1e-6f);
    assertArrayEquals(new float[] {0.380797f, 1}, state, 1e-6f);
  }

  @Test
  void gruByHandTellsTheTwoResetsApart() {
    // Sums of z and r are 0, so both are 0.5; R of the candidate 1, its state bias 1; h = 2.
    float[] r = {0, 0, 1};
    float[] rb = {0, 0, 1};
    CellWeights w = new CellWeights("by hand", 1, 1, new float[3], r, new float[3], rb, 0);
    float[] after = {2};
    float[] before = {2};
    step(Models.cell(Kind.GRU_1, w), new float[] {0}, after);
    step(Models.cell(Kind.GRU_0, w), new float[] {0}, before);
    // 1: tanh(0.5 * (2 + 1)) = 0.90514825; 0: tanh(0.5 * 2 + 1) = 0.9640276; h' = half of it + 1.
    assertEquals(0.5f * 0.905148f + 1, after[0], 1e-6f);
    assertEquals(0.5f * 0.964028f + 1, before[0], 1e-6f);
  }

  @Test
  void weightsOfAnotherSizeAreRefusedWithBothNumbers() {
    CellWeights w =
        new CellWeights("gru_1", 2, 3, new float[18], new float[27], new float[9], new float[8], 0);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Models.cell(Kind.GRU_1, w));
    assertEquals("gru_1: state bias has 8 values, expected 9", e.getMessage());
  }
}
