package io.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.cell.Models;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.Inspection;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DynamicUnroll;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model built in Java: what docs/java.md shows, the other frameworks' weights, and every mistake.
 */
final class ModelBuilderTest {
  private static final float[] TWO = {1, 2};

  private final Random random = new Random(3);

  // ---- the page ----

  @Test
  void readmesModelIsBuiltSavedAndReadAgain(@TempDir Path folder) throws Exception {
    float[] mean = values(4);
    float[] std = {8, 7, 6, 2};
    float[] w = values(48 * 4);
    float[] r = values(48 * 16);
    float[] wb = values(48);
    float[] rb = values(48);
    float[] headWeights = values(16 * 2);
    float[] headBias = values(2);
    float[] targetMean = {16, 8};
    float[] targetStd = {7, 5};
    // page: begin
    RecurrentModel model =
        RecurrentModel.builder()
            .name("weather")
            .version("3")
            .features("precipitation", "temp_max", "temp_min", "wind")
            .standardize(mean, std)
            .gru(new CellWeights("gru", 4, 16, w, r, wb, rb), true)
            .dense("head", headWeights, headBias)
            .unstandardize(targetMean, targetStd)
            .outputs("temp_max", "temp_min")
            .build();
    OnnxFile.of(model).save(folder.resolve("weather.onnx"));
    // page: end
    OnnxFile file = OnnxFile.load(folder.resolve("weather.onnx"));
    RecurrentModel read = file.read();
    assertEquals(model.id(), read.id());
    assertEquals("weather@" + file.fingerprint().substring(0, 8), model.id());
    assertEquals("3", read.version());
    assertEquals(
        "model       %s\nversion     3\nproducer    io.unroll, operator set 20\n"
            .formatted(model.id()),
        Inspection.of(file).text().lines().limit(3).collect(Collectors.joining("\n", "", "\n")));
    float[][][] input = {{values(4), values(4), values(4)}};
    assertArrayEquals(
        new DynamicUnroll(model).run(input).outputs(),
        new DynamicUnroll(read).run(input).outputs());
  }

  @Test
  void thePageShowsThisCode() throws Exception {
    String source =
        Files.readString(Path.of("src/test/java/io/unroll/model/ModelBuilderTest.java"));
    String begin = "// page: begin\n";
    String shown =
        source
            .substring(source.indexOf(begin) + begin.length(), source.indexOf("    // page: end"))
            .lines()
            .map(line -> line.substring(4))
            .collect(Collectors.joining("\n"));
    assertTrue(
        Files.readString(Path.of("docs/java.md")).contains("```java\n" + shown + "\n```"),
        "docs/java.md does not hold:\n" + shown);
  }

  // ---- layers ----

  @Test
  void layersRunInTheOrderInWhichTheyAreGiven() {
    RecurrentModel model =
        RecurrentModel.builder()
            .inputs(1)
            .standardize(new float[] {3}, new float[] {2})
            .rnn(cell("rnn", 1, 1, 1f, 0.5f, 0f))
            .activation(Activation.RELU)
            .unstandardize(new float[] {10}, new float[] {4})
            .build();
    float h = (float) Math.tanh(-1);
    float next = (float) Math.tanh(1 + 0.5 * h);
    float[][] y = new DynamicUnroll(model).run(new float[][][] {{{1}, {5}}}).outputs()[0];
    assertEquals(10, y[0][0], 1e-6); // relu of a negative h
    assertEquals(10 + 4 * next, y[1][0], 1e-5);
    assertEquals("model", model.name());
    assertEquals("", model.version());
    assertEquals(List.of(), model.featureNames());
    assertTrue(model.everyStep());
  }

  @Test
  void aSequenceStartsFromTheInitialState() {
    float[] h = {0.25f, -0.5f};
    float[] c = {1, 2};
    ModelBuilder builder =
        RecurrentModel.builder().inputs(2).lstm(weights("lstm", 4, 2, 2)).initialState(h, c);
    RecurrentModel model = builder.build();
    h[0] = 9; // the builder has its own copy
    float[] state = new float[4];
    model.initialState(state, 0);
    assertArrayEquals(new float[] {0.25f, -0.5f, 1, 2}, state);
    assertEquals(
        List.of("lstm.h", "lstm.c"),
        model.stateLayout().slots().stream().map(StateLayout.Slot::name).toList());
  }

  @Test
  void theVersionIsPartOfWhatTheModelIs() {
    CellWeights weights = weights("gru", 3, 2, 2);
    RecurrentModel one = RecurrentModel.builder().inputs(2).gru(weights, true).build();
    RecurrentModel other =
        RecurrentModel.builder().inputs(2).gru(weights, true).version("2").build();
    RecurrentModel again = RecurrentModel.builder().inputs(2).gru(weights, true).build();
    assertEquals(one.fingerprint(), again.fingerprint());
    assertNotEquals(one.fingerprint(), other.fingerprint());
  }

