package io.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.cell.Models;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.cell.Window;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.unroll.DynamicUnroll;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model served by windows gives what unrolling the last inputs from the initial state gives. */
final class WindowTest {

  /** Two layers and a head: 3 inputs, 2 outputs. */
  private static RecurrentModel network(Kind kind, Random random) {
    return Models.stack(
        kind,
        List.of(Models.weights(random, kind, 3, 4), Models.weights(random, kind, 4, 5)),
        2,
        random);
  }

  /** What the window of the last inputs gives when it is unrolled. */
  private static float[] unrolled(RecurrentModel network, float[][] inputs, int t, int n) {
    float[][] last = Arrays.copyOfRange(inputs, Math.max(0, t + 1 - n), t + 1);
    return new DynamicUnroll(network).run(new float[][][] {last}).lastOutputs()[0];
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void equalsUnrollingTheLastInputsToTheBit(Kind kind) {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    RecurrentModel network = network(kind, random);
    for (int n : new int[] {1, 2, 3, 7, 20}) {
      int rows = 1 + random.nextInt(4);
      RecurrentModel window = network.window(n);
      Workspace workspace = window.workspace(rows);
      FMatrixRMaj x = new FMatrixRMaj(rows, 3);
      FMatrixRMaj state = new FMatrixRMaj(rows, window.stateLayout().size());
      float[][][] inputs = new float[rows][16][];
      for (int t = 0; t < 16; t++) {
        for (int row = 0; row < rows; row++) {
          inputs[row][t] = Models.values(random, 3, 1);
          System.arraycopy(inputs[row][t], 0, x.data, row * 3, 3);
        }
        window.step(x, state, workspace);
        for (int row = 0; row < rows; row++) {
          assertArrayEquals(
              unrolled(network, inputs[row], t, n),
              Arrays.copyOfRange(workspace.output().data, row * 2, row * 2 + 2),
              "n " + n + ", row " + row + ", step " + t + ", " + Seeds.message(seed));
        }
      }
    }
  }

  static Stream<GoldenCase> cases() {
    return GoldenCase.STREAMABLE.stream().map(GoldenCase::load);
  }

  /** Whatever a file brings: named states, norms, weights computed in the graph. */
  @ParameterizedTest
  @MethodSource("cases")
  void equalsUnrollingTheLastInputsOfEveryGoldenCase(GoldenCase golden) {
    RecurrentModel network = golden.model();
    RecurrentModel window = network.window(3);
    float[][] inputs = golden.input()[0];
    Workspace workspace = window.workspace(1);
    FMatrixRMaj state = new FMatrixRMaj(1, window.stateLayout().size());
    for (int t = 0; t < inputs.length; t++) {
      window.step(FMatrixRMaj.wrap(1, inputs[t].length, inputs[t]), state, workspace);
      assertArrayEquals(
          unrolled(network, inputs, t, 3),
          Arrays.copyOf(workspace.output().data, network.outputSize()),
          golden + " step " + t);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void rowsOfDifferentLengthsDoNotTouchEachOther(Kind kind) {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    RecurrentModel window = network(kind, random).window(4);
    int size = window.stateLayout().size();
    Workspace batch = window.workspace(6);
    Workspace one = window.workspace(1);
    FMatrixRMaj states = new FMatrixRMaj(6, size);
    for (int row = 0; row < 6; row++) { // row i has i inputs behind it
      for (int t = 0; t < row; t++) {
        FMatrixRMaj alone =
            FMatrixRMaj.wrap(
                1, size, Arrays.copyOfRange(states.data, row * size, (row + 1) * size));
        window.step(FMatrixRMaj.wrap(1, 3, Models.values(random, 3, 1)), alone, one);
        System.arraycopy(alone.data, 0, states.data, row * size, size);
      }
    }
    float[] x = Models.values(random, 18, 1);
    float[] before = states.data.clone();
    window.step(FMatrixRMaj.wrap(6, 3, x), states, batch);
    for (int row = 0; row < 6; row++) {
      FMatrixRMaj alone =
          FMatrixRMaj.wrap(1, size, Arrays.copyOfRange(before, row * size, (row + 1) * size));
      window.step(FMatrixRMaj.wrap(1, 3, Arrays.copyOfRange(x, row * 3, row * 3 + 3)), alone, one);
      String where = "row " + row + ", " + Seeds.message(seed);
      assertArrayEquals(
          Arrays.copyOf(one.output().data, 2),
          Arrays.copyOfRange(batch.output().data, row * 2, row * 2 + 2),
          where);
      assertArrayEquals(
          alone.data, Arrays.copyOfRange(states.data, row * size, (row + 1) * size), where);
    }
  }

  @Test
  void aWindowStartsFromTheModelsOwnInitialState() {
    Random random = new Random(5);
    RecurrentModel zero = Models.cell(Kind.GRU_1, Models.weights(random, Kind.GRU_1, 1, 2));
    RecurrentModel half =
        new RecurrentModel(
            "half",
            zero.fingerprint(),
            zero.graph(),
            zero.stateLayout(),
            new float[] {0.5f, 0.5f},
            false,
            List.of("price"),
            List.of("a", "b"),
            "");
    RecurrentModel window = half.window(2);
    float[][] inputs = {{1}, {2}, {3}};
    FMatrixRMaj state = new FMatrixRMaj(1, window.stateLayout().size());
    window.initialState(state.data, 0);
    assertArrayEquals(new float[2], state.data);
    Workspace workspace = window.workspace(1);
    for (int t = 0; t < 3; t++) {
      window.step(FMatrixRMaj.wrap(1, 1, inputs[t]), state, workspace);
      assertArrayEquals(
          unrolled(half, inputs, t, 2), Arrays.copyOf(workspace.output().data, 2), "step " + t);
    }
    assertArrayEquals(new float[] {1, 3}, state.data);
    assertEquals(half.id(), window.id());
    assertEquals(half.name(), window.name());
    assertEquals(List.of("price"), window.featureNames());
    assertEquals(List.of("a", "b"), window.outputNames());
    assertFalse(window.everyStep());
  }

  @Test
  void theStateHoldsTheInputsButTheNewest() {
    RecurrentModel network = network(Kind.LSTM, new Random(2));
    StateLayout layout = network.window(30).stateLayout();
    assertEquals(1 + 29 * 3, layout.size());
    assertEquals(4 * (1 + 29 * 3), layout.bytes());
    assertEquals(new StateLayout.Slot("window.inputs", 1, 87), layout.slot("window.inputs"));
    assertEquals(
        List.of(new StateLayout.Slot("window.filled", 0, 1)),
        network.window(1).stateLayout().slots());
    assertEquals(
        "Layer[kind=Window, name=last 30 inputs, inputs=3, outputs=2, activation=, parameters=0]",
        network.window(30).graph().nodes().get(0).layer().toString());
  }

  @Test
  void aRowThatIsRefusedKeepsItsInputs() {
    RecurrentModel window = network(Kind.LSTM, new Random(3)).window(3);
    int size = window.stateLayout().size();
    FMatrixRMaj state = new FMatrixRMaj(2, size);
    Workspace workspace = window.workspace(2);
    for (int t = 0; t < 4; t++) {
      window.step(FMatrixRMaj.wrap(2, 3, new float[] {t, 1, 2, t, 1, 2}), state, workspace);
    }
    float[] before = Arrays.copyOf(state.data, size);
    window.step(FMatrixRMaj.wrap(2, 3, new float[] {9, Float.NaN, 2, 9, 1, 2}), state, workspace);
    assertFalse(workspace.advanced(0));
    assertTrue(workspace.advanced(1));
    assertArrayEquals(before, Arrays.copyOf(state.data, size));
    assertEquals(9, state.data[size + 4]); // the newest of row 1
  }

  /** h' = relu(x + h): what two inputs of 3e38 add up to is not finite. */
  private static RecurrentModel sum() {
    return Models.cell(
        Kind.RNN_RELU,
        new CellWeights(
            "sum", 1, 1, new float[] {1}, new float[] {1}, new float[1], new float[1], 0));
  }

  private static boolean advances(
      RecurrentModel model, float x, FMatrixRMaj state, Workspace workspace) {
    model.step(FMatrixRMaj.wrap(1, 1, new float[] {x}), state, workspace);
    return workspace.advanced(0);
  }

  @Test
  void aWindowThatLeavesTheFiniteNumbersRefusesItsNewestInputOnly() {
    RecurrentModel window = sum().window(3);
    FMatrixRMaj state = new FMatrixRMaj(1, 3);
    Workspace workspace = window.workspace(1);
    assertTrue(advances(window, 3e38f, state, workspace));
    assertFalse(advances(window, 3e38f, state, workspace));
    assertArrayEquals(new float[] {1, 3e38f, 0}, state.data);
    assertTrue(advances(window, 1, state, workspace));
    assertEquals(3e38f, workspace.output().data[0]);
  }

  @Test
  void oldInputsNeverSpoilAWindow() {
    RecurrentModel window = sum().window(4);
    // As a longer history can leave them: together they overflow before the newest input comes.
    FMatrixRMaj state = FMatrixRMaj.wrap(1, 4, new float[] {3, 3e38f, 3e38f, 5});
    Workspace workspace = window.workspace(1);
    assertTrue(advances(window, 2, state, workspace));
    assertEquals(7, workspace.output().data[0]); // from the one after the overflow on
    assertArrayEquals(new float[] {3, 3e38f, 5, 2}, state.data);
  }

  @Test
  void stepAllocatesNothing() {
    RecurrentModel window = network(Kind.GRU_0, new Random(4)).window(5);
    FMatrixRMaj x = new FMatrixRMaj(3, 3);
    FMatrixRMaj state = new FMatrixRMaj(3, window.stateLayout().size());
    Workspace workspace = window.workspace(3);
    long least =
        Allocation.warm(
            49,
            () -> {
              for (int i = 0; i < 50; i++) {
                window.step(x, state, workspace);
              }
            });
    assertTrue(least < 50, "50 steps allocated " + least + " bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Window.LONGEST + 1})
  void aWindowOfNoLengthIsRefused(int steps) {
    assertEquals(
        "a window of " + steps + " steps, expected 1 to 100000",
        assertThrows(IllegalArgumentException.class, () -> sum().window(steps)).getMessage());
  }

  @Test
  void aWindowThatTheStateHasNoRoomForIsRefusedInNumbers() {
    Random random = new Random(5);
    RecurrentModel wide = Models.cell(Kind.GRU_1, Models.weights(random, Kind.GRU_1, 100, 1));
    assertEquals(41_944, RecurrentModel.longestWindow(100));
    assertEquals(
        "a window of 41945 steps, expected 1 to 41944 for 100 inputs per step",
        assertThrows(IllegalArgumentException.class, () -> wide.window(41_945)).getMessage());
  }
}
