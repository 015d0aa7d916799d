package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import io.unroll.model.ModelBuilder;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.cell.Models;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.UnaryFunction;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX out: ONNX Runtime and the reader make of a written file what the model is. */
final class OnnxWriterTest {
  private static final float NO_CLIP = Float.POSITIVE_INFINITY;

  /** Functions that ONNX's recurrent nodes take, with attributes that are not their defaults. */
  private static final List<Activation> OF_CELLS =
      List.of(
          Activation.TANH,
          Activation.SIGMOID,
          Activation.RELU,
          new Activation(UnaryFunction.AFFINE, 0.7f, 0.1f),
          new Activation(UnaryFunction.LEAKY_RELU, 0.2f, 0),
          new Activation(UnaryFunction.THRESHOLDED_RELU, 0, 0),
          new Activation(UnaryFunction.SCALED_TANH, 0.8f, 0.6f),
          new Activation(UnaryFunction.HARD_SIGMOID, 0.3f, 0.4f),
          new Activation(UnaryFunction.ELU, 0.9f, 0),
          Activation.of(UnaryFunction.SOFTSIGN),
          Activation.of(UnaryFunction.SOFTPLUS));

  /** Those of them that keep within bounds, for gates: others let a state grow without end. */
  private static final List<Activation> OF_GATES =
      List.of(
          Activation.SIGMOID,
          Activation.TANH,
          new Activation(UnaryFunction.HARD_SIGMOID, 0.3f, 0.4f),
          Activation.of(UnaryFunction.SOFTSIGN));

  // ---- models built in Java ----

  @Test
  void aBuiltModelRunsInOnnxRuntimeToTheSameNumbers() throws Exception {
    long seed = Seeds.seed();
    for (int run = 0; run < 200; run++) {
      Random random = Seeds.random(seed + run);
      RecurrentModel model = random(random);
      holds(model, input(random, model.inputSize()), Seeds.message(seed) + ", run " + run);
    }
  }

  @Test
  void theFileOfABuiltModelHasItsIdAndItsNames() throws Exception {
    long seed = Seeds.seed();
    for (int run = 0; run < 200; run++) {
      RecurrentModel model = random(Seeds.random(seed + run));
      OnnxFile file = OnnxFile.of(model);
      RecurrentModel read = file.read();
      String message = Seeds.message(seed) + ", run " + run;
      assertEquals(model.id(), read.id(), message);
      assertEquals(model.fingerprint(), file.fingerprint(), message);
      assertEquals(model.stateLayout(), read.stateLayout(), message);
      assertEquals(model.featureNames(), read.featureNames(), message);
      assertEquals(model.outputNames(), read.outputNames(), message);
      assertEquals("7", read.version(), message);
      assertArrayEquals(file.model(), OnnxFile.of(read).model(), message);
    }
  }

  /** Scalers, one to three cells of any kind, a head of any kind. */
  private static RecurrentModel random(Random random) {
    int inputs = 1 + random.nextInt(4);
    ModelBuilder builder =
        RecurrentModel.builder()
            .name("built")
            .version("7")
            .features(Arrays.copyOf(new String[] {"a", "b", "c", "d"}, inputs));
    int width = inputs;
    if (random.nextBoolean()) {
      builder.standardize(Models.values(random, width, 1), positive(random, width));
    }
    if (random.nextInt(3) == 0) {
      builder.dense("in", Models.values(random, width * 3, 0.5), Models.values(random, 3, 0.5));
      width = 3;
    }
    int cells = 1 + random.nextInt(3);
    for (int i = 0; i < cells; i++) {
      int n = 1 + random.nextInt(6);
      cell(builder, random, "cell" + i, width, n);
      width = n;
      if (random.nextInt(4) == 0) {
        builder.layerNorm(Models.values(random, width, 1), Models.values(random, width, 1), 0.1f);
      }
    }
    if (random.nextInt(3) == 0) {
      builder.lastStep();
    }
    if (random.nextInt(4) > 0) {
      int outputs = 1 + random.nextInt(3);
      builder.dense(
          "head",
          Models.values(random, width * outputs, 0.5),
          random.nextBoolean() ? Models.values(random, outputs, 0.5) : new float[outputs]);
      width = outputs;
    }
    switch (random.nextInt(4)) {
      case 0 -> builder.softmax();
      case 1 -> builder.activation(OF_CELLS.get(random.nextInt(OF_CELLS.size())));
      case 2 -> builder.unstandardize(Models.values(random, width, 1), positive(random, width));
      default -> {} // the head alone
    }
    String[] names = new String[width];
    Arrays.setAll(names, i -> "y_" + i);
    return builder.outputs(names).build();
  }