  @Test
  void afterLastStepThereIsOneVectorPerSequence() {
    RecurrentModel model =
        RecurrentModel.builder()
            .inputs(2)
            .gru(weights("gru", 3, 2, 2), false)
            .lastStep()
            .softmax()
            .build();
    assertFalse(model.everyStep());
  }

  // ---- weights of other frameworks ----

  /** BasicLSTMCell: [x, h]·kernel + bias is i, j, f, o; forget_bias is added to f. */
  @Test
  void aTensorFlow1LstmCellComesOver() {
    int in = 2;
    int n = 3;
    float[] kernel = values((in + n) * 4 * n);
    float[] bias = values(4 * n);
    float[] h = new float[n];
    float[] c = new float[n];
    float[][] steps = {values(in), values(in), values(in)};
    float[][] expected = new float[steps.length][];
    for (int t = 0; t < steps.length; t++) {
      double[] gates = new double[4 * n];
      for (int g = 0; g < gates.length; g++) {
        gates[g] = bias[g];
        for (int i = 0; i < in + n; i++) {
          gates[g] += (i < in ? steps[t][i] : h[i - in]) * kernel[i * 4 * n + g];
        }
      }
      float[] next = new float[n];
      for (int k = 0; k < n; k++) {
        double keep = sigmoid(gates[2 * n + k] + 1); // forget_bias
        c[k] = (float) (c[k] * keep + sigmoid(gates[k]) * Math.tanh(gates[n + k]));
        next[k] = (float) (Math.tanh(c[k]) * sigmoid(gates[3 * n + k]));
      }
      h = next;
      expected[t] = next;
    }

    float[] withForgetBias = bias.clone();
    for (int k = 2 * n; k < 3 * n; k++) {
      withForgetBias[k] += 1;
    }
    CellWeights weights =
        CellWeights.transposed(
                "lstm",
                in,
                n,
                Arrays.copyOf(kernel, in * 4 * n),
                Arrays.copyOfRange(kernel, in * 4 * n, kernel.length),
                withForgetBias,
                new float[4 * n])
            .gates(0, 3, 2, 1);
    RecurrentModel model = RecurrentModel.builder().inputs(in).lstm(weights).build();
    float[][] found = new DynamicUnroll(model).run(new float[][][] {steps}).outputs()[0];
    for (int t = 0; t < steps.length; t++) {
      assertArrayEquals(expected[t], found[t], 1e-6f, "step " + t);
    }
  }

