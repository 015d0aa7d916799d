package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.StateLayout;
import io.unroll.model.Workspace;
import io.unroll.model.onnx.OnnxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Golden cases whose inputs or outputs are not plain batches. */
final class OwnCasesTest {

  @Test
  void basicCellFollowsItsRawWeights() {
    GoldenCase golden = GoldenCase.load("01-basic-rnn-cell");
    Unrolled unrolled = new DynamicUnroll(golden.model()).run(golden.input());
    float[][] w = GoldenCase.floats2(golden.field("weights").get("weight_ih_l0"));
    float[][] r = GoldenCase.floats2(golden.field("weights").get("weight_hh_l0"));
    float[] bi = GoldenCase.floats1(golden.field("weights").get("bias_ih_l0"));
    float[] bh = GoldenCase.floats1(golden.field("weights").get("bias_hh_l0"));
    float[][][] input = golden.input();
    for (int b = 0; b < input.length; b++) {
      double[] h = new double[5];
      for (int t = 0; t < input[b].length; t++) {
        double[] next = new double[5];
        for (int j = 0; j < 5; j++) {
          double sum = (double) bi[j] + bh[j];
          for (int i = 0; i < 3; i++) {
            sum += (double) w[j][i] * input[b][t][i];
          }
          for (int i = 0; i < 5; i++) {
            sum += r[j][i] * h[i];
          }
          next[j] = Math.tanh(sum);
          assertEquals(next[j], unrolled.outputs()[b][t][j], 1e-5, "sample " + b + " step " + t);
        }
        h = next;
      }
      // A plain cell's state is its output.
      assertArrayEquals(unrolled.outputs()[b][1], unrolled.finalStates()[b]);
      GoldenTest.assertClose(
          GoldenCase.floats2(golden.field("final_state"))[b], unrolled.finalStates()[b], "state");
    }
  }

  @Test
  void initialStatesOfGraphInputsGoIntoTheSlots() {
    GoldenCase golden = GoldenCase.load("06-lstm-time-major-initial-state");
    RecurrentModel model = golden.model();
    float[][][] input = golden.input();
    int batch = input.length;
    StateLayout layout = model.stateLayout();
    float[][] initial = new float[batch][layout.size()];
    String[][] slots = {{"/rnn/LSTM.h", "/rnn/LSTM_1.h"}, {"/rnn/LSTM.c", "/rnn/LSTM_1.c"}};
    float[][][][] given = {
      GoldenCase.floats3(golden.field("h0")), GoldenCase.floats3(golden.field("c0"))
    };
    for (int part = 0; part < 2; part++) {
      for (int layer = 0; layer < 2; layer++) {
        StateLayout.Slot slot = layout.slot(slots[part][layer]);
        for (int b = 0; b < batch; b++) {
          System.arraycopy(given[part][layer][b], 0, initial[b], slot.offset(), slot.length());
        }
      }
    }
    Unrolled dynamic = new DynamicUnroll(model).run(input, null, initial);
    Unrolled fixed = new StaticUnroll(model, input[0].length, batch).run(input, null, initial);
    assertTrue(Arrays.deepEquals(dynamic.outputs(), fixed.outputs()));
    assertTrue(Arrays.deepEquals(dynamic.finalStates(), fixed.finalStates()));
    float[][][] h = GoldenCase.floats3(golden.field("h"));
    float[][][] c = GoldenCase.floats3(golden.field("c"));
    for (int b = 0; b < batch; b++) {
      GoldenTest.assertSteps(golden.output()[b], dynamic.outputs()[b], "sample " + b);
      for (int layer = 0; layer < 2; layer++) {
        GoldenTest.assertClose(
            h[layer][b], slice(dynamic.finalStates()[b], layout, slots[0][layer]), "h");
        GoldenTest.assertClose(
            c[layer][b], slice(dynamic.finalStates()[b], layout, slots[1][layer]), "c");
      }
    }
    // Without states of its own a sequence starts from zero.
    float[] state = new float[layout.size()];
    Arrays.fill(state, 7);
    model.initialState(state, 0);
    assertArrayEquals(new float[layout.size()], state);
  }

  private static float[] slice(float[] state, StateLayout layout, String slot) {
    StateLayout.Slot s = layout.slot(slot);
    return Arrays.copyOfRange(state, s.offset(), s.offset() + s.length());
  }

  @Test
  void oneVectorThenZerosGivesASequence() {
    GoldenCase golden = GoldenCase.load("09-vector-to-sequence");
    RecurrentModel model = golden.model();
    float[][] vectors = GoldenCase.floats2(golden.field("vector"));
    int steps = golden.field("steps").asInt();
    float[][][] input = new float[vectors.length][steps][model.inputSize()];
    for (int b = 0; b < vectors.length; b++) {
      input[b][0] = vectors[b];
    }
    Unrolled dynamic = new DynamicUnroll(model).run(input);
    Unrolled fixed = new StaticUnroll(model, steps, vectors.length).run(input);
    assertTrue(Arrays.deepEquals(dynamic.outputs(), fixed.outputs()));
    for (int b = 0; b < vectors.length; b++) {
      GoldenTest.assertSteps(golden.output()[b], dynamic.outputs()[b], "sample " + b);
    }
  }

  @Test
  void encoderGivesItsFinalStateAndItsDecoderGoesOnFromThere() throws OnnxException {
    GoldenCase golden = GoldenCase.load("08-encoder-decoder-eos");
    RecurrentModel encoder = golden.onnx("encoder").read();
    assertFalse(encoder.everyStep());
    DecoderOracle decoder = new DecoderOracle(golden.onnx("decoder"));
    for (int i = 0; i < golden.field("input").size(); i++) {
      float[][] input = GoldenCase.floats2(golden.field("input").get(i));
      Unrolled unrolled = new DynamicUnroll(encoder).run(new float[][][] {input});
      assertArrayEquals(unrolled.finalStates()[0], unrolled.lastOutputs()[0]);
      List<Integer> tokens = new ArrayList<>();
      golden.field("tokens").get(i).forEach(t -> tokens.add(t.asInt()));
      int start = golden.field("start").asInt();
      int eos = golden.field("eos").asInt();
      float[] state = unrolled.lastOutputs()[0];
      assertEquals(
          tokens, decoded(golden.onnx("decoder").read(), state, start, eos, tokens.size()));
      assertEquals(
          tokens,
          decoder.decode(
              unrolled.lastOutputs()[0],
              golden.field("start").asInt(),
              golden.field("eos").asInt(),
              golden.field("max_steps").asInt()));
    }
  }

  /** Each step's most likely token is the next one's input. */
  private static List<Integer> decoded(
      RecurrentModel model, float[] start, int first, int eos, int maxSteps) {
    Workspace workspace = model.workspace(1);
    FMatrixRMaj state = FMatrixRMaj.wrap(1, start.length, start.clone());
    List<Integer> tokens = new ArrayList<>();
    int token = first;
    while (tokens.size() < maxSteps && (tokens.isEmpty() || token != eos)) {
      model.step(FMatrixRMaj.wrap(1, 1, new float[] {token}), state, workspace);
      assertTrue(workspace.advanced(0));
      float[] logits = workspace.output().data;
      token = 0;
      for (int t = 1; t < model.outputSize(); t++) {
        token = logits[t] > logits[token] ? t : token;
      }
      tokens.add(token);
    }
    return tokens;
  }
}
