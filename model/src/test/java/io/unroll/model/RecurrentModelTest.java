package io.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.cell.Models;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.unroll.DynamicUnroll;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of a step. */
final class RecurrentModelTest {

  static Stream<GoldenCase> cases() {
    return GoldenCase.STREAMABLE.stream().map(GoldenCase::load);
  }

  private static RecurrentModel lstm() {
    return Models.cell(Kind.LSTM, Models.weights(new Random(1), Kind.LSTM, 2, 3));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepAllocatesNothing(GoldenCase golden) {
    RecurrentModel model = golden.model();
    int rows = 3;
    FMatrixRMaj x = new FMatrixRMaj(rows, model.inputSize());
    Arrays.fill(x.data, 0.5f);
    FMatrixRMaj state = new FMatrixRMaj(rows, model.stateLayout().size());
    Workspace workspace = model.workspace(rows);
    long least =
        Allocation.warm(
            49,
            () -> {
              for (int i = 0; i < 50; i++) {
                model.step(x, state, workspace);
              }
            });
    assertTrue(least < 50, "50 steps allocated " + least + " bytes");
  }

  @Test
  void rowThatIsNotFiniteKeepsItsStateAndOthersAdvance() {
    RecurrentModel model = lstm();
    FMatrixRMaj x = new FMatrixRMaj(3, 2);
    Arrays.fill(x.data, 0.5f);
    x.data[2] = Float.NaN; // row 1
    FMatrixRMaj state = new FMatrixRMaj(3, 6);
    Arrays.fill(state.data, 0.25f);
    Workspace workspace = model.workspace(8);
    model.step(x, state, workspace);
    assertTrue(workspace.advanced(0));
    assertFalse(workspace.advanced(1));
    assertTrue(workspace.advanced(2));
    float[] untouched = new float[6];
    Arrays.fill(untouched, 0.25f);
    assertArrayEquals(untouched, Arrays.copyOfRange(state.data, 6, 12));
    assertArrayEquals(Arrays.copyOfRange(state.data, 0, 6), Arrays.copyOfRange(state.data, 12, 18));
    assertFalse(Arrays.equals(untouched, Arrays.copyOfRange(state.data, 0, 6)));
    assertEquals(3, workspace.output().numRows);
  }

  @Test
  void infiniteStateIsNotTakenOver() {
    // relu(3e38 * x + h) overflows.
    RecurrentModel model =
        Models.cell(
            Kind.RNN_RELU,
            new io.unroll.model.kernel.CellWeights(
                "big", 1, 1, new float[] {3e38f}, new float[] {1}, new float[1], new float[1], 0));
    FMatrixRMaj state = FMatrixRMaj.wrap(1, 1, new float[] {2});
    Workspace workspace = model.workspace(1);
    model.step(FMatrixRMaj.wrap(1, 1, new float[] {9}), state, workspace);
    assertFalse(workspace.advanced(0));
    assertArrayEquals(new float[] {2}, state.data);
  }

  private static void refused(String message, Runnable step) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, step::run).getMessage());
  }

  @Test
  void wrongDimensionsAreRefusedWithBothNumbersAndTouchNoState() {
    RecurrentModel model = lstm();
    FMatrixRMaj state = new FMatrixRMaj(2, 6);
    Arrays.fill(state.data, 0.25f);
    float[] before = state.data.clone();
    Workspace workspace = model.workspace(2);
    refused(
        "input columns: found 3, expected 2",
        () -> model.step(new FMatrixRMaj(2, 3), state, workspace));
    refused(
        "state columns: found 5, expected 6",
        () -> model.step(new FMatrixRMaj(2, 2), new FMatrixRMaj(2, 5), workspace));
    refused(
        "state rows: found 2, expected 1",
        () -> model.step(new FMatrixRMaj(1, 2), state, workspace));
    refused(
        "a step of 3 rows, the workspace holds 2",
        () -> model.step(new FMatrixRMaj(3, 2), new FMatrixRMaj(3, 6), workspace));
    refused(
        "the workspace is another model's, not LSTM's",
        () -> model.step(new FMatrixRMaj(2, 2), state, lstm().workspace(2)));
    refused("a workspace of 0 rows, expected 1 or more", () -> model.workspace(0));
    refused("row 0 of a step of 0 rows", () -> workspace.advanced(0));
    refused(
        "state of 6 floats from offset 1, found an array of 6",
        () -> model.initialState(new float[6], 1));
    assertArrayEquals(before, state.data);
  }

  @Test
  void workspaceServesStepsOfFewerRows() {
    RecurrentModel model = lstm();
    Workspace workspace = model.workspace(4);
    FMatrixRMaj one = FMatrixRMaj.wrap(1, 2, new float[] {0.1f, 0.2f});
    FMatrixRMaj alone = new FMatrixRMaj(1, 6);
    model.step(one, alone, workspace);
    FMatrixRMaj four = new FMatrixRMaj(4, 2);
    for (int i = 0; i < 8; i++) {
      four.data[i] = one.data[i % 2];
    }
    FMatrixRMaj together = new FMatrixRMaj(4, 6);
    model.step(four, together, workspace);
    for (int row = 0; row < 4; row++) {
      assertArrayEquals(alone.data, Arrays.copyOfRange(together.data, row * 6, row * 6 + 6));
    }
    refused("row 4 of a step of 4 rows", () -> workspace.advanced(4));
    model.step(new FMatrixRMaj(0, 2), new FMatrixRMaj(0, 6), workspace);
    assertEquals(0, workspace.output().numRows);
  }

  @Test
  void layoutHasNeitherGapsNorOverlaps() {
    StateLayout layout = StateLayout.of(List.of("a.h", "a.c", "b.h"), List.of(3, 3, 2));
    assertEquals(8, layout.size());
    assertEquals(32, layout.bytes());
    assertEquals(new StateLayout.Slot("b.h", 6, 2), layout.slot("b.h"));
    refused("no state 'x', found [a.h, a.c, b.h]", () -> layout.slot("x"));
    refused("slots of 8 floats, expected 9", () -> new StateLayout(9, layout.slots()));
    refused(
        "slot a: offset 1 and length 2, expected offset 0 and a length above 0",
        () -> new StateLayout(3, List.of(new StateLayout.Slot("a", 1, 2))));
  }

  /** By the names of the graph's inputs and by those of the slots; a window starts there, too. */
  @Test
  void startsWhereItIsTold() {
    RecurrentModel model = GoldenCase.load("06-lstm-time-major-initial-state").model();
    assertEquals(
        List.of("/rnn/LSTM.h", "/rnn/LSTM.c", "/rnn/LSTM_1.h", "/rnn/LSTM_1.c", "h0", "c0"),
        List.copyOf(model.startNames()));
    Random random = new Random(5);
    float[] hidden = Models.values(random, 20, 1);
    float[] cell = Models.values(random, 20, 1);
    float[] state =
        model.initialState(
            Map.of(
                "h0", hidden,
                "/rnn/LSTM.c", Arrays.copyOf(cell, 10),
                "/rnn/LSTM_1.c", Arrays.copyOfRange(cell, 10, 20)));
    assertArrayEquals(state, model.initialState(Map.of("h0", hidden, "c0", cell)));
    for (String slot : List.of("/rnn/LSTM", "/rnn/LSTM_1")) {
      int from = slot.endsWith("1") ? 10 : 0;
      assertArrayEquals(
          Arrays.copyOfRange(hidden, from, from + 10), part(model, state, slot + ".h"));
      assertArrayEquals(Arrays.copyOfRange(cell, from, from + 10), part(model, state, slot + ".c"));
    }
    float[][][] inputs = {{Models.values(random, model.inputSize(), 1)}};
    float[] expected =
        new DynamicUnroll(model).run(inputs, null, new float[][] {state}).lastOutputs()[0];
    RecurrentModel started = model.startingAt(state);
    assertArrayEquals(expected, new DynamicUnroll(started).run(inputs).lastOutputs()[0]);
    assertArrayEquals(expected, new DynamicUnroll(started.window(3)).run(inputs).lastOutputs()[0]);
    assertFalse(Arrays.equals(expected, new DynamicUnroll(model).run(inputs).lastOutputs()[0]));
    assertEquals(model.id(), started.id());
    assertEquals(model.fingerprint(), started.fingerprint());
    state[0]++; // it has its own
    assertArrayEquals(expected, new DynamicUnroll(started).run(inputs).lastOutputs()[0]);
  }

  private static float[] part(RecurrentModel model, float[] state, String name) {
    StateLayout.Slot slot = model.stateLayout().slot(name);
    return Arrays.copyOfRange(state, slot.offset(), slot.offset() + slot.length());
  }

  /** What nobody names stays as the model says. */
  @Test
  void statesThatAreNotNamedStay() {
    RecurrentModel model = lstm().startingAt(new float[] {1, 2, 3, 4, 5, 6});
    String second = model.stateLayout().slots().get(1).name();
    assertArrayEquals(
        new float[] {1, 2, 3, 7, 8, 9}, model.initialState(Map.of(second, new float[] {7, 8, 9})));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, model.initialState(Map.of()));
  }

  @Test
  void startsThatDoNotFitAreRefused() {
    RecurrentModel model = GoldenCase.load("06-lstm-time-major-initial-state").model();
    refused("initial state: found 5, expected 40", () -> model.startingAt(new float[5]));
    float[] infinite = new float[40];
    infinite[3] = Float.POSITIVE_INFINITY;
    refused(
        "initial state[3]: found Infinity, expected a finite number",
        () -> model.startingAt(infinite));
    refused(
        "initial state: found 'h1', expected one of /rnn/LSTM.h, /rnn/LSTM.c, /rnn/LSTM_1.h,"
            + " /rnn/LSTM_1.c, h0, c0",
        () -> model.initialState(Map.of("h1", new float[20])));
    refused(
        "floats of initial state 'h0': found 10, expected 20",
        () -> model.initialState(Map.of("h0", new float[10])));
    Map<String, float[]> twice = new LinkedHashMap<>();
    twice.put("/rnn/LSTM.h", new float[10]);
    twice.put("h0", new float[20]);
    refused(
        "initial state '/rnn/LSTM.h': found a second time, by the name 'h0', expected it once",
        () -> model.initialState(twice));
  }

  @Test
  void identityIsNameAndFingerprint() {
    RecurrentModel model = GoldenCase.load("03-lstm-dense-every-step").model();
    assertEquals("03-lstm-dense-every-step", model.name());
    assertTrue(model.fingerprint().matches("[0-9a-f]{64}"));
    assertEquals("03-lstm-dense-every-step@" + model.fingerprint().substring(0, 8), model.id());
  }
}
