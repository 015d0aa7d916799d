package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.Workspace;
import io.unroll.model.cell.Models;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.kernel.CellWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The primer's parity table over random shapes, bit for bit. */
final class ParityTest {
  private static final int ROUNDS = 12;

  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  private record Sample(RecurrentModel model, float[][][] input, int[] lengths, String where) {}

  private static Sample sample(Kind kind, Random random, long seed) {
    int inputs = 1 + random.nextInt(9);
    List<CellWeights> layers = new ArrayList<>();
    int width = inputs;
    for (int i = 0; i <= random.nextInt(3); i++) {
      int neurons = 1 + random.nextInt(21);
      layers.add(Models.weights(random, kind, width, neurons));
      width = neurons;
    }
    RecurrentModel model = Models.stack(kind, layers, random.nextInt(4), random);
    int batch = 1 + random.nextInt(7);
    int steps = 1 + random.nextInt(9);
    float[][][] input = new float[batch][steps][];
    int[] lengths = new int[batch];
    for (int b = 0; b < batch; b++) {
      lengths[b] = random.nextInt(steps + 1);
      for (int t = 0; t < steps; t++) {
        input[b][t] = Models.values(random, inputs, 1);
      }
    }
    return new Sample(
        model,
        input,
        lengths,
        "%s, %d layers, batch %d, %d steps, %s"
            .formatted(kind, layers.size(), batch, steps, Seeds.message(seed)));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void stepsByHandAreStaticAreDynamic(Kind kind) {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Sample s = sample(kind, random, seed);
      int batch = s.input().length;
      int steps = s.input()[0].length;
      Unrolled dynamic = new DynamicUnroll(s.model()).run(s.input());
      Unrolled fixed = new StaticUnroll(s.model(), steps, batch).run(s.input());
      FMatrixRMaj state = new FMatrixRMaj(batch, s.model().stateLayout().size());
      Workspace workspace = s.model().workspace(batch);
      for (int t = 0; t < steps; t++) {
        FMatrixRMaj x = new FMatrixRMaj(batch, s.model().inputSize());
        for (int b = 0; b < batch; b++) {
          System.arraycopy(s.input()[b][t], 0, x.data, b * x.numCols, x.numCols);
        }
        s.model().step(x, state, workspace);
        for (int b = 0; b < batch; b++) {
          float[] y = row(workspace.output(), b);
          assertArrayEquals(y, dynamic.outputs()[b][t], s.where());
          assertArrayEquals(y, fixed.outputs()[b][t], s.where());
        }
      }
      for (int b = 0; b < batch; b++) {
        assertArrayEquals(row(state, b), dynamic.finalStates()[b], s.where());
        assertArrayEquals(row(state, b), fixed.finalStates()[b], s.where());
        assertArrayEquals(dynamic.outputs()[b][steps - 1], dynamic.lastOutputs()[b], s.where());
      }
    }
  }

