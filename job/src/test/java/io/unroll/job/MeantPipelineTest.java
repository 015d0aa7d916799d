package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields.FeatureSource;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Unscale;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pipeline file that says what inputs and outputs mean (scales, units, quantiles, truths) and
 * where sequences start, held against its model and handed to the operator.
 */
final class MeantPipelineTest {
  private static final String STATES = "states: {h_in: h_out, c_in: c_out, g_in: g_out}\n";

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.write(
        folder.resolve("step.onnx"),
        GoldenCase.bytes("golden/14-one-step-graph-named-states/model.onnx"));
    Files.write(
        folder.resolve("two.onnx"),
        GoldenCase.bytes("golden/06-lstm-time-major-initial-state/model.onnx"));
    Files.write(
        folder.resolve("vec.onnx"), GoldenCase.bytes("golden/09-vector-to-sequence/model.onnx"));
    Files.writeString(folder.resolve("in.csv"), "s,t,a,b,c\n");
    Files.writeString(folder.resolve("scalers.csv"), "series,feature,mean,std\nA,c,1,2\n");
  }

  private PipelineJob load(String features, String model, String rest) throws Exception {
    return PipelineJob.load(
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            version: 1
            name: meant
            source: {file: {path: in.csv}, format: csv}
            observation: {series: s, timestamp: t, features: [%s]}
            model:
            %s
            %s
            sink: {predictions: {file: {path: out}}}
            """
                .formatted(features, model.indent(2).stripTrailing(), rest)));
  }

  private String refusal(String features, String model, String rest) {
    return String.valueOf(
            assertThrows(PipelineException.class, () -> load(features, model, rest)).getMessage())
        .replace(folder + "/", "");
  }

  @Test
  void everythingReachesTheOperator() throws Exception {
    PipelineJob job =
        load(
            "a, {field: b, transform: log-return, scale: {half-life: 20}}, {field: c, scale: {from:"
                + " scalers.csv}, missing: previous}",
            "onnx: step.onnx\nfollow: \"y\"\n"
                + STATES
                + "outputs: [{name: q05, unscale: b, quantile: 0.05}, level]",
            """
            sequence: {keep-series-for: 30 d, warm-up: 10}
            evaluate:
              - {output: q05, against: b, from: 2014-01-01}
              - {output: level, against: truth, ahead: 5}
              - {output: level, against: a}
            """);
    SequenceConfig config = job.sequences();
    assertEquals(
        List.of(
            Feature.raw("a"),
            new Feature("b", Transform.logReturn(1)).scaled(new Scale.Online(20)),
            Feature.raw("c")
                .missing(Missing.PREVIOUS)
                .scaled(new Scale.Table(Map.of("A", new Norm(1, 2)), null)),
            Feature.truth("truth")),
        config.features());
    assertEquals(List.of(new Unscale(0, 1)), config.output().unscaled());
    assertEquals(
        List.of(
            new Evaluate("q05", 0, "b", 1, true, 1, 1_388_534_400_000L, 0.05),
            new Evaluate("level", 1, "truth", 3, true, 5, Long.MIN_VALUE, Double.NaN),
            new Evaluate("level", 1, "a", 0, false, 1, Long.MIN_VALUE, Double.NaN)),
        config.output().evaluations());
    assertEquals(10, config.output().warmUp());
    assertEquals(new SeriesMemory(2_592_000_000L, SeriesMemory.NO_DUPLICATES), config.memory());
    assertNull(config.served().initialState());
    assertTrue(job.outputFields().marks());
    assertEquals(
        new FeatureSource(FieldPath.parse("truth"), true),
        job.pipeline().fields().features().get(3));
  }

  @Test
  void withoutThemNothingIsThere() throws Exception {
    PipelineJob job = load("a, b, c", "onnx: step.onnx\nfollow: \"y\"\n" + STATES, "");
    SequenceConfig config = job.sequences();
    assertEquals(List.of(), config.output().unscaled());
    assertEquals(List.of(), config.output().evaluations());
    assertEquals(0, config.output().warmUp());
    assertNull(config.memory());
    assertNull(config.served().initialState());
    assertFalse(job.outputFields().marks());
  }

  @Test
  void outputsAreEvaluatedByTheModelsNames() throws Exception {
    String model = "onnx: step.onnx\nfollow: \"y\"\n" + STATES;
    String rest = "sequence: {keep-series-for: 1 d}\nevaluate: {output: y1, against: b}";
    assertEquals(1, load("a, b, c", model, rest).sequences().output().evaluations().get(0).index());
    assertEquals(
        "p.yaml:10:12 evaluate.output: found 'y2', expected one of y0, y1; did you mean 'y0'?",
        refusal("a, b, c", model, rest.replace("y1", "y2")));
  }

  @Test
  void sequencesStartFromZeroOrNamedStates() throws Exception {
    String inputs = String.join(", ", inputs());
    RecurrentModel model = load(inputs, "onnx: two.onnx", "").model();
    float[] zeros = start(load(inputs, "onnx: two.onnx\ninitial-state: zero", ""));
    assertArrayEquals(new float[40], zeros);
    String ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9.5]";
    PipelineJob job =
        load(inputs, "onnx: two.onnx\ninitial-state: {/rnn/LSTM_1.h: " + ten + "}", "");
    float[] expected = new float[40];
    for (int i = 0; i < 10; i++) {
      expected[model.stateLayout().slot("/rnn/LSTM_1.h").offset() + i] = i == 9 ? 9.5f : i;
    }
    assertArrayEquals(expected, start(job));
    float[] served = new float[40];
    job.served().initialState(served, 0);
    assertArrayEquals(expected, served);
    assertNull(
        load(inputs, "onnx: two.onnx\ninitial-state: model", "")
            .sequences()
            .served()
            .initialState());
  }

  private static float[] start(PipelineJob job) {
    return Objects.requireNonNull(
            job.sequences().served().initialState(), InitialState.class.getName())
        .values();
  }

  private static List<String> inputs() {
    int size = GoldenCase.load("06-lstm-time-major-initial-state").model().inputSize();
    return IntStream.range(0, size).mapToObj(i -> "f" + i).toList();
  }

  @Test
  void statesThatTheModelDoesNotHaveAreMistakes() {
    String inputs = String.join(", ", inputs());
    assertEquals(
        """
        p.yaml:8:5 model.initial-state.h1: found 'h1', expected a state of model two, one of\
         /rnn/LSTM.h, /rnn/LSTM.c, /rnn/LSTM_1.h, /rnn/LSTM_1.c, h0, c0; did you mean 'h0'?
        p.yaml:9:5 model.initial-state.c0: floats of initial state 'c0': found 2, expected 20""",
        refusal(inputs, "onnx: two.onnx\ninitial-state:\n  h1: [1]\n  c0: [1, 2]", ""));
    String ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    String twenty = ten.replace("]", ", ") + ten.substring(1);
    assertEquals(
        "p.yaml:7:3 model.initial-state: initial state '/rnn/LSTM.h': found a second time, by the"
            + " name 'h0', expected it once",
        refusal(
            inputs,
            "onnx: two.onnx\ninitial-state: {/rnn/LSTM.h: " + ten + ", h0: " + twenty + "}",
            ""));
  }

  /** Alone, a decoder starts there itself. */
  @Test
  void aDecoderAloneStartsThere() throws Exception {
    String decoder =
        "decoder: {onnx: vec.onnx, first: input, next: zeros, steps: 7}\ninitial-state: ";
    assertEquals(24, start(load("a, b, c, d", decoder + "zero", "")).length);
    assertEquals(
        "p.yaml:7:19 model.initial-state.h: found 'h', expected a state of model vec, one of"
            + " /rnn/LSTM.h, /rnn/LSTM.c",
        refusal("a, b, c, d", decoder + "{h: [1]}", ""));
  }
}