  /** GRUCell: gates r and u; the candidate of [x, r * h]; h' = u * h + (1 - u) * candidate. */
  @Test
  void aTensorFlow1GruCellComesOver() {
    int in = 2;
    int n = 3;
    float[] gateKernel = values((in + n) * 2 * n);
    float[] candidateKernel = values((in + n) * n);
    float[] gateBias = values(2 * n);
    float[] candidateBias = values(n);
    float[][] steps = {values(in), values(in), values(in)};
    float[][] expected = new float[steps.length][];
    float[] h = new float[n];
    for (int t = 0; t < steps.length; t++) {
      float[] next = new float[n];
      double[] gates = new double[2 * n];
      for (int g = 0; g < gates.length; g++) {
        gates[g] = gateBias[g];
        for (int i = 0; i < in + n; i++) {
          gates[g] += (i < in ? steps[t][i] : h[i - in]) * gateKernel[i * 2 * n + g];
        }
      }
      for (int k = 0; k < n; k++) {
        double candidate = candidateBias[k];
        for (int i = 0; i < in + n; i++) {
          double value = i < in ? steps[t][i] : h[i - in] * sigmoid(gates[i - in]);
          candidate += value * candidateKernel[i * n + k];
        }
        double u = sigmoid(gates[n + k]);
        next[k] = (float) (u * h[k] + (1 - u) * Math.tanh(candidate));
      }
      h = next;
      expected[t] = next;
    }

    float[] kernel = new float[(in + n) * 3 * n]; // the candidate's right of the gates'
    for (int i = 0; i < in + n; i++) {
      System.arraycopy(gateKernel, i * 2 * n, kernel, i * 3 * n, 2 * n);
      System.arraycopy(candidateKernel, i * n, kernel, i * 3 * n + 2 * n, n);
    }
    float[] bias = Arrays.copyOf(gateBias, 3 * n);
    System.arraycopy(candidateBias, 0, bias, 2 * n, n);
    CellWeights weights =
        CellWeights.transposed(
                "gru",
                in,
                n,
                Arrays.copyOf(kernel, in * 3 * n),
                Arrays.copyOfRange(kernel, in * 3 * n, kernel.length),
                bias,
                new float[3 * n])
            .gates(1, 0, 2);
    RecurrentModel model = RecurrentModel.builder().inputs(in).gru(weights, false).build();
    float[][] found = new DynamicUnroll(model).run(new float[][][] {steps}).outputs()[0];
    for (int t = 0; t < steps.length; t++) {
      assertArrayEquals(expected[t], found[t], 1e-6f, "step " + t);
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  // ---- mistakes ----

  @Test
  void everyMistakeNamesTheLayerAndBothNumbers() {
    refused("build: the inputs come first; give features(...) or inputs(n)", builder()::build);
    refused(
        "standardize: the inputs come first; give features(...) or inputs(n)",
        () -> builder().standardize(TWO, TWO));
    refused("inputs: found 0, expected 1 or more", () -> builder().inputs(0));
    refused("inputs: given twice, 2 and 3", () -> two().inputs(3));
    refused("features: found no name, expected 1 or more", () -> builder().features());
    refused(
        "features: 'a,b', expected a name without commas and blanks around it",
        () -> builder().features("a,b"));
    refused("outputs: 'a' stands twice", () -> builder().outputs("a", "a"));
    refused("name 'models/a': expected one that a file can have", () -> builder().name("models/a"));
    refused(
        "standardize: mean has 1 values, expected 2", () -> two().standardize(new float[1], TWO));
    refused(
        "standardize: std[1] is 0.0, expected above 0",
        () -> two().standardize(TWO, new float[] {1, 0}));
    refused(
        "GRU 'g': takes 3 values per step, found 2 from the input",
        () -> two().gru(weights("g", 3, 3, 2), true));
    refused(
        "LSTM 'l': takes 3 values per step, found 2 from GRU 'g'",
        () -> gru().lstm(weights("l", 4, 3, 2)));
    refused("LSTM 'l': W has 12 values, expected 16", () -> two().lstm(weights("l", 3, 2, 2)));
    refused("layer 'g' stands twice, expected names apart", () -> gru().dense("g", TWO, TWO));
    refused(
        "a layer with a blank name, expected one to find it by",
        () -> gru().dense(" ", TWO, new float[1]));
    refused(
        "RNN 'r': W[0] is NaN, expected a finite number",
        () -> RecurrentModel.builder().inputs(1).rnn(cell("r", 1, 1, Float.NaN, 0f, 0f)));
    refused("initialState: no recurrent layer before it", () -> two().initialState(new float[2]));
    refused("GRU 'g': initial state of 2 parts, expected 1", () -> gru().initialState(TWO, TWO));
    refused(
        "LSTM 'l': initial state of 1 parts, expected 2, h and c",
        () -> two().lstm(weights("l", 4, 2, 2)).initialState(TWO));
    refused("GRU 'g': initial h has 3 values, expected 2", () -> gru().initialState(new float[3]));
    refused("lastStep: no recurrent layer before it", () -> two().lastStep());
    refused(
        "RNN 'r': behind lastStep() there is one vector, nothing to step over",
        () -> gru().lastStep().rnn(weights("r", 1, 2, 2)));
    refused(
        "Dense 'head': weights have 5 values, expected 6: 2 from GRU 'g' times 3 of the bias",
        () -> gru().dense("head", new float[5], new float[3]));
    refused(
        "Dense 'head': bias has 0 values, expected 1 or more",
        () -> gru().dense("head", new float[5], new float[0]));
    refused(
        "layerNorm: scale has 1 values, expected 2",
        () -> gru().layerNorm(new float[1], TWO, 1e-5f));
    refused("layerNorm: epsilon is -1.0, expected 0 or more", () -> gru().layerNorm(TWO, TWO, -1));
    refused(
        "model 'model': found no recurrent layer, expected rnn, lstm or gru",
        () -> two().softmax().build());
    refused(
        "outputs: found 1 names (y), expected 2, the values of softmax",
        () -> gru().softmax().outputs("y").build());
    refused(
        "g: gates [0, 0, 1], expected 0 to 2 in any order",
        () -> weights("g", 3, 2, 2).gates(0, 0, 1));
    refused(
        "g: kernel has 5 values, expected 12",
        () ->
            CellWeights.transposed(
                "g", 2, 2, new float[5], new float[12], new float[6], new float[6]));
  }

  private static void refused(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }

  private static ModelBuilder builder() {
    return RecurrentModel.builder();
  }

  private static ModelBuilder two() {
    return builder().inputs(2);
  }

  private ModelBuilder gru() {
    return two().gru(weights("g", 3, 2, 2), true);
  }

  private float[] values(int n) {
    return Models.values(random, n, 0.5);
  }

  private CellWeights weights(String name, int gates, int in, int n) {
    int rows = gates * n;
    return new CellWeights(
        name, in, n, values(rows * in), values(rows * n), values(rows), values(rows));
  }

  private static CellWeights cell(String name, int in, int n, float w, float r, float b) {
    float[] none = {0};
    return new CellWeights(name, in, n, new float[] {w}, new float[] {r}, new float[] {b}, none);
  }
}
