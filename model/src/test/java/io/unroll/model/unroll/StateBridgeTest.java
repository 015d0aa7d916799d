package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Allocation;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.cell.Models;
import io.unroll.model.cell.Models.Kind;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a decoder's state starts from. */
final class StateBridgeTest {
  private static void refused(String message, Runnable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run::run).getMessage());
  }

  /** Layers of those neurons, 2 inputs; slots 0.h (0.c) 1.h (1.c); outputs 0: no head. */
  private static RecurrentModel model(Kind kind, int outputs, int... neurons) {
    Random random = new Random(1);
    List<CellWeights> layers = new ArrayList<>();
    int inputs = 2;
    for (int n : neurons) {
      layers.add(Models.weights(random, kind, inputs, n));
      inputs = n;
    }
    return Models.stack(kind, layers, outputs, random);
  }

  /**
   * What the decoder starts from when float i of the encoder's state is i, of its output 100 + i.
   */
  private static float[] started(
      RecurrentModel encoder, RecurrentModel decoder, StateBridge bridge) {
    float[] state = new float[3 + encoder.stateLayout().size()];
    for (int i = 0; i < state.length; i++) {
      state[i] = i - 3;
    }
    float[] output = new float[2 + encoder.outputSize()];
    for (int i = 0; i < output.length; i++) {
      output[i] = 100 + i - 2;
    }
    int size = decoder.stateLayout().size();
    float[] target = new float[size + 2];
    target[0] = -7;
    target[size + 1] = -7;
    bridge.start(state, 3, bridge.needsOutput() ? output : null, 2, target, 1);
    assertEquals(-7, target[0]);
    assertEquals(-7, target[size + 1]);
    float[] started = new float[size];
    System.arraycopy(target, 1, started, 0, size);
    return started;
  }

  private static float[] byName(
      RecurrentModel encoder, RecurrentModel decoder, Map<String, String> names) {
    return started(encoder, decoder, new StateBridge(encoder, decoder, names));
  }

  private static float[] byOrder(RecurrentModel encoder, RecurrentModel decoder) {
    return started(encoder, decoder, new StateBridge(encoder, decoder));
  }

  @Test
  void slotsFollowSlotsInOrder() {
    RecurrentModel encoder = model(Kind.LSTM, 5, 2, 1);
    RecurrentModel decoder = model(Kind.LSTM, 3, 2, 1);
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, byOrder(encoder, decoder));
    assertFalse(new StateBridge(encoder, decoder).needsOutput());
  }

  @Test
  void memoryAndHiddenStateGoByName() {
    RecurrentModel encoder = model(Kind.LSTM, 5, 2);
    RecurrentModel decoder = model(Kind.LSTM, 3, 2);
    assertArrayEquals(
        new float[] {0, 1, 2, 3}, byName(encoder, decoder, Map.of("0.h", "0.h", "0.c", "0.c")));
    assertArrayEquals(
        new float[] {2, 3, 0, 1}, byName(encoder, decoder, Map.of("0.h", "0.c", "0.c", "0.h")));
    assertArrayEquals(
        new float[] {0, 1, 0, 1}, byName(encoder, decoder, Map.of("0.h", "0.h", "0.c", "0.h")));
  }

  @Test
  void aSingleStateOfAnotherLengthStartsFromTheOutput() {
    RecurrentModel encoder = model(Kind.LSTM, 3, 2);
    RecurrentModel decoder = model(Kind.GRU_1, 1, 3);
    StateBridge bridge = new StateBridge(encoder, decoder);
    assertTrue(bridge.needsOutput());
    assertArrayEquals(new float[] {100, 101, 102}, started(encoder, decoder, bridge));
    refused(
        "encoder output: found none, the decoder starts from it",
        () -> bridge.start(new float[4], 0, null, 0, new float[3], 0));
    // An equal length is the state's, not the output's.
    assertArrayEquals(
        new float[] {0, 1, 2}, byOrder(model(Kind.GRU_1, 3, 3), model(Kind.GRU_1, 1, 3)));
  }

  @Test
  void whatDoesNotFitByOrder() {
    refused(
        "states of decoder 'LSTM': found '0.h' (2 floats), '0.c' (2 floats), expected those of"
            + " encoder 'GRU_1' in their order, '0.h' (2 floats); name the source of each",
        () -> new StateBridge(model(Kind.GRU_1, 0, 2), model(Kind.LSTM, 0, 2)));
    refused(
        "states of decoder 'GRU_1': found '0.h' (4 floats), expected those of encoder 'LSTM' in"
            + " their order, '0.h' (1 float), '0.c' (1 float), or its output of 3 floats; name the"
            + " source of each",
        () -> new StateBridge(model(Kind.LSTM, 3, 1), model(Kind.GRU_1, 0, 4)));
    // Lengths agree, but a layer's h would become a memory.
    refused(
        "states of decoder 'LSTM': found '0.h' (2 floats), '0.c' (2 floats), expected those of"
            + " encoder 'GRU_1' in their order, '0.h' (2 floats), '1.h' (2 floats); name the source"
            + " of each",
        () -> new StateBridge(model(Kind.GRU_1, 0, 2, 2), model(Kind.LSTM, 0, 2)));
    RecurrentModel encoder = model(Kind.GRU_1, 0, 2, 2);
    assertArrayEquals(
        new float[] {0, 1, 2, 3},
        byName(encoder, model(Kind.LSTM, 0, 2), Map.of("0.h", "0.h", "0.c", "1.h")));
  }

  private static final GoldenCase TOKENS = GoldenCase.load("08-encoder-decoder-eos");

  private static RecurrentModel read(OnnxFile file) {
    try {
      return file.read();
    } catch (OnnxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void namesOfTheGraphs() {
    RecurrentModel encoder = read(TOKENS.onnx("encoder"));
    RecurrentModel decoder = read(TOKENS.onnx("decoder"));
    float[] expected = byOrder(encoder, decoder);
    assertEquals(47, expected[47]);
    for (String state : List.of("h0", "/rnn/GRU.h")) {
      for (String source : List.of("h", "/rnn/GRU.h")) {
        assertArrayEquals(expected, byName(encoder, decoder, Map.of(state, source)));
      }
    }
    // The window's state is its inputs: h is the output that it gives.
    StateBridge window = new StateBridge(encoder.window(4), decoder, Map.of("h0", "h"));
    assertTrue(window.needsOutput());
  }

  /** PyTorch stacks the layers of h and of c; the slots stand layer by layer. */
  @Test
  void stackedLayersGoApart() {
    RecurrentModel layers = GoldenCase.load("06-lstm-time-major-initial-state").model();
    float[] straight = byName(layers, layers, Map.of("h0", "h", "c0", "c"));
    float[] crossed = byName(layers, layers, Map.of("h0", "c", "c0", "h"));
    for (int i = 0; i < 40; i++) {
      assertEquals(i, straight[i]);
      assertEquals(i / 10 % 2 == 0 ? i + 10 : i - 10, crossed[i]);
    }
    assertArrayEquals(
        straight,
        byName(
            layers,
            layers,
            Map.of("h0", "h", "/rnn/LSTM.c", "/rnn/LSTM.c", "/rnn/LSTM_1.c", "/rnn/LSTM_1.c")));
  }

  @Test
  void namedStatesGoByTheGraphsNames() {
    RecurrentModel step = GoldenCase.load("14-one-step-graph-named-states").model();
    float[] started = byName(step, step, Map.of("h_in", "c_out", "c_in", "h_out", "g_in", "g_in"));
    for (int i = 0; i < 24; i++) {
      assertEquals(i < 9 ? i + 9 : i < 18 ? i - 9 : i, started[i]);
    }
  }

  @Test
  void sizesThatDoNotFitByName() {
    RecurrentModel encoder = read(TOKENS.onnx("decoder"));
    RecurrentModel decoder = read(TOKENS.onnx("decoder"));
    refused(
        "decoder state 'h0' (48 floats): found encoder output 'logits' (8 floats), expected 48",
        () -> new StateBridge(encoder, decoder, Map.of("h0", "logits")));
    RecurrentModel small = model(Kind.GRU_1, 0, 1);
    refused(
        "decoder state '/rnn/GRU.h' (48 floats): found encoder state '0.h' (1 float), expected 48",
        () -> new StateBridge(small, decoder, Map.of("/rnn/GRU.h", "0.h")));
    RecurrentModel layers = GoldenCase.load("06-lstm-time-major-initial-state").model();
    refused(
        "decoder state '/rnn/LSTM.h' (10 floats): found encoder state 'h' (20 floats), expected 10",
        () -> new StateBridge(layers, layers, Map.of("/rnn/LSTM.h", "h")));
  }

  @Test
  void namesThatAreNone() {
    RecurrentModel encoder = read(TOKENS.onnx("encoder"));
    RecurrentModel decoder = read(TOKENS.onnx("decoder"));
    refused(
        "decoder state: found 'h1', expected one of /rnn/GRU.h, h0",
        () -> new StateBridge(encoder, decoder, Map.of("h1", "h")));
    refused(
        "source of decoder state 'h0', encoder state or output: found 'y', expected one of"
            + " /rnn/GRU.h, h",
        () -> new StateBridge(encoder, decoder, Map.of("h0", "y")));
    refused(
        "source of decoder state 'h0', encoder state or output: found '', expected one of 0.h",
        () -> new StateBridge(model(Kind.GRU_1, 0, 48), decoder, Map.of("h0", "")));
  }

  @Test
  void onceOneStateIsNamedAllAre() {
    RecurrentModel layers = GoldenCase.load("06-lstm-time-major-initial-state").model();
    refused(
        "states of decoder '06-lstm-time-major-initial-state': found no source of '/rnn/LSTM.c' (10"
            + " floats), '/rnn/LSTM_1.c' (10 floats), expected one for each, or none at all",
        () -> new StateBridge(layers, layers, Map.of("h0", "h")));
    RecurrentModel decoder = read(TOKENS.onnx("decoder"));
    Map<String, String> twice = new LinkedHashMap<>();
    twice.put("h0", "h");
    twice.put("/rnn/GRU.h", "h");
    refused(
        "decoder state '/rnn/GRU.h': found a second source by the name '/rnn/GRU.h', expected one",
        () -> new StateBridge(decoder, decoder, twice));
  }

  @Test
  void aStartAllocatesNothing() {
    RecurrentModel encoder = read(TOKENS.onnx("encoder"));
    StateBridge bridge = new StateBridge(encoder, read(TOKENS.onnx("decoder")));
    float[] from = new float[96];
    float[] to = new float[96];
    assertEquals(0, Allocation.warm(0, () -> bridge.start(from, 48, null, 0, to, 48)));
  }
}
