package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.model.GoldenCase;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden cases through the operator: every sample is a series of its own, their steps
 * interleaved, and each ends at its own length.
 */
final class GoldenStreamTest {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-basic-rnn-cell",
        "02-relu-rnn-2layer-dense",
        "03-lstm-dense-every-step",
        "04-lstm-2layer-dropout-last-step-sigmoid",
        "05-gru-2layer-layernorm-softmax",
        "07-gru-skip-connection",
        "10-lstm-weights-computed-in-graph",
        "11-torch-default-exporter-lstm-2layer",
        "12-torch-default-exporter-gru-fixed-axes",
        "13-torch-default-exporter-gru-last-step",
        "14-one-step-graph-named-states",
        "15-keras-lstm-gru-dense",
        "16-keras-simplernn-relu-last-step",
        "17-tf1-basic-rnn-output-projection",
        "18-tf1-basic-lstm-last-step-softmax",
        "19-tf1-lstm-peepholes",
        "20-tf1-gru",
        "21-tf1-multi-rnn-projection"
      })
  void streamsAsTheFrameworkComputes(String name) throws Exception {
    GoldenCase golden = GoldenCase.load(name);
    for (Backend backend : Backend.tested()) {
      if (golden.everyStep()) {
        everyStep(golden, backend);
      } else {
        lastStep(golden, backend);
      }
    }
  }

  /** Without its graph inputs the stream starts from zero; its own states are checked offline. */
  @ParameterizedTest
  @ValueSource(strings = "06-lstm-time-major-initial-state")
  void aModelWithStatesAsInputsStartsFromZero(String name) throws Exception {
    GoldenCase golden = GoldenCase.load(name);
    for (Backend backend : Backend.tested()) {
      Unrolled expected = new DynamicUnroll(TestModels.read(golden.onnx())).run(golden.input());
      try (SequenceHarness harness = SequenceHarness.open(backend, config(golden, Emit.STEP))) {
        int steps = golden.input()[0].length;
        feed(harness, golden.input(), lengths(golden.input().length, steps));
        for (Prediction p : harness.predictions()) {
          assertArrayEquals(expected.outputs()[row(p)][(int) p.step], p.output);
        }
        assertEquals(golden.input().length * steps, harness.predictions().size());
      }
    }
  }

  private static void everyStep(GoldenCase golden, Backend backend) throws Exception {
    float[][][] input = golden.input();
    Unrolled dynamic =
        new DynamicUnroll(TestModels.read(golden.onnx())).run(input, golden.lengths(), null);
    try (SequenceHarness harness = SequenceHarness.open(backend, config(golden, Emit.STEP))) {
      feed(harness, input, golden.lengths());
      List<Prediction> predictions = harness.predictions();
      int steps = 0;
      for (int length : golden.lengths()) {
        steps += length;
      }
      assertEquals(steps, predictions.size());
      for (Prediction p : predictions) {
        assertClose(golden.output()[row(p)][(int) p.step], p.output, p);
        assertArrayEquals(
            dynamic.outputs()[row(p)][(int) p.step], p.output, "stream is dynamic, bit for bit");
      }
      assertEquals(0, harness.sequences());
    }
  }

  private static void lastStep(GoldenCase golden, Backend backend) throws Exception {
    float[][][] input = golden.input();
    Unrolled dynamic =
        new DynamicUnroll(TestModels.read(golden.onnx())).run(input, golden.lengths(), null);
    try (SequenceHarness harness = SequenceHarness.open(backend, config(golden, Emit.END))) {
      feed(harness, input, golden.lengths());
      assertEquals(input.length, harness.predictions().size());
      for (Prediction p : harness.predictions()) {
        assertEquals(Prediction.Kind.FINAL, p.kind);
        assertEquals(golden.lengths()[row(p)] - 1, p.step);
        assertClose(golden.vectorsByLength()[row(p)], p.output, p);
        assertArrayEquals(
            dynamic.lastOutputs()[row(p)], p.output, "stream is dynamic, bit for bit");
      }
    }
  }

  private static SequenceConfig config(GoldenCase golden, Emit emit) {
    return TestModels.config(golden.onnx(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, emit);
  }

  private static void feed(SequenceHarness harness, float[][][] input, int[] lengths)
      throws Exception {
    for (int t = 0; t < input[0].length; t++) {
      for (int row = 0; row < input.length; row++) {
        if (t < lengths[row]) {
          double[] features = new double[input[row][t].length];
          for (int i = 0; i < features.length; i++) {
            features[i] = input[row][t][i];
          }
          Observation observation = Observation.of("row-" + row, 1000L + t, features);
          harness.observe(t == lengths[row] - 1 ? observation.andEnd() : observation);
        }
      }
    }
  }

  private static int[] lengths(int rows, int steps) {
    int[] lengths = new int[rows];
    java.util.Arrays.fill(lengths, steps);
    return lengths;
  }

  private static int row(Prediction prediction) {
    return Integer.parseInt(prediction.series.substring("row-".length()));
  }

  private static void assertClose(float[] expected, float[] found, Prediction where) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < found.length; i++) {
      double tolerance = TOLERANCE * Math.max(1, Math.abs(expected[i]));
      assertTrue(
          Math.abs(expected[i] - found[i]) <= tolerance,
          where.series
              + " step "
              + where.step
              + " output "
              + i
              + ": expected "
              + expected[i]
              + ", found "
              + found[i]);
    }
  }
}
