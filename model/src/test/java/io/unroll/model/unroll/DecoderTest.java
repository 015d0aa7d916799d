package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.Workspace;
import io.unroll.model.cell.Models;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks that run on their own output. */
final class DecoderTest {
  private static final First ZEROS = new First.Zeros();

  private final long seed = Seeds.seed();
  private final Random random = Seeds.random(seed);

  private static void refused(String message, Runnable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run::run).getMessage());
  }

  // ---- the golden cases ----

  private static final GoldenCase TOKENS = GoldenCase.load("08-encoder-decoder-eos");

  private static DecoderRules tokenRules(@Nullable Stop stop, int steps) {
    First first = new First.Token(TOKENS.field("start").asInt());
    return new DecoderRules(first, Next.ARGMAX, steps, stop, 0);
  }

  private static Stop eos() {
    return new Stop.Token(TOKENS.field("eos").asInt());
  }

  private static int[] expectedTokens(int sequence) {
    int[] tokens = new int[TOKENS.field("tokens").get(sequence).size()];
    Arrays.setAll(tokens, i -> TOKENS.field("tokens").get(sequence).get(i).asInt());
    return tokens;
  }

  /** The encoder's last state and output of each sequence. */
  private static Unrolled encoded(RecurrentModel encoder, int sequence) {
    float[][] input = GoldenCase.floats2(TOKENS.field("input").get(sequence));
    return new DynamicUnroll(encoder).run(new float[][][] {input});
  }

  private static float[] started(StateBridge bridge, RecurrentModel decoder, Unrolled encoded) {
    float[] state = new float[decoder.stateLayout().size()];
    bridge.start(encoded.finalStates()[0], 0, encoded.lastOutputs()[0], 0, state, 0);
    return state;
  }

  @Test
  void everySequenceIsDecodedToItsEos() throws OnnxException {
    for (String kernel : Kernels.names()) {
      RecurrentModel encoder = TOKENS.onnx("encoder").read(Kernels.named(kernel));
      RecurrentModel model = TOKENS.onnx("decoder").read(Kernels.named(kernel));
      Decoder decoder = new Decoder(model, tokenRules(eos(), TOKENS.field("max_steps").asInt()));
      int sequences = TOKENS.field("tokens").size();
      assertEquals(10, sequences);
      for (Map<String, String> names : List.of(Map.<String, String>of(), Map.of("h0", "h"))) {
        StateBridge bridge = new StateBridge(encoder, model, names);
        for (int i = 0; i < sequences; i++) {
          Decoded decoded = decoder.run(started(bridge, model, encoded(encoder, i)), null);
          assertArrayEquals(expectedTokens(i), decoded.tokens(), "sequence " + i + " on " + kernel);
          assertTrue(decoded.stopped());
          assertEquals(decoded.tokens().length, decoded.outputs().length);
        }
      }
    }
  }

  /** A window over the whole sequence is the same encoder, and gives its state as its output. */
  @Test
  void aWindowedEncoderHandsOnItsOutput() throws OnnxException {
    RecurrentModel encoder = TOKENS.onnx("encoder").read().window(7);
    RecurrentModel model = TOKENS.onnx("decoder").read();
    Decoder decoder = new Decoder(model, tokenRules(eos(), 20));
    for (StateBridge bridge :
        List.of(
            new StateBridge(encoder, model), new StateBridge(encoder, model, Map.of("h0", "h")))) {
      for (int i = 0; i < 10; i++) {
        Decoded decoded = decoder.run(started(bridge, model, encoded(encoder, i)), null);
        assertArrayEquals(expectedTokens(i), decoded.tokens());
      }
    }
  }

  @Test
  void theLimitEndsARunWithoutAnEos() throws OnnxException {
    RecurrentModel encoder = TOKENS.onnx("encoder").read();
    RecurrentModel model = TOKENS.onnx("decoder").read();
    StateBridge bridge = new StateBridge(encoder, model);
    float[] state = started(bridge, model, encoded(encoder, 6)); // 5 5 4 3 7 7 5 1
    Decoded cut = new Decoder(model, tokenRules(eos(), 3)).run(state, null);
    assertArrayEquals(new int[] {5, 5, 4}, cut.tokens());
    assertFalse(cut.stopped());
    Decoded exact = new Decoder(model, tokenRules(eos(), 8)).run(state, null);
    assertArrayEquals(expectedTokens(6), exact.tokens());
    assertTrue(exact.stopped());
    Decoded on = new Decoder(model, tokenRules(null, 11)).run(state, null);
    assertEquals(11, on.tokens().length);
    assertArrayEquals(expectedTokens(6), Arrays.copyOf(on.tokens(), 8));
    assertFalse(on.stopped());
    assertTrue(Arrays.deepEquals(exact.outputs(), Arrays.copyOf(on.outputs(), 8)));
  }

  @Test
  void oneVectorThenZerosGivesASequence() {
    GoldenCase golden = GoldenCase.load("09-vector-to-sequence");
    RecurrentModel model = golden.model();
    int steps = golden.field("steps").asInt();
    Decoder decoder = new Decoder(model, new DecoderRules(new First.Input(), Next.ZEROS, steps));
    float[][] vectors = GoldenCase.floats2(golden.field("vector"));
    assertEquals(3, vectors.length);
    for (int b = 0; b < vectors.length; b++) {
      Decoded decoded = decoder.run(null, vectors[b]);
      GoldenTest.assertSteps(golden.output()[b], decoded.outputs(), "sample " + b);
      assertArrayEquals(new int[0], decoded.tokens());
      assertFalse(decoded.stopped());
      // The same bits as a sequence of zeros behind the vector.
      float[][] input = new float[steps][model.inputSize()];
      input[0] = vectors[b];
      assertTrue(
          Arrays.deepEquals(
              new DynamicUnroll(model).run(new float[][][] {input}).outputs()[0],
              decoded.outputs()));
    }
  }

  // ---- feeding ----

  private RecurrentModel model(Kind kind, int inputs, int outputs) {
    return Models.stack(kind, List.of(Models.weights(random, kind, inputs, 5)), outputs, random);
  }

  /** One step by hand; the state is modified. */
  private static float[] step(RecurrentModel model, float[] input, FMatrixRMaj state) {
    Workspace workspace = model.workspace(1);
    model.step(FMatrixRMaj.wrap(1, input.length, input), state, workspace);
    return Arrays.copyOf(workspace.output().data, model.outputSize());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void itsOutputIsItsNextInput(Kind kind) {
    RecurrentModel model = model(kind, 3, 3);
    float[] start = Models.values(random, model.stateLayout().size(), 1);
    float[] kept = start.clone();
    float[] x = Models.values(random, 3, 1);
    Decoded decoded =
        new Decoder(model, new DecoderRules(new First.Input(), Next.OUTPUT, 9)).run(start, x);
    FMatrixRMaj state = FMatrixRMaj.wrap(1, start.length, start.clone());
    assertEquals(9, decoded.outputs().length);
    for (int t = 0; t < 9; t++) {
      x = step(model, x, state);
      assertArrayEquals(x, decoded.outputs()[t], "step " + t + ", " + Seeds.message(seed));
    }
    assertArrayEquals(kept, start); // what it starts from is the caller's
  }

  @Test
  void zerosStartARunFromTheNetworksOwnState() {
    RecurrentModel model =
        RecurrentModel.builder()
            .inputs(2)
            .rnn(new CellWeights("rnn", 2, 2, ones(4), new float[4], new float[2], new float[2], 0))
            .initialState(new float[] {0.5f, -0.5f})
            .dense("head", new float[] {1, 0, 0, 1}, new float[] {0.25f, 0})
            .build();
    Decoder decoder = new Decoder(model, new DecoderRules(ZEROS, Next.OUTPUT, 4));
    float[] own = new float[2];
    model.initialState(own, 0);
    assertArrayEquals(new float[] {0.5f, -0.5f}, own);
    assertTrue(
        Arrays.deepEquals(decoder.run(own, null).outputs(), decoder.run(null, null).outputs()));
    assertArrayEquals(new float[] {0.25f, 0}, decoder.run(null, null).outputs()[0]);
  }

  private static float[] ones(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * Counts: token i makes token i + 1 of 4 the most likely, round and round. The cell forgets, its
   * neurons are tanh of a one-hot token, the head turns them on by one.
   */
  private static RecurrentModel counter(int extra) {
    float[] w = new float[4 * (4 + extra)];
    float[] turn = new float[16];
    for (int i = 0; i < 4; i++) {
      w[i * (4 + extra) + i] = 1;
      turn[i * 4 + (i + 1) % 4] = 1;
      if (extra > 0) {
        w[i * (4 + extra) + 4] = i == 3 ? 10 : 0; // the extra input makes it seem token 3
      }
    }
    return RecurrentModel.builder()
        .name("counter")
        .inputs(4 + extra)
        .rnn(new CellWeights("rnn", 4 + extra, 4, w, new float[16], new float[4], new float[4], 0))
        .dense("head", turn, new float[4])
        .build();
  }

  @Test
  void tokensAreFedOneHot() {
    RecurrentModel model = counter(0);
    Decoded decoded =
        new Decoder(model, new DecoderRules(new First.Token(1), Next.ARGMAX, 6)).run(null, null);
    assertArrayEquals(new int[] {2, 3, 0, 1, 2, 3}, decoded.tokens());
    Decoded stopped =
        new Decoder(
                model, new DecoderRules(new First.Token(1), Next.ARGMAX, 6, new Stop.Token(0), 0))
            .run(null, null);
    assertArrayEquals(new int[] {2, 3, 0}, stopped.tokens());
    // Zeros are no token: all outputs are equal, and the first of them is chosen.
    Decoded zeros = new Decoder(model, new DecoderRules(ZEROS, Next.ARGMAX, 3)).run(null, null);
    assertArrayEquals(new int[] {0, 1, 2}, zeros.tokens());
    assertArrayEquals(new float[4], zeros.outputs()[0]);
  }

  @Test
  void extraInputsStandBehindWhatIsFed() {
    Decoder decoder =
        new Decoder(counter(1), new DecoderRules(new First.Token(1), Next.ARGMAX, 6, null, 1));
    List<Integer> asked = new ArrayList<>();
    Decoded quiet =
        decoder.run(
            null,
            null,
            step -> {
              asked.add(step);
              return new float[] {0};
            });
    assertArrayEquals(new int[] {2, 3, 0, 1, 2, 3}, quiet.tokens());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), asked);
    // At step 3 the extra input drives neuron 3 harder than the fed token 0 drives its own.
    Decoded loud = decoder.run(null, null, step -> new float[] {step == 3 ? 1 : 0});
    assertArrayEquals(new int[] {2, 3, 0, 0, 1, 2}, loud.tokens());
    refused(
        "decoder 'counter': extra inputs of step 2: found 2, expected 1",
        () -> decoder.run(null, null, step -> new float[step == 2 ? 2 : 1]));
    refused(
        "decoder 'counter': extra inputs of step 0: found 0, expected 1",
        () -> decoder.run(null, null));
  }

  /** Known futures alone: nothing is fed, every input is given. */
  @Test
  void aNetworkMayBeFedNothing() {
    RecurrentModel model = model(Kind.GRU_1, 2, 1);
    Decoder decoder = new Decoder(model, new DecoderRules(ZEROS, Next.ZEROS, 5, null, 2));
    float[][] input = new float[5][];
    for (int t = 0; t < 5; t++) {
      input[t] = Models.values(random, 2, 1);
    }
    assertTrue(
        Arrays.deepEquals(
            new DynamicUnroll(model).run(new float[][][] {input}).outputs()[0],
            decoder.run(null, null, step -> input[step]).outputs()),
        Seeds.message(seed));
  }

  @Test
  void anOutputAboveTheThresholdIsTheLast() {
    RecurrentModel model = model(Kind.LSTM, 3, 3);
    DecoderRules endless = new DecoderRules(ZEROS, Next.OUTPUT, 50);
    float[][] all = new Decoder(model, endless).run(null, null).outputs();
    float highest = Float.NEGATIVE_INFINITY;
    for (float[] output : all) {
      highest = Math.max(highest, output[1]);
    }
    float threshold = all[0][1] + (highest - all[0][1]) / 2; // of a run that rises, half way
    int last = 0;
    while (last < 49 && all[last][1] <= threshold) {
      last++;
    }
    boolean stops = all[last][1] > threshold;
    Decoded decoded =
        new Decoder(
                model, new DecoderRules(ZEROS, Next.OUTPUT, 50, new Stop.Above(1, threshold), 0))
            .run(null, null);
    assertEquals(stops, decoded.stopped(), Seeds.message(seed));
    assertEquals(last + 1, decoded.outputs().length, Seeds.message(seed));
    assertTrue(
        Arrays.deepEquals(Arrays.copyOf(all, last + 1), decoded.outputs()), Seeds.message(seed));
  }

  @Test
  void anOutputEqualToTheThresholdGoesOn() {
    // The head gives its bias, whatever the cell does.
    RecurrentModel model =
        RecurrentModel.builder()
            .inputs(1)
            .rnn(new CellWeights("rnn", 1, 1, ones(1), ones(1), new float[1], new float[1], 0))
            .dense("head", new float[1], new float[] {0.75f})
            .build();
    Decoded equal =
        new Decoder(model, new DecoderRules(ZEROS, Next.OUTPUT, 4, new Stop.Above(0, 0.75f), 0))
            .run(null, null);
    assertEquals(4, equal.outputs().length);
    assertFalse(equal.stopped());
    Decoded above =
        new Decoder(model, new DecoderRules(ZEROS, Next.OUTPUT, 4, new Stop.Above(0, 0.7f), 0))
            .run(null, null);
    assertEquals(1, above.outputs().length);
    assertTrue(above.stopped());
  }

  @Test
  void aStepThatIsNotFiniteIsRefused() throws OnnxException {
    RecurrentModel growing =
        RecurrentModel.builder()
            .name("growing")
            .inputs(1)
            .rnn(new CellWeights("rnn", 1, 1, ones(1), new float[1], new float[1], new float[1], 0))
            .dense("head", new float[] {3e38f}, new float[] {3e38f})
            .build();
    Decoder decoder = new Decoder(growing, new DecoderRules(ZEROS, Next.OUTPUT, 5));
    refused(
        "decoder 'growing', step 1: found an output or a next state that is not finite, expected"
            + " finite numbers",
        () -> decoder.run(null, null));
    // A start token that the embedding has no row for.
    RecurrentModel tokens = TOKENS.onnx("decoder").read();
    Decoder unknown = new Decoder(tokens, new DecoderRules(new First.Token(8), Next.ARGMAX, 5));
    refused(
        "decoder 'decoder', step 0: found an output or a next state that is not finite, expected"
            + " finite numbers",
        () -> unknown.run(null, null));
  }

  @Test
  void aStateOfAnotherSizeIsRefused() {
    Decoder decoder = new Decoder(counter(0), new DecoderRules(ZEROS, Next.OUTPUT, 5));
    refused("decoder 'counter': state: found 3, expected 4", () -> decoder.run(new float[3], null));
    refused(
        "first input: found 4 values, expected none: the rules begin with zeros",
        () -> decoder.run(null, new float[4]));
  }

  // ---- parity ----

  /** Rows of a batch that end one by one, stepped as an operator does. */
  private static List<List<float[]>> batched(
      RecurrentModel model, DecoderRules rules, float[][] states) {
    Feedback feedback = new Feedback(rules, model);
    int inputs = model.inputSize();
    int size = model.stateLayout().size();
    Workspace workspace = model.workspace(states.length);
    FMatrixRMaj x = new FMatrixRMaj(states.length, inputs);
    FMatrixRMaj h = new FMatrixRMaj(states.length, size);
    List<List<float[]>> outputs = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int b = 0; b < states.length; b++) {
      outputs.add(new ArrayList<>());
      open.add(b);
      System.arraycopy(states[b], 0, h.data, b * size, size);
      feedback.first(null, x.data, b * inputs);
    }
    while (!open.isEmpty()) {
      x.numRows = open.size();
      h.numRows = open.size();
      model.step(x, h, workspace);
      float[] y = workspace.output().data;
      List<Integer> stay = new ArrayList<>();
      for (int row = 0; row < open.size(); row++) {
        assertTrue(workspace.advanced(row));
        int at = row * model.outputSize();
        List<float[]> ofRow = outputs.get(open.get(row));
        ofRow.add(Arrays.copyOfRange(y, at, at + model.outputSize()));
        if (!feedback.stops(y, at) && ofRow.size() < rules.steps()) {
          System.arraycopy(h.data, row * size, h.data, stay.size() * size, size);
          feedback.next(y, at, x.data, stay.size() * inputs);
          stay.add(open.get(row));
        }
      }
      open = stay;
    }
    return outputs;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aBatchIsItsSamplesOneByOne(Kind kind) {
    for (int round = 0; round < 20; round++) {
      int outputs = 2 + random.nextInt(4);
      boolean index = random.nextBoolean();
      RecurrentModel model = model(kind, index ? 1 : outputs, outputs);
      Stop stop =
          random.nextBoolean()
              ? new Stop.Token(random.nextInt(outputs))
              : new Stop.Above(random.nextInt(outputs), (float) random.nextGaussian());
      DecoderRules rules =
          new DecoderRules(
              new First.Token(random.nextInt(outputs)),
              Next.ARGMAX,
              1 + random.nextInt(12),
              stop,
              0);
      float[][] states = new float[1 + random.nextInt(9)][];
      for (int b = 0; b < states.length; b++) {
        states[b] = Models.values(random, model.stateLayout().size(), 1);
      }
      List<List<float[]>> batch = batched(model, rules, states);
      Decoder decoder = new Decoder(model, rules);
      for (int b = 0; b < states.length; b++) {
        Decoded alone = decoder.run(states[b], null);
        assertTrue(
            Arrays.deepEquals(alone.outputs(), batch.get(b).toArray(float[][]::new)),
            "round " + round + " sample " + b + ", " + Seeds.message(seed));
      }
    }
  }

  /** An LSTM handed on to an equal LSTM goes on as if nothing had happened. */
  @Test
  void aDecoderGoesOnWhereItsEncoderEnded() {
    RecurrentModel model = model(Kind.LSTM, 3, 3);
    float[][] input = new float[6][];
    for (int t = 0; t < 6; t++) {
      input[t] = Models.values(random, 3, 1);
    }
    Unrolled encoded = new DynamicUnroll(model).run(new float[][][] {input});
    Decoder decoder = new Decoder(model, new DecoderRules(new First.Input(), Next.OUTPUT, 5));
    for (StateBridge bridge :
        List.of(
            new StateBridge(model, model),
            new StateBridge(model, model, Map.of("0.h", "0.h", "0.c", "0.c")))) {
      Decoded decoded = decoder.run(started(bridge, model, encoded), encoded.lastOutputs()[0]);
      FMatrixRMaj state = FMatrixRMaj.wrap(1, 10, encoded.finalStates()[0].clone());
      float[] x = encoded.lastOutputs()[0];
      for (int t = 0; t < 5; t++) {
        x = step(model, x, state);
        assertArrayEquals(x, decoded.outputs()[t], Seeds.message(seed));
      }
    }
  }
}