  private static float[] row(FMatrixRMaj matrix, int row) {
    return Arrays.copyOfRange(matrix.data, row * matrix.numCols, (row + 1) * matrix.numCols);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void paddedBatchWithLengthsIsEachSampleAlone(Kind kind) {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Sample s = sample(kind, random, seed);
      int steps = s.input()[0].length;
      Unrolled dynamic = new DynamicUnroll(s.model()).run(s.input(), s.lengths(), null);
      Unrolled fixed =
          new StaticUnroll(s.model(), steps, s.input().length).run(s.input(), s.lengths(), null);
      for (int b = 0; b < s.input().length; b++) {
        int length = s.lengths()[b];
        float[][] cut = Arrays.copyOf(s.input()[b], length);
        Unrolled alone = new DynamicUnroll(s.model()).run(new float[][][] {cut});
        for (int t = 0; t < steps; t++) {
          float[] expected = t < length ? alone.outputs()[0][t] : new float[s.model().outputSize()];
          assertArrayEquals(expected, dynamic.outputs()[b][t], s.where());
          assertArrayEquals(expected, fixed.outputs()[b][t], s.where());
        }
        assertArrayEquals(alone.finalStates()[0], dynamic.finalStates()[b], s.where());
        assertArrayEquals(alone.finalStates()[0], fixed.finalStates()[b], s.where());
        assertArrayEquals(alone.lastOutputs()[0], dynamic.lastOutputs()[b], s.where());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void stateCarriesOnWhereASequenceWasCut(Kind kind) {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Sample s = sample(kind, random, seed);
      int steps = s.input()[0].length;
      int cut = random.nextInt(steps + 1);
      float[][][] head = new float[s.input().length][][];
      float[][][] tail = new float[s.input().length][][];
      for (int b = 0; b < head.length; b++) {
        head[b] = Arrays.copyOf(s.input()[b], cut);
        tail[b] = Arrays.copyOfRange(s.input()[b], cut, steps);
      }
      DynamicUnroll unroll = new DynamicUnroll(s.model());
      Unrolled whole = unroll.run(s.input());
      Unrolled first = unroll.run(head);
      Unrolled second = unroll.run(tail, null, first.finalStates());
      for (int b = 0; b < head.length; b++) {
        assertArrayEquals(whole.finalStates()[b], second.finalStates()[b], s.where());
      }
    }
  }

  @Test
  void finalStateIsTheLastOutputOfAPlainCell() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (Kind kind : List.of(Kind.RNN_TANH, Kind.RNN_RELU, Kind.RNN_SIGMOID, Kind.GRU_1)) {
      RecurrentModel model = Models.cell(kind, Models.weights(random, kind, 3, 5));
      float[][][] input = {{{1, 2, 3}, {-1, 0, 2}}, {{0, 1, 0}, {3, 3, 1}}};
      Unrolled unrolled = new DynamicUnroll(model).run(input, new int[] {2, 1}, null);
      assertArrayEquals(unrolled.outputs()[0][1], unrolled.finalStates()[0], Seeds.message(seed));
      assertArrayEquals(unrolled.outputs()[1][0], unrolled.finalStates()[1], Seeds.message(seed));
    }
  }

  @Test
  void emptyBatchAndSamplesWithoutStepsAreAllowed() {
    RecurrentModel model = Models.cell(Kind.LSTM, Models.weights(new Random(1), Kind.LSTM, 2, 3));
    assertEquals(0, new DynamicUnroll(model).run(new float[0][][]).outputs().length);
    Unrolled none = new DynamicUnroll(model).run(new float[2][0][]);
    assertArrayEquals(new float[6], none.finalStates()[1]);
    assertArrayEquals(new float[3], none.lastOutputs()[1]);
  }

  private static void refused(String message, Runnable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run::run).getMessage());
  }

  @Test
  void dimensionsThatDoNotFitAreRefusedWithBothNumbers() {
    RecurrentModel model = Models.cell(Kind.LSTM, Models.weights(new Random(1), Kind.LSTM, 2, 3));
    DynamicUnroll dynamic = new DynamicUnroll(model);
    float[][][] good = new float[2][4][2];
    refused("sequence lengths: found 1, expected 2", () -> dynamic.run(good, new int[] {4}, null));
    refused(
        "length of sample 1: found 5, expected 0 to 4",
        () -> dynamic.run(good, new int[] {4, 5}, null));
    refused(
        "length of sample 0: found -1, expected 0 to 4",
        () -> dynamic.run(good, new int[] {-1, 4}, null));
    refused("initial states: found 1, expected 2", () -> dynamic.run(good, null, new float[1][6]));
    refused(
        "initial state of sample 1: found 5, expected 6",
        () -> dynamic.run(good, null, new float[][] {new float[6], new float[5]}));
    refused(
        "features of sample 0, step 0: found 3, expected 2", () -> dynamic.run(new float[1][1][3]));
    refused(
        "steps of sample 1: found 2, expected 1",
        () -> dynamic.run(new float[][][] {new float[1][2], new float[2][2]}));
    refused("steps: found 4, expected 3", () -> new StaticUnroll(model, 3, 2).run(good));
    refused(
        "batch: found 2 samples, expected at most 1",
        () -> new StaticUnroll(model, 4, 1).run(good));
    good[1][2][0] = Float.NaN;
    refused(
        "sample 1, step 2: the output or the next state is not finite", () -> dynamic.run(good));
    assertTrue(Float.isNaN(good[1][2][0]));
  }
}
