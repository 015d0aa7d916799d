package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.Transform;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DynamicUnroll;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The Java API in a Flink job of somebody's own, as docs/java.md shows it. */
final class OwnJobTest {
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx");

  /** A record type of the user's own job. */
  public static final class Tick {
    public String symbol = "";
    public long timestamp;
    public double price;

    public Tick() {}

    Tick(String symbol, long timestamp, double price) {
      this.symbol = symbol;
      this.timestamp = timestamp;
      this.price = price;
    }
  }

  private static Unroll.Streams define(DataStream<Tick> ticks, Path model) throws Exception {
    // page: begin
    DataStream<Observation> observations =
        ticks
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Tick>forBoundedOutOfOrderness(Duration.ofSeconds(5))
                    .withTimestampAssigner((tick, ignored) -> tick.timestamp))
            .map(tick -> Observation.of(tick.symbol, tick.timestamp, tick.price))
            .returns(Observation.class);

    Unroll.Streams unrolled =
        Unroll.model(OnnxFile.load(model))
            .feature("price", Transform.logReturn(100))
            .idleTimeout(Duration.ofMinutes(30))
            .apply("ticks", observations);

    DataStream<Prediction> predictions = unrolled.predictions();
    DataStream<SequenceEvent> sequences = unrolled.sequences();
    // page: end
    assertEquals(predictions, unrolled.predictions());
    assertEquals(sequences, unrolled.sequences());
    return unrolled;
  }

  @Test
  void aJobOfOnesOwnGetsPredictionsAndSequences() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false); // no Kryo anywhere
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ticks.add(new Tick("A", 1_000_000 + i * 1000, 100 + i));
      ticks.add(new Tick("B", 1_000_000 + i * 1000, 200 - i));
    }
    Unroll.Streams streams = define(env.fromData(ticks), MODEL);
    List<String> lines = new ArrayList<>();
    float[] lastOfA = null;
    DataStream<SequenceEvent> closed =
        streams.sequences().filter(e -> e.event == SequenceEvent.Event.CLOSED);
    CloseableIterator<Prediction> predictions = streams.predictions().collectAsync();
    CloseableIterator<SequenceEvent> events = closed.collectAsync();
    env.executeAsync("own job");
    while (predictions.hasNext()) {
      Prediction p = predictions.next();
      lines.add(p.series + " " + p.step);
      lastOfA = p.series.equals("A") ? p.output : lastOfA;
    }
    List<String> ends = new ArrayList<>();
    while (events.hasNext()) {
      SequenceEvent e = events.next();
      ends.add(e.series + " " + e.reason + " " + e.steps);
    }
    assertEquals(18, lines.size());
    assertEquals(List.of("A IDLE 9", "B IDLE 9"), ends.stream().sorted().toList());
    assertTrue(lastOfA != null && lastOfA.length == 3);
    assertArrayEquals(
        lines.stream().filter(l -> l.startsWith("A")).toArray(),
        List.of("A 0", "A 1", "A 2", "A 3", "A 4", "A 5", "A 6", "A 7", "A 8").toArray());
  }

  /** A day in the middle and a value are missing; the time since the step before is an input. */
  @Test
  void featuresAndGapsReachTheOperator() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Observation> observations =
        env.fromData(Observation.of("A", 1000, 0.1), Observation.of("A", 3000, Double.NaN));
    List<String> steps = new ArrayList<>();
    List<float[]> outputs = new ArrayList<>();
    CloseableIterator<Prediction> predictions =
        Unroll.model(file)
            .feature(Feature.raw("x").missing(Missing.MASK))
            .feature(Feature.timeDelta(1000))
            .gap(Duration.ofSeconds(1), 3)
            .apply("gaps", observations)
            .predictions()
            .collectAsync();
    env.executeAsync("gaps");
    predictions.forEachRemaining(
        p -> {
          steps.add(p.step + " " + p.timestamp + " " + p.filled);
          outputs.add(p.output);
        });
    assertEquals(List.of("0 1000 false", "1 2000 true", "2 3000 false"), steps);
    float[][] expected =
        new DynamicUnroll(file.read())
            .run(new float[][][] {{{0.1f, 1, 0}, {0.1f, 1, 1}, {0, 0, 1}}})
            .outputs()[0];
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(expected[i], outputs.get(i), "step " + i);
    }
  }

  @Test
  void refusesGapsAndFeaturesThatDoNotFit() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    DataStream<Observation> observations =
        StreamExecutionEnvironment.createLocalEnvironment(1)
            .fromData(Observation.of("A", 1000, 0.1, 0.2, 0.3));
    assertEquals(
        "observation.features: found 2 features that give 4 inputs, expected 3, which model "
            + file.read().name()
            + " takes",
        refusal(
            Unroll.model(file)
                .feature(Feature.raw("x").missing(Missing.MASK))
                .feature(Feature.clock(new Calendar(Calendar.Cycle.HOUR_OF_DAY, ZoneOffset.UTC))),
            observations));
    Duration day = Duration.ofDays(1);
    assertEquals(
        "sequence.gap.feedback.x3: found 'x3', expected one of x0, x1, x2; did you mean 'x0'?",
        refusal(Unroll.model(file).gap(day, 1, Map.of("x3", "y0")), observations));
    assertEquals(
        "sequence.gap.feedback.x1: found 'z', expected an output of model "
            + file.read().name()
            + ", one of y0, y1",
        refusal(Unroll.model(file).gap(day, 1, Map.of("x1", "z")), observations));
    assertEquals(
        "sequence.gap: found beside clock: processing, expected clock: event: a gap is one of the"
            + " timestamps",
        refusal(Unroll.model(file).gap(day, 1).clock(SequenceClock.PROCESSING), observations));
  }

  /**
   * The last value is a truth that the model does not see; outputs are held against later values.
   */
  @Test
  void whatOutputsMeanReachesTheOperator() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Observation> observations =
        env.fromData(
            Observation.of("A", 1000, 1, 0.2, 0.3, 7),
            Observation.of("A", 2000, 3, 0.2, 0.3, 8),
            Observation.of("A", 3000, 5, 0.2, 0.3, 9));
    Unroll.Streams streams =
        Unroll.model(file)
            .feature(Feature.raw("a").scaled(new Scale.Constant(new Norm(1, 2))))
            .feature("b")
            .feature("c")
            .unscale("y0", "a")
            .quantile("y1", 0.05)
            .keepSeriesFor(Duration.ofDays(1))
            .evaluate("y0", "a")
            .evaluate("y1", "later", 1, Instant.ofEpochMilli(2000))
            .evaluate("y1", "later", 2, null)
            .warmUp(1)
            .zeroInitialState()
            .apply("meant", observations);
    List<String> marks = new ArrayList<>();
    List<float[]> outputs = new ArrayList<>();
    List<Evaluation> judged = new ArrayList<>();
    CloseableIterator<Prediction> predictions = streams.predictions().collectAsync();
    CloseableIterator<Evaluation> evaluations = streams.evaluations().collectAsync();
    env.executeAsync("meant");
    predictions.forEachRemaining(
        p -> {
          marks.add(p.step + " " + p.warming);
          outputs.add(p.output);
        });
    evaluations.forEachRemaining(judged::add);
    assertEquals(List.of("0 true", "1 false", "2 false"), marks);
    float[][] expected =
        new DynamicUnroll(file.read())
            .run(new float[][][] {{{0, 0.2f, 0.3f}, {1, 0.2f, 0.3f}, {2, 0.2f, 0.3f}}})
            .outputs()[0];
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(
          new float[] {(float) (expected[i][0] * 2.0 + 1), expected[i][1]},
          outputs.get(i),
          1e-6f,
          "step " + i);
    }
    assertEquals(
        List.of("y0 a 0 2000 3.0", "y0 a 1 3000 5.0", "y1 later 0 3000 9.0", "y1 later 1 3000 9.0"),
        judged.stream()
            .map(
                e -> e.output + " " + e.against + " " + e.step + " " + e.timestamp + " " + e.actual)
            .sorted()
            .toList());
    for (Evaluation e : judged) {
      int index = e.output.equals("y0") ? 0 : 1;
      assertEquals(outputs.get((int) e.step)[index], e.predicted, 1e-6, e.output);
      assertEquals(index == 0 ? Double.NaN : 0.05, e.quantile);
    }
  }

  /** A sequence that starts elsewhere: its first step is a later one's of another sequence. */
  @Test
  void statesOfOnesOwnReachTheOperator() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    RecurrentModel model = file.read();
    String name = model.stateLayout().slots().get(0).name();
    float[] values = new float[model.stateLayout().slots().get(0).length()];
    Arrays.fill(values, 0.25f);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    List<float[]> outputs = new ArrayList<>();
    CloseableIterator<Prediction> predictions =
        Unroll.model(file)
            .initialState(Map.of(name, values))
            .apply("started", env.fromData(Observation.of("A", 1000, 0.1, 0.2, 0.3)))
            .predictions()
            .collectAsync();
    env.executeAsync("started");
    predictions.forEachRemaining(p -> outputs.add(p.output));
    assertEquals(1, outputs.size());
    assertArrayEquals(
        new DynamicUnroll(model)
            .run(
                new float[][][] {{{0.1f, 0.2f, 0.3f}}},
                null,
                new float[][] {model.initialState(Map.of(name, values))})
            .lastOutputs()[0],
        outputs.get(0));
  }

  @Test
  void refusesMeaningsThatDoNotFit() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    DataStream<Observation> observations =
        StreamExecutionEnvironment.createLocalEnvironment(1)
            .fromData(Observation.of("A", 1000, 0.1, 0.2, 0.3));
    Feature online = Feature.raw("a").scaled(new Scale.Online(Scale.Online.FOREVER));
    Duration day = Duration.ofDays(1);
    assertEquals(
        "observation.features[0].scale: found without sequence.keep-series-for, expected it beside it:"
            + " how long a series is remembered after its last observation",
        refusal(Unroll.model(file).feature(online).feature("b").feature("c"), observations));
    assertEquals(
        "evaluate: found without sequence.keep-series-for, expected it beside it: how long a series is"
            + " remembered after its last observation",
        refusal(Unroll.model(file).evaluate("y0", "x0"), observations));
    assertEquals(
        "sequence.keep-series-for: found without observation.deduplicate-by, scale: online, evaluate"
            + " and two features with missing: previous, expected one of them: nothing else is"
            + " remembered of a series",
        refusal(Unroll.model(file).keepSeriesFor(day), observations));
    assertEquals(
        "evaluate[0].output: found 'y2', expected one of y0, y1; did you mean 'y0'?",
        refusal(Unroll.model(file).keepSeriesFor(day).evaluate("y2", "x0"), observations));
    assertEquals(
        "evaluate[1]: found y0 against x0 1 ahead a second time, expected it once",
        refusal(
            Unroll.model(file).keepSeriesFor(day).evaluate("y0", "x0").evaluate("y0", "x0"),
            observations));
    assertEquals(
        "model.outputs[].unscale: found 'b', which the model sees as it is, expected a feature with"
            + " transform or scale: there is nothing to undo",
        refusal(
            Unroll.model(file)
                .feature(Feature.raw("a").scaled(new Scale.Constant(new Norm(0, 1))))
                .feature("b")
                .feature("c")
                .unscale("y0", "b"),
            observations));
    assertEquals(
        "evaluate[0].against: found 'b', expected a, in whose unit output 'y0' is, or a field that is"
            + " no feature",
        refusal(
            Unroll.model(file)
                .feature("a", Transform.log1p(1))
                .feature("b")
                .feature("c")
                .keepSeriesFor(day)
                .unscale("y0", "a")
                .evaluate("y0", "b"),
            observations));
    assertEquals(
        "model.outputs: found 'q', expected one of y0, y1",
        refusal(Unroll.model(file).quantile("q", 0.5), observations));
    assertEquals(
        "model.outputs[].quantile: found 1.0, expected a number above 0 and below 1",
        refusal(Unroll.model(file).quantile("y0", 1), observations));
    assertTrue(
        refusal(Unroll.model(file).initialState(Map.of("h9", new float[1])), observations)
            .startsWith("model.initial-state.h9: found 'h9', expected a state of model "));
  }

  private static String refusal(Unroll wrong, DataStream<Observation> observations) {
    return assertThrows(IllegalArgumentException.class, () -> wrong.apply("x", observations))
        .getMessage();
  }

  /** Named states and a window of one input: every step is the first one again. */
  @Test
  void namedStatesAndAWindowReachTheOperator() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Observation> observations =
        env.fromData(
            Observation.of("A", 1000, 0.1, 0.2, 0.3),
            Observation.of("A", 1001, 0.1, 0.2, 0.3),
            Observation.of("A", 1002, 0.1, 0.2, 0.3));
    List<float[]> outputs = new ArrayList<>();
    CloseableIterator<Prediction> predictions =
        Unroll.model(file).window(1).apply("windows", observations).predictions().collectAsync();
    env.executeAsync("windows");
    predictions.forEachRemaining(p -> outputs.add(p.output));
    float[] first =
        new DynamicUnroll(file.read()).run(new float[][][] {{{0.1f, 0.2f, 0.3f}}}).lastOutputs()[0];
    assertEquals(3, outputs.size());
    for (float[] output : outputs) {
      assertArrayEquals(first, output);
    }
    Unroll wrong = Unroll.model(file).window(-1);
    assertEquals(
        "sequence.window: found -1, expected a whole number from 1 to 100000",
        assertThrows(IllegalArgumentException.class, () -> wrong.apply("x", observations))
            .getMessage());
  }

  @Test
  void howFastItRunsShowsInNoPrediction() throws Exception {
    OnnxFile file = GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y");
    List<List<String>> outputs = new ArrayList<>();
    for (int size : new int[] {1, 2, 64}) {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
      List<Observation> observations = new ArrayList<>();
      for (int i = 0; i < 90; i++) {
        observations.add(Observation.of("S" + i % 7, 1000 + i, 0.1 * i, 0.2, -0.3 * i));
      }
      List<String> lines = new ArrayList<>();
      CloseableIterator<Prediction> predictions =
          Unroll.model(file)
              .batch(size, Duration.ofMillis(3))
              .cache(1 << 20)
              .kernel("plain")
              .apply("tuned", env.fromData(observations))
              .predictions()
              .collectAsync();
      env.executeAsync("tuned");
      predictions.forEachRemaining(
          p -> lines.add(p.series + " " + p.step + " " + Arrays.toString(p.output)));
      outputs.add(lines.stream().sorted().toList());
    }
    assertEquals(90, outputs.get(0).size());
    assertEquals(outputs.get(0), outputs.get(1));
    assertEquals(outputs.get(0), outputs.get(2));
  }

  @Test
  void whatCannotBeRunIsRefusedWhereItIsSaid() throws Exception {
    DataStream<Observation> observations =
        StreamExecutionEnvironment.createLocalEnvironment(1).fromData(Observation.of("A", 1, 2));
    String refusal =
        refusal(
            Unroll.model(OnnxFile.load(MODEL))
                .batch(1025, Duration.ofNanos(10))
                .cache(-1)
                .kernel("abacus"),
            observations);
    assertEquals(
        List.of(
            "batch.size: found 1025, expected a whole number from 1 to 1024",
            "batch.delay: found PT0.00000001S, expected at least 1 ms",
            "state.cache: found -1 B, expected a size such as 64 MiB (a number and one of B, KiB, MiB, GiB), or 0"),
        refusal.lines().limit(3).toList());
    assertTrue(refusal.lines().toList().get(3).startsWith("model.kernel: found 'abacus'"), refusal);
  }

  /** The pipeline file refused them; from Java they predicted something else than they said. */
  @Test
  void whatAFileRefusesJavaRefuses() throws Exception {
    OnnxFile file = OnnxFile.load(MODEL);
    DataStream<Observation> observations =
        StreamExecutionEnvironment.createLocalEnvironment(1).fromData(Observation.of("A", 1, 2));
    assertEquals(
        "emit.every: found 10, expected at most sequence.max-steps, which is 5: no sequence would"
            + " come so far",
        refusal(Unroll.model(file).emitEvery(10).maxSteps(5), observations));
    assertEquals(
        "sequence.warm-up: found 10, expected less than max-steps, which is 5: every prediction would"
            + " be marked",
        refusal(Unroll.model(file).warmUp(10).maxSteps(5), observations));
    assertEquals(
        "sequence.min-steps: found 3, expected emit.on: end beside it",
        refusal(Unroll.model(file).minSteps(3), observations));
    assertEquals(
        """
        emit.every: found 10, expected at most sequence.max-steps, which is 5: no sequence would come\
         so far
        sequence.min-steps: found 3, expected emit.on: end beside it
        sequence.warm-up: found 10, expected less than max-steps, which is 5: every prediction would\
         be marked""",
        refusal(Unroll.model(file).emitEvery(10).warmUp(10).minSteps(3).maxSteps(5), observations));
  }

  private static String refusal(Executable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void thePageShowsThisCode() throws Exception {
    String source =
        Files.readString(
            Path.of("src/test/java/io/unroll/job/OwnJobTest.java"), StandardCharsets.UTF_8);
    String marked =
        source.substring(
            source.indexOf("// page: begin\n") + "// page: begin\n".length(),
            source.indexOf("    // page: end"));
    String shown =
        marked.lines().map(l -> l.isEmpty() ? l : l.substring(4)).collect(Collectors.joining("\n"));
    String page = Files.readString(Path.of("docs/java.md"), StandardCharsets.UTF_8);
    assertTrue(page.contains(shown), "docs/java.md does not hold:\n" + shown);
  }

  @Test
  void batchModeIsRefused() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    DataStream<Observation> observations = env.fromData(Observation.of("A", 1, 2));
    Unroll unroll = Unroll.model(OnnxFile.load(MODEL));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> unroll.apply("x", observations));
    assertEquals(
        "execution.runtime-mode: found BATCH, expected STREAMING: in BATCH mode Flink drops the"
            + " state of a series at every change of key",
        refused.getMessage());
  }

  /** The model names its inputs a, b, c: the Java door holds names against names as well. */
  @Test
  void featuresAreHeldAgainstTheModelsNames() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Observation> observations =
        env.fromData(Observation.of("s", 1, 1f, 2f, 3f)).returns(Observation.class);
    OnnxFile file = GoldenCase.load("21-tf1-multi-rnn-projection").onnx();
    String there = ", which model 21-tf1-multi-rnn-projection takes there: a, b, c";
    assertEquals(
        "observation.features[0]: found 'b', expected 'a'"
            + there
            + "\nobservation.features[1]: found 'a', expected 'b'"
            + there,
        refusal(
            () ->
                Unroll.model(file)
                    .feature("b")
                    .feature("a", Transform.diff(1))
                    .feature("c")
                    .apply("x", observations)));
    assertEquals(
        "observation.features[1]: found 'price', expected 'b'"
            + there
            + "; if it is that, call it as the model does",
        refusal(
            () ->
                Unroll.model(file)
                    .feature("a")
                    .feature("price", Transform.logReturn(100))
                    .feature("c")
                    .apply("x", observations)));
    Unroll.model(file)
        .feature("a")
        .feature("b", Transform.logReturn(100))
        .feature("c")
        .apply("right", observations);
    Unroll.model(file).apply("by the model's names", observations);
  }

  @Test
  void aWrongNumberOfFeaturesIsRefused() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Observation> observations = env.fromData(Observation.of("A", 1, 2));
    Unroll unroll = Unroll.model(OnnxFile.load(MODEL)).feature("open").feature("close");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> unroll.apply("x", observations));
    assertEquals(
        "observation.features: found 2 features, expected 1, which model eu-stock-quantiles-lstm takes",
        refused.getMessage());
  }

  /** State is found by a part's name: Flink would only say that a hash collides. */
  @Test
  void twoPartsOfAJobHaveTwoNames() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    DataStream<Observation> observations =
        env.fromData(Observation.of("A", 1000, 0.1, 0.2, 0.3)).uid("observations");
    Unroll unroll =
        Unroll.model(GoldenCase.load("14-one-step-graph-named-states").onnx().withOutput("y"));
    unroll.apply("one", observations).predictions().sinkTo(new DiscardingSink<>());
    assertEquals(
        "name: found 'one', which another part of this job has, expected a name of its own: state"
            + " is found by it",
        assertThrows(IllegalArgumentException.class, () -> unroll.apply("one", observations))
            .getMessage());
    unroll.apply("two", observations).predictions().sinkTo(new DiscardingSink<>());
    List<String> uids =
        env.getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    assertEquals(List.of("observations", "one-sequences", "two-sequences"), uids);
  }
}
