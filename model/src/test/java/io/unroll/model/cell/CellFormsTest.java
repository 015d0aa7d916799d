package io.unroll.model.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Allocation;
import io.unroll.model.Seeds;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.TestKernel;
import io.unroll.model.kernel.UnaryFunction;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cells in every form, and with their state in registers. */
final class CellFormsTest {
  private static final float NO_CLIP = Float.POSITIVE_INFINITY;
  private static final Activation IDENTITY = new Activation(UnaryFunction.AFFINE, 1, 0);

  private interface Making {
    RecurrentCell cell(StepGraph.Builder graph, int input, CellState state);
  }

  private static CellWeights weights(Random random, int gates, int inputs, int neurons) {
    return new CellWeights(
        "cell",
        inputs,
        neurons,
        Models.values(random, gates * neurons * inputs, 0.4),
        Models.values(random, gates * neurons * neurons, 0.4),
        Models.values(random, gates * neurons, 0.3),
        Models.values(random, gates * neurons, 0.3),
        0);
  }

  /** One cell of each kind over those weights, in random forms. */
  private static Making random(Random random, int kind, int inputs, int neurons) {
    CellWeights w = weights(random, new int[] {1, 4, 3}[kind], inputs, neurons);
    CellForm form =
        switch (kind) {
          case 0 -> Forms.rnn(random);
          case 1 -> Forms.lstm(random, neurons);
          default -> Forms.gru(random);
        };
    return (graph, x, state) -> new RecurrentCell(graph, w, form, x, state);
  }

  /** Steps in place; returns the output. */
  private static float[] step(StepGraph graph, int rows, float[] x, float[] state) {
    Frame frame = graph.frame(rows);
    graph.run(frame, rows, x, state);
    System.arraycopy(frame.next(), 0, state, 0, rows * graph.stateSize());
    return Arrays.copyOf(graph.output(frame), rows * graph.outputSize());
  }

  private static StepGraph kept(Making making, int inputs, int width) {
    StepGraph.Builder graph = new StepGraph.Builder(TestKernel.create(), inputs);
    RecurrentCell cell = making.cell(graph, StepGraph.INPUT, CellState.kept(graph, width));
    graph.add(cell);
    return graph.build(cell.output());
  }

  private static void assertClose(String where, double[] expected, float[] found, int at) {
    double scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    for (int j = 0; j < expected.length; j++) {
      assertEquals(expected[j], found[at + j], 1e-5 * scale, where);
    }
  }