  private static void cell(ModelBuilder builder, Random random, String name, int in, int n) {
    boolean standard = random.nextBoolean();
    float clip = random.nextInt(3) == 0 ? 0.5f + random.nextFloat() : NO_CLIP;
    switch (random.nextInt(4)) {
      case 0 -> builder.rnn(weights(random, name, 1, in, n), new RnnForm(any(random), clip));
      case 1 -> {
        CellWeights weights = weights(random, name, 4, in, n);
        float[] peepholes = random.nextBoolean() ? Models.values(random, 3 * n, 0.5) : new float[0];
        if (standard) {
          builder.lstm(weights);
        } else {
          boolean coupled = random.nextInt(4) == 0;
          builder.lstm(
              weights,
              new LstmForm(gate(random), any(random), any(random), clip, coupled, peepholes));
        }
      }
      default -> {
        CellWeights weights = weights(random, name, 3, in, n);
        boolean linear = random.nextBoolean();
        builder.gru(
            weights,
            standard
                ? GruForm.standard(linear)
                : new GruForm(linear, gate(random), any(random), clip));
      }
    }
  }

  private static Activation any(Random random) {
    return OF_CELLS.get(random.nextInt(OF_CELLS.size()));
  }

  private static Activation gate(Random random) {
    return OF_GATES.get(random.nextInt(OF_GATES.size()));
  }

  private static CellWeights weights(Random random, String name, int gates, int in, int n) {
    int rows = gates * n;
    return new CellWeights(
        name,
        in,
        n,
        Models.values(random, rows * in, 0.4),
        Models.values(random, rows * n, 0.4),
        Models.values(random, rows, 0.3),
        Models.values(random, rows, 0.3));
  }

  private static float[] positive(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return values;
  }

  private static float[][][] input(Random random, int features) {
    float[][][] input = new float[1 + random.nextInt(3)][1 + random.nextInt(6)][];
    int steps = input[0].length;
    for (int b = 0; b < input.length; b++) {
      input[b] = new float[steps][];
      for (int t = 0; t < steps; t++) {
        input[b][t] = Models.values(random, features, 1);
      }
    }
    return input;
  }

  // ---- models that were read ----

  static Stream<GoldenCase> goldenCases() {
    return GoldenCase.STREAMABLE.stream().map(GoldenCase::load);
  }

  @ParameterizedTest
  @MethodSource("goldenCases")
  void aReadModelWrittenAnewIsTheSame(GoldenCase golden) throws Exception {
    holds(golden.model(), golden.input(), golden.name());
  }

  /** Those whose outputs start from zero states. */
  static Stream<GoldenCase> casesFromZero() {
    return goldenCases().filter(golden -> !golden.name().startsWith("06"));
  }

  @ParameterizedTest
  @MethodSource("casesFromZero")
  void onnxRuntimeRunsAWrittenGoldenFileToTheFrameworksOutputs(GoldenCase golden) throws Exception {
    RecurrentModel model = golden.model();
    Values y = run(OnnxFile.of(model), golden.input());
    float[] expected =
        model.everyStep()
            ? Values.batchFirst(golden.output()).data()
            : Values.batchFirst(new float[][][] {golden.vectors()}).data();
    close(expected, y.data(), GoldenCase.TOLERANCE, golden.name());
  }

  @Test
  void aModelServedByWindowsHasNoFile() {
    RecurrentModel window = GoldenCase.load("03-lstm-dense-every-step").model().window(5);
    assertEquals(
        "a model served by its last 5 inputs has no file of its own: write the model it serves",
        assertThrows(IllegalArgumentException.class, () -> OnnxFile.of(window)).getMessage());
  }

  // ---- what must hold of each ----

  /** ONNX Runtime within 1e-5, and what is read again to the bit. */
  private static void holds(RecurrentModel model, float[][][] input, String message)
      throws Exception {
    OnnxFile file = OnnxFile.of(model);
    Unrolled here = new DynamicUnroll(model).run(input);
    Values y = run(file, input);
    float[] expected =
        model.everyStep()
            ? Values.batchFirst(here.outputs()).data()
            : Values.batchFirst(new float[][][] {here.lastOutputs()}).data();
    long[] dims =
        model.everyStep()
            ? new long[] {input.length, input[0].length, model.outputSize()}
            : new long[] {input.length, model.outputSize()};
    assertArrayEquals(dims, y.dims(), message);
    close(expected, y.data(), GoldenCase.TOLERANCE, message);

    RecurrentModel read = file.read();
    Unrolled again = new DynamicUnroll(read).run(input);
    assertTrue(Arrays.deepEquals(here.outputs(), again.outputs()), message + ": read again");
    assertTrue(Arrays.deepEquals(here.finalStates(), again.finalStates()), message + ": states");
    assertEquals(model.everyStep(), read.everyStep(), message);
    assertEquals(model.stateLayout().size(), read.stateLayout().size(), message);
  }

  private static Values run(OnnxFile file, float[][][] input) throws Exception {
    Values y = OnnxRuntime.run(file, Map.of("x", Values.batchFirst(input))).get("y");
    assertTrue(y != null, file.name() + ": no output y");
    return y;
  }

  private static void close(float[] expected, float[] found, double tolerance, String message) {
    assertEquals(expected.length, found.length, message);
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - found[i]);
      assertTrue(
          difference <= tolerance * Math.max(1, Math.abs(expected[i])),
          message + ": value " + i + ": expected " + expected[i] + ", found " + found[i]);
    }
  }
}