  @Test
  void everyFormFollowsTheEquationsInDouble() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < 300; round++) {
      int inputs = 1 + random.nextInt(6);
      int n = 1 + random.nextInt(6);
      double[] h = new double[n];
      double[] c = new double[n];
      int kind = round % 3;
      CellWeights w = weights(random, new int[] {1, 4, 3}[kind], inputs, n);
      RnnForm rnn = Forms.rnn(random);
      LstmForm lstm = Forms.lstm(random, n);
      GruForm gru = Forms.gru(random);
      Making making =
          (graph, x, state) ->
              new RecurrentCell(graph, w, kind == 0 ? rnn : kind == 1 ? lstm : gru, x, state);
      StepGraph graph = kept(making, inputs, kind == 1 ? 2 * n : n);
      float[] state = new float[graph.stateSize()];
      for (int t = 0; t < 4; t++) {
        float[] x = Models.values(random, inputs, 1);
        float[] y = step(graph, 1, x, state);
        String where =
            "%s, step %d, %s".formatted(graph.nodes().get(0).layer(), t, Seeds.message(seed));
        switch (kind) {
          case 0 -> h = CellOracle.rnn(w, rnn, x, h);
          case 1 -> {
            double[][] next = CellOracle.lstm(w, lstm, x, h, c);
            h = next[0];
            c = next[1];
            assertClose(where + ", c", c, state, n);
          }
          default -> h = CellOracle.gru(w, gru, x, h);
        }
        assertClose(where, h, y, 0);
        assertArrayEquals(y, Arrays.copyOf(state, n), where);
      }
    }
  }

  @Test
  void aRowHasItsBitsAloneAndInABatchAndWithItsStateInRegisters() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < 90; round++) {
      int inputs = 1 + random.nextInt(7);
      int n = 1 + random.nextInt(7);
      int rows = 2 + random.nextInt(4);
      int kind = round % 3;
      int width = kind == 1 ? 2 * n : n;
      Making making = random(random, kind, inputs, n);
      StepGraph kept = kept(making, inputs, width);
      float[] x = Models.values(random, rows * inputs, 1);
      float[] before = Models.values(random, rows * width, 0.7);
      float[] state = before.clone();
      float[] y = step(kept, rows, x, state);

      // The same cell in a graph whose input is x, then the state.
      StepGraph.Builder builder = new StepGraph.Builder(TestKernel.create(), inputs + width);
      Pick first =
          new Pick(builder, "Slice", "x", IntStream.range(0, inputs).toArray(), StepGraph.INPUT);
      Pick rest =
          new Pick(
              builder,
              "Slice",
              "state",
              IntStream.range(inputs, inputs + width).toArray(),
              StepGraph.INPUT);
      builder.add(first);
      builder.add(rest);
      RecurrentCell cell =
          making.cell(builder, first.output(), CellState.given(builder, rest.output()));
      builder.add(cell);
      Join join =
          kind == 1
              ? new Join(builder, "", cell.output(), cell.next(1))
              : new Join(builder, "", cell.output());
      builder.add(join);
      StepGraph given = builder.build(join.output());
      assertEquals(0, given.stateSize());

      String where = kept.nodes().get(0).layer() + ", " + Seeds.message(seed);
      float[] joined = new float[rows * (inputs + width)];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(x, row * inputs, joined, row * (inputs + width), inputs);
        System.arraycopy(before, row * width, joined, row * (inputs + width) + inputs, width);
        float[] alone = Arrays.copyOfRange(before, row * width, (row + 1) * width);
        float[] one = step(kept, 1, Arrays.copyOfRange(x, row * inputs, (row + 1) * inputs), alone);
        assertArrayEquals(Arrays.copyOfRange(y, row * n, (row + 1) * n), one, where);
        assertArrayEquals(Arrays.copyOfRange(state, row * width, (row + 1) * width), alone, where);
      }
      assertArrayEquals(state, step(given, rows, joined, new float[0]), where);
    }
  }

  @Test
  void noFormAllocates() {
    Random random = new Random(5);
    for (int round = 0; round < 12; round++) {
      int kind = round % 3;
      StepGraph graph = kept(random(random, kind, 3, 4), 3, kind == 1 ? 8 : 4);
      Frame frame = graph.frame(2);
      float[] x = Models.values(random, 6, 1);
      float[] state = new float[2 * graph.stateSize()];
      long least =
          Allocation.warm(
              49,
              () -> {
                for (int step = 0; step < 50; step++) {
                  graph.run(frame, 2, x, state);
                }
              });
      assertTrue(least < 50, graph.nodes().get(0).layer() + ": " + least + " bytes in 50 steps");
    }
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  @Test
  void cellsGiveTheirWeightsBack() {
    Random random = new Random(3);
    CellWeights gru = weights(random, 3, 2, 4);
    StepGraph.Builder graph = new StepGraph.Builder(TestKernel.create(), 2);
    CellWeights back =
        new RecurrentCell(graph, gru, GruForm.standard(true), StepGraph.INPUT).weights();
    assertArrayEquals(gru.w(), back.w());
    assertArrayEquals(gru.r(), back.r());
    assertArrayEquals(gru.wb(), back.wb());
    assertArrayEquals(gru.rb(), back.rb());

    CellWeights lstm = weights(random, 4, 2, 4);
    back = new RecurrentCell(graph, lstm, LstmForm.STANDARD, StepGraph.INPUT).weights();
    assertArrayEquals(lstm.w(), back.w());
    assertArrayEquals(lstm.r(), back.r());
    assertArrayEquals(sum(lstm.wb(), lstm.rb()), back.wb());
    assertArrayEquals(new float[16], back.rb());

    CellWeights rnn = weights(random, 1, 2, 4);
    back = new RecurrentCell(graph, rnn, RnnForm.STANDARD, StepGraph.INPUT).weights();
    assertArrayEquals(rnn.w(), back.w());
    assertArrayEquals(rnn.r(), back.r());
    assertArrayEquals(sum(rnn.wb(), rnn.rb()), back.wb());
    assertArrayEquals(new float[4], back.rb());
  }

  @Test
  void stateOfAnotherWidthIsRefusedWithBothNumbers() {
    StepGraph.Builder graph = new StepGraph.Builder(TestKernel.create(), 2);
    CellWeights w = weights(new Random(3), 4, 2, 4);
    CellState narrow = CellState.given(graph, StepGraph.INPUT);
    assertEquals(
        "cell: a state of 2 values, expected 8",
        assertThrows(
                IllegalArgumentException.class,
                () -> new RecurrentCell(graph, w, LstmForm.STANDARD, StepGraph.INPUT, narrow))
            .getMessage());
  }

  // ---- by hand: one input, one neuron ----

  private static CellWeights one(float[] r, float... wb) {
    int gates = wb.length;
    return new CellWeights("by hand", 1, 1, new float[gates], r, wb, new float[gates], 0);
  }

  private static float[] lstmByHand(LstmForm form, float[] state, float... bias) {
    CellWeights w = one(new float[4], bias);
    StepGraph graph =
        kept((builder, x, slots) -> new RecurrentCell(builder, w, form, x, slots), 1, 2);
    step(graph, 1, new float[] {0}, state);
    return state;
  }

  private static float rnnByHand(RnnForm form, float sum) {
    CellWeights w = one(new float[] {0}, sum);
    StepGraph graph =
        kept((builder, x, slots) -> new RecurrentCell(builder, w, form, x, slots), 1, 1);
    return step(graph, 1, new float[] {0}, new float[] {0})[0];
  }

  private static float gruByHand(GruForm form, float h) {
    CellWeights w =
        new CellWeights(
            "by hand",
            1,
            1,
            new float[3],
            new float[] {0, 0, 1},
            new float[] {0.25f, 0.5f, 0},
            new float[] {0, 0, 1},
            0);
    StepGraph graph =
        kept((builder, x, slots) -> new RecurrentCell(builder, w, form, x, slots), 1, 1);
    return step(graph, 1, new float[] {0}, new float[] {h})[0];
  }

  @Test
  void peepholesAndClipByHand() {
    float[] p = {0.5f, 0.25f, 1}; // i, o, f
    LstmForm peepholes = new LstmForm(IDENTITY, IDENTITY, IDENTITY, NO_CLIP, false, p);
    // c = 2: i = 0.5*2, f = 1*2, g = 3; c' = 2*2 + 1*3 = 7; o = 0.25*7; h' = 1.75*7.
    assertArrayEquals(
        new float[] {12.25f, 7}, lstmByHand(peepholes, new float[] {0, 2}, 0, 0, 0, 3));
    LstmForm clipped = new LstmForm(IDENTITY, IDENTITY, IDENTITY, 1.5f, false, p);
    // i = 1, f and g bounded to 1.5: c' = 1.5*2 + 1*1.5 = 4.5, unbounded on its way out; o = 1.125.
    assertArrayEquals(
        new float[] {5.0625f, 4.5f}, lstmByHand(clipped, new float[] {0, 2}, 0, 0, 0, 3));
  }

  @Test
  void inputForgetByHand() {
    LstmForm coupled =
        new LstmForm(
            new Activation(UnaryFunction.HARD_SIGMOID, 0.2f, 0.5f),
            Activation.RELU,
            IDENTITY,
            NO_CLIP,
            true,
            new float[0]);
    // i = 0.2*1.25 + 0.5 = 0.75, f = 0.25 whatever its own sum; c' = 0.25*4 + 0.75*2; o = 0.5.
    assertArrayEquals(
        new float[] {1.25f, 2.5f},
        lstmByHand(coupled, new float[] {0, 4}, 1.25f, 0, 100, 2),
        1e-6f);
  }

  @Test
  void gruFormsByHand() {
    // h = 2, z = 0.25, r = 0.5; the candidate's state bias is 1.
    GruForm after = new GruForm(true, IDENTITY, Activation.RELU, NO_CLIP);
    assertEquals(1.625f, gruByHand(after, 2)); // g = 0.5*(2 + 1); 0.75*1.5 + 0.25*2
    GruForm before = new GruForm(false, IDENTITY, Activation.RELU, NO_CLIP);
    assertEquals(2, gruByHand(before, 2)); // g = 0.5*2 + 1; 0.75*2 + 0.25*2
    GruForm clipped = new GruForm(true, IDENTITY, Activation.RELU, 0.375f);
    assertEquals(0.78125f, gruByHand(clipped, 2)); // r = 0.375, g = 0.375; 0.75*0.375 + 0.5
  }

  @Test
  void plainCellsByHand() {
    assertEquals(3, rnnByHand(new RnnForm(Activation.RELU, 3), 9));
    assertEquals(-3, rnnByHand(new RnnForm(IDENTITY, 3), -9));
    Activation threshold = new Activation(UnaryFunction.THRESHOLDED_RELU, 3, 0);
    assertEquals(0, rnnByHand(RnnForm.of(threshold), 3)); // not above
    assertEquals(3.5f, rnnByHand(RnnForm.of(threshold), 3.5f));
    assertEquals(-1.75f, rnnByHand(RnnForm.of(new Activation(UnaryFunction.AFFINE, -1, 0.25f)), 2));
  }

  @Test
  void formsSayWhatTheyAre() {
    assertEquals("tanh", RnnForm.STANDARD.text());
    assertEquals("relu, clip 3.0", new RnnForm(Activation.RELU, 3).text());
    assertEquals("sigmoid, tanh", LstmForm.STANDARD.text());
    assertEquals(
        "hard_sigmoid(0.2, 0.5), tanh, leaky_relu(0.1), input_forget=1, peepholes",
        new LstmForm(
                new Activation(UnaryFunction.HARD_SIGMOID, 0.2f, 0.5f),
                Activation.TANH,
                new Activation(UnaryFunction.LEAKY_RELU, 0.1f, 0),
                NO_CLIP,
                true,
                new float[3])
            .text());
    assertEquals("sigmoid, tanh, linear_before_reset=0", GruForm.standard(false).text());
    assertThrows(IllegalArgumentException.class, () -> new RnnForm(Activation.TANH, 0));
  }
}
