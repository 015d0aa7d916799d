package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.KeyFormat;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationFields.FeatureSource;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.format.SeriesPart;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.DescribedEvaluation;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Features;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Tuning;
import io.unroll.model.kernel.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineFileTest {
  @TempDir Path directory;

  @BeforeEach
  void makesFiles() throws IOException {
    Texts.makeFiles(directory);
  }

  private Pipeline read(String resource) throws IOException, PipelineException {
    Path file = directory.resolve(resource);
    try (InputStream in = PipelineFileTest.class.getResourceAsStream("/pipelines/" + resource)) {
      Files.copy(in, file);
    }
    return PipelineFile.read(file);
  }

  @Test
  void readsTheDesignsWeatherPipeline() throws Exception {
    Pipeline pipeline = read("weather.yaml");

    Map<String, String> broker = Map.of("bootstrap.servers", "localhost:9092");
    assertEquals("weather", pipeline.name());
    assertEquals(directory.toAbsolutePath().normalize(), pipeline.directory());
    assertEquals(
        new Pipeline.Source(
            new Pipeline.KafkaInput(
                List.of("weather"), "unroll", Pipeline.Start.EARLIEST, false, broker),
            new JsonFormat(),
            KeyFormat.TEXT,
            Duration.ZERO,
            Duration.ofMinutes(1),
            false,
            null,
            new TimestampBounds(
                Instant.parse("2000-01-01T00:00:00Z"),
                Instant.parse("2100-01-01T00:00:00Z"),
                Duration.ofMinutes(5)),
            1),
        pipeline.source());
    Pipeline.Observation observation =
        new Pipeline.Observation(
            List.of(part("series")),
            new TimestampField(FieldPath.parse("timestamp"), null, null),
            List.of(plain("precipitation"), plain("temp_max"), plain("temp_min"), plain("wind")),
            Marker.ofTrue(FieldPath.parse("eos")),
            null,
            null,
            List.of(new ObservationFields.Kept("trade_id", FieldPath.parse("trade.id"))));
    assertEquals(observation, pipeline.observation());
    assertEquals(
        new ObservationFields(
            List.of(FieldPath.parse("series")),
            observation.timestamp(),
            List.of(
                FieldPath.parse("precipitation"),
                FieldPath.parse("temp_max"),
                FieldPath.parse("temp_min"),
                FieldPath.parse("wind")),
            FieldPath.parse("eos"),
            observation.keep()),
        pipeline.fields());
    assertEquals(
        Boundaries.NONE.withIdleTimeout(Duration.ofDays(7).toMillis()), pipeline.boundaries());
    assertEquals(new Pipeline.Sequence(null, null), pipeline.sequence());
    assertEquals(
        new Pipeline.Model(
            directory.toAbsolutePath().resolve("models/weather-temperature-gru.onnx"),
            null,
            Map.of(),
            false,
            null,
            Kernels.best().name()),
        pipeline.model());
    assertEquals(List.of("temp_max", "temp_min"), pipeline.outputs());
    assertEquals(Emission.EVERY_STEP, pipeline.emission());
    assertEquals(
        new Pipeline.Sink(
            Pipeline.Delivery.EXACTLY_ONCE,
            new JsonFormat(),
            new Pipeline.KafkaOutput("predictions", broker),
            new Pipeline.FileOutput(directory.toAbsolutePath().resolve("out/sequences")),
            null,
            null,
            null),
        pipeline.sink());
    assertEquals(Map.of("parallelism.default", "2"), pipeline.flink());
  }

  @Test
  void readsHowFastItIsToRun() throws Exception {
    Pipeline standard = PipelineFile.read("p.yaml", Texts.SMALL, directory);
    assertEquals(new Tuning(Kernels.best().name(), 64, 2, 64 << 20), standard.tuning());
    assertEquals(Kernels.best().name(), standard.model().kernel());

    Pipeline named =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL
                .replace("model.onnx", "model.onnx\n  kernel: plain")
                .replace("sink:", "batch: {size: 1, delay: 1 s}\nstate: {cache: 3 GiB}\nsink:"),
            directory);
    assertEquals(new Tuning("plain", 1, 1000, 3L << 30), named.tuning());
    assertEquals("plain", named.model().kernel());

    for (String cache : List.of("0", "0 B", "0 MiB")) {
      Pipeline none =
          PipelineFile.read("p.yaml", Texts.SMALL + "state: {cache: " + cache + "}\n", directory);
      assertEquals(0, none.tuning().cacheBytes());
    }
  }

  @Test
  void readsAFilePipelineWithTransforms() throws Exception {
    Pipeline pipeline = read("indices.yaml");

    assertEquals(
        new Pipeline.Source(
            new Pipeline.FileInput(
                directory.toAbsolutePath().resolve("feeds/eu-stock-indices.csv")),
            new CsvFormat(),
            KeyFormat.TEXT,
            Duration.ofMillis(2),
            Duration.ofMinutes(1),
            false,
            null,
            new TimestampBounds(
                Instant.parse("1990-01-01T00:00:00Z"), Instant.parse("2000-01-01T00:00:00Z"), null),
            1),
        pipeline.source());
    assertEquals(
        new Pipeline.Observation(
            List.of(part("exchange"), part("series")),
            new TimestampField(
                FieldPath.parse("timestamp"),
                TimestampField.Unit.MILLISECONDS,
                ZoneId.of("Europe/Berlin")),
            List.of(
                new FeatureField(
                    FieldPath.parse("close"), Transform.logReturn(100), Missing.REJECT),
                new FeatureField(FieldPath.parse("volume"), Transform.diff(1), Missing.REJECT),
                plain("open")),
            null,
            null,
            null,
            List.of()),
        pipeline.observation());
    assertEquals(Boundaries.NONE.withMaxSteps(250), pipeline.boundaries());
    assertEquals(List.of(), pipeline.outputs());
    assertEquals(Emission.AT_END, pipeline.emission());
    assertEquals(Pipeline.Delivery.AT_LEAST_ONCE, pipeline.sink().delivery());
    assertEquals(new CsvFormat(), pipeline.sink().format());
    assertEquals(4, pipeline.sink().outputs().size());
    assertEquals(
        Map.of("parallelism.default", "2", "execution.checkpointing.interval", "10 s"),
        pipeline.flink());
    assertEquals(List.of(), pipeline.warnings());
  }

  @Test
  void readsWhereSequencesEndAndTheirOrder() throws Exception {
    Pipeline pipeline = read("machines.yaml");

    Pipeline.Source source = pipeline.source();
    assertTrue(source.advanceWhenIdle());
    assertEquals(Duration.ofMinutes(10), source.maxDrift());
    assertEquals(Duration.ofSeconds(30), source.idleAfter());
    Marker end =
        new Marker(FieldPath.parse("state"), List.of("STOP", "DONE", "7", "1.50", "true", "no"));
    Marker start = new Marker(FieldPath.parse("$header.kind"), List.of("START"));
    assertEquals(end, pipeline.observation().end());
    assertEquals(start, pipeline.observation().start());
    assertEquals(
        new Boundaries(
            Duration.ofMinutes(15).toMillis(),
            Duration.ofHours(8).toMillis(),
            new CloseAt(LocalTime.of(16, 0), ZoneId.of("Europe/Berlin")),
            500,
            3,
            SequenceClock.PROCESSING),
        pipeline.boundaries());
    assertEquals(Order.EVENT_TIME, pipeline.order());
    assertEquals(
        new Pipeline.Sequence(FieldPath.parse("batch.id"), Duration.ofSeconds(5)),
        pipeline.sequence());
    assertEquals(Duration.ofSeconds(5), pipeline.watermarkBound());
    assertEquals(Emission.AT_END, pipeline.emission());
    assertEquals(
        new ObservationFields(
            List.of(part("machine")),
            new TimestampField(FieldPath.parse("at"), null, null),
            List.of(
                new FeatureSource(FieldPath.parse("load"), false),
                new FeatureSource(FieldPath.parse("heat"), false)),
            end,
            start,
            FieldPath.parse("batch.id"),
            null,
            List.of()),
        pipeline.fields());
    assertEquals(List.of(), pipeline.warnings());
  }

  @Test
  void readsWhatFeaturesAreMadeOf() throws Exception {
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL.replace(
                "[x]",
                """
                [a, {field: b, missing: reject}, {field: c, missing: previous},
                    {field: d, transform: log1p, missing: mask},
                    {field: e, transform: log1p, multiply-by: 2, missing: {value: -0.1}},
                    {field: f, transform: diff, missing: {value: 0}},
                    {time-delta: min}, {time-delta: ms},
                    {clock: hour-of-day, zone: Europe/Berlin}, {clock: day-of-year, zone: "+01:00"}]"""),
            directory);
    assertEquals(
        List.of(
            plain("a"),
            plain("b"),
            feature("c", Transform.NONE, Missing.PREVIOUS),
            feature("d", Transform.log1p(1), Missing.MASK),
            feature("e", Transform.log1p(2), Missing.value(-0.1)),
            feature("f", Transform.diff(1), Missing.value(0)),
            new FeatureField(null, Feature.timeDelta(60_000)),
            new FeatureField(null, Feature.timeDelta(1)),
            clock(Calendar.Cycle.HOUR_OF_DAY, "Europe/Berlin"),
            clock(Calendar.Cycle.DAY_OF_YEAR, "+01:00")),
        pipeline.observation().features());
    assertEquals(13, Features.inputs(pipeline.description().of(ObservationKeys.FEATURES)));
    assertEquals(
        List.of("a false", "b false", "c true", "d true", "e true", "f true"),
        pipeline.fields().features().stream()
            .map(source -> source.field() + " " + source.optional())
            .toList());
  }

  private Pipeline features(String features, String rest) throws PipelineException {
    return PipelineFile.read(
        "p.yaml", Texts.SMALL.replace("[x]", "[" + features + "]") + rest, directory);
  }

  @Test
  void readsHowFeaturesAreScaled() throws Exception {
    List<FeatureField> features =
        features(
                "x, {field: a, scale: online}, {field: b, scale: {half-life: 20}},"
                    + " {field: c, transform: log1p, missing: mask, scale: {mean: -1.5, std: 0.2}},"
                    + " {field: /1, scale: {half-life: 0.5}}",
                "sequence: {keep-series-for: 1 d}\n")
            .observation()
            .features();
    assertEquals(
        List.of(
            Scale.NONE,
            new Scale.Online(0),
            new Scale.Online(20),
            new Scale.Constant(new Norm(-1.5, 0.2)),
            new Scale.Online(0.5)),
        features.stream().map(f -> f.feature().scale()).toList());
    assertEquals(
        new Feature("c", Transform.log1p(1))
            .missing(Missing.MASK)
            .scaled(new Scale.Constant(new Norm(-1.5, 0.2))),
        features.get(3).feature());
  }

  /** By the field as it is written, or its last name; a series is its whole key. */
  @Test
  void readsScalesFromATable() throws Exception {
    Files.createDirectory(directory.resolve("scales"));
    Files.writeString(
        directory.resolve("scales/other.csv"),
        "series,feature,mean,std\r\nA,t.open,1,2\r\n\r\n\"B,\"\"C\"\"\",t.open,3,4\r\n");
    List<FeatureField> features =
        features(
                "{field: t.x, scale: {from: scalers.csv}}, {field: open, scale: {from:"
                    + " ./scalers.csv}}, {field: t.open, scale: {from: scales/other.csv}}",
                "")
            .observation()
            .features();
    assertEquals(
        List.of(
            new Scale.Table(
                Map.of("A", new Norm(10, 2), "B|C", new Norm(0.5, 1)), new Norm(-20, 4)),
            new Scale.Table(Map.of("A", new Norm(100, 0.5)), null),
            new Scale.Table(Map.of("A", new Norm(1, 2), "B,\"C\"", new Norm(3, 4)), null)),
        features.stream().map(f -> f.feature().scale()).toList());
    assertEquals(
        List.of("scalers.csv", "./scalers.csv", "scales/other.csv"),
        features.stream().map(FeatureField::table).toList());
  }

  @Test
  void readsWhatOutputsMean() throws Exception {
    Description description =
        PipelineFile.read(
                "p.yaml",
                Texts.SMALL
                    .replace(
                        "[x]",
                        "[{clock: hour-of-day, zone: UTC}, x, {field: t.close, transform:"
                            + " log-return}, {field: x, scale: {mean: 1, std: 2}}]")
                    .replace(
                        "model.onnx",
                        "model.onnx\n  outputs: [a, {name: q05, quantile: 0.05, unscale: close},"
                            + " {name: b}, {name: c, unscale: x}]"),
                directory)
            .description();
    assertEquals(List.of("a", "q05", "b", "c"), description.get(ModelKeys.OUTPUTS));
    assertEquals(Map.of("q05", "close", "c", "x"), description.get(ModelKeys.UNSCALE));
    assertEquals(Map.of("q05", 0.05), description.get(ModelKeys.QUANTILE));
  }

  @Test
  void readsWhatSequencesStartFrom() throws Exception {
    assertEquals(false, start("model").get(ModelKeys.INITIAL_STATE));
    assertEquals(true, start("zero").get(ModelKeys.INITIAL_STATE));
    assertEquals(
        Map.of("/rnn/GRU.h", List.of(0f, -0.5f, 1e3f), "c0", List.of(1f)),
        start("{/rnn/GRU.h: [0, -0.5, 1e3], c0: [1]}").get(ModelKeys.INITIAL_STATES));
  }

  private Description start(String state) throws PipelineException {
    return PipelineFile.read(
            "p.yaml",
            Texts.SMALL.replace("model.onnx", "model.onnx\n  initial-state: " + state),
            directory)
        .description();
  }

  @Test
  void readsWhatIsEvaluated() throws Exception {
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL
                .replace("[x]", "[{field: t.close, transform: log-return}, x]")
                .replace(
                    "model.onnx",
                    "model.onnx\n  outputs: [{name: q05, quantile: 0.05, unscale: close}, r]")
                .replace(
                    "sink:\n",
                    """
                    sequence: {keep-series-for: 30 d, warm-up: 10}
                    evaluate:
                      - {output: q05, against: close}
                      - {output: r, against: close, ahead: 3, from: 2014-01-01}
                      - {output: q05, against: u.next, from: "2014-01-01T06:30:00+01:00"}
                      - {output: r, against: u.next}
                      - {output: r, against: /7}
                    sink:
                      evaluations: {file: {path: out/evaluations}}
                    """),
            directory);
    Description description = pipeline.description();
    assertEquals(10, description.get(SequenceKeys.WARM_UP));
    assertEquals(Duration.ofDays(30), description.get(SequenceKeys.KEEP_SERIES_FOR));
    Instant morning = Instant.parse("2014-01-01T05:30:00Z");
    assertEquals(
        List.of(
            new DescribedEvaluation("q05", "close", 1, null),
            new DescribedEvaluation("r", "close", 3, Instant.parse("2014-01-01T00:00:00Z")),
            new DescribedEvaluation("q05", "u.next", 1, morning),
            new DescribedEvaluation("r", "u.next", 1, null),
            new DescribedEvaluation("r", "/7", 1, null)),
        description.get(RootKeys.EVALUATE));
    assertEquals(List.of("u.next", "/7"), Features.truths(description));
    assertEquals(
        List.of("t.close false", "x false", "u.next true", "/7 true"),
        pipeline.fields().features().stream()
            .map(source -> source.field() + " " + source.optional())
            .toList());
    assertEquals(
        new Pipeline.FileOutput(directory.toAbsolutePath().resolve("out/evaluations")),
        pipeline.sink().evaluations());
    assertEquals(2, pipeline.sink().outputs().size());
  }

  private static FeatureField feature(String field, Transform transform, Missing missing) {
    return new FeatureField(FieldPath.parse(field), transform, missing);
  }

  private static FeatureField clock(Calendar.Cycle cycle, String zone) {
    return new FeatureField(null, Feature.clock(new Calendar(cycle, ZoneId.of(zone))));
  }

  @Test
  void readsWhatHappensInGaps() throws Exception {
    Description previous =
        withSequence("gap: {expect: 15 min, fill: previous, at-most: 8}, clock: event")
            .description();
    assertEquals(Duration.ofMinutes(15), previous.get(GapKeys.EXPECT));
    assertEquals(Gap.Fill.PREVIOUS, previous.get(GapKeys.FILL));
    assertEquals(8, previous.get(GapKeys.AT_MOST));
    assertNull(previous.get(GapKeys.FEEDBACK));

    Description feedback =
        PipelineFile.read(
                "p.yaml",
                Texts.SMALL.replace(
                        "[x]", "[{clock: day-of-week, zone: UTC}, {field: t.a, missing: mask}, b]")
                    + "sequence: {gap: {expect: 1 d, fill: feedback, at-most: 10000,"
                    + " feedback: {b: v, a: u}}}\n",
                directory)
            .description();
    assertEquals(Gap.Fill.FEEDBACK, feedback.get(GapKeys.FILL));
    assertEquals(Map.of("b", "v", "a", "u"), feedback.get(GapKeys.FEEDBACK));
  }

  @Test
  void aDecoderBeginsWithInputsOfTheModel() throws Exception {
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL
                .replace(
                    "[x]", "[{field: x, missing: mask}, {clock: hour-of-day, zone: UTC}, /1, a]")
                .replace(
                    "onnx: model.onnx",
                    "encoder: model.onnx\n  decoder: {onnx: decoder.onnx, steps: 3,"
                        + " first: {last: [a, x, /1]}}"),
            directory);
    assertEquals(List.of("a", "x", "/1"), pipeline.description().get(DecoderKeys.FIRST_LAST));
  }

  @Test
  void readsATimeOfDayInEverySpelling() throws Exception {
    for (String time : List.of("09:05", "\"09:05\"", "'09:05:00'", "09:05:00")) {
      assertEquals(
          new CloseAt(LocalTime.of(9, 5), ZoneOffset.ofHours(-5)),
          withSequence("close-at: {time: " + time + ", zone: \"-05:00\"}").boundaries().closeAt(),
          time);
    }
    assertEquals(
        new CloseAt(LocalTime.of(23, 59, 59), ZoneId.of("UTC")),
        withSequence("close-at: {time: 23:59:59, zone: UTC}").boundaries().closeAt());
  }

  @Test
  void readsTheLeastOfEverything() throws Exception {
    Pipeline least =
        withSequence("order: event-time, max-delay: 0 ms, max-duration: 1 ms, max-steps: 1");
    assertEquals(Duration.ZERO, least.sequence().maxDelay());
    assertEquals(1, least.boundaries().maxDurationMillis());
    assertEquals(1, least.boundaries().maxSteps());

    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL + "emit: {on: end}\nsequence: {min-steps: 7, max-steps: 7}\n",
            directory);
    assertEquals(Boundaries.NONE.withMaxSteps(7).withMinSteps(7), pipeline.boundaries());
    assertEquals(
        new Emission(Emit.STEP, 30),
        PipelineFile.read(
                "p.yaml", Texts.SMALL + "emit: {every: 30}\nsequence: {max-steps: 30}\n", directory)
            .emission());
  }

  private Pipeline withSequence(String keys) throws PipelineException {
    return PipelineFile.read("p.yaml", Texts.SMALL + "sequence: {" + keys + "}\n", directory);
  }

  @Test
  void readsHowTheModelIsReadAndServed() throws Exception {
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL.replace(
                "onnx: model.onnx",
                """
                onnx: model.onnx
                  follow: "y"
                  states: {h_in: h_out, "c.1": "c.2"}
                  stateful: true
                  outputs: [a]
                sequence:
                  window: 30"""),
            directory);
    assertEquals(30, pipeline.description().get(SequenceKeys.WINDOW));
    assertEquals(List.of("a"), pipeline.outputs());
    assertEquals(
        new Pipeline.Model(
            directory.toAbsolutePath().resolve("model.onnx"),
            "y",
            Map.of("h_in", "h_out", "c.1", "c.2"),
            true,
            null,
            Kernels.best().name()),
        pipeline.model());
  }

  @Test
  void defaultsAreTheDesigns() throws Exception {
    Pipeline pipeline = PipelineFile.read("p.yaml", Texts.SMALL, directory);

    assertEquals(Boundaries.NONE, pipeline.boundaries());
    assertEquals(Order.ARRIVAL, pipeline.order());
    assertEquals(Emission.EVERY_STEP, pipeline.emission());
    assertEquals(Pipeline.Delivery.EXACTLY_ONCE, pipeline.sink().delivery());
    assertEquals(new JsonFormat(), pipeline.sink().format());
    assertEquals(TimestampBounds.DEFAULT, pipeline.source().bounds());
    assertNull(pipeline.observation().end());
    assertNull(pipeline.observation().start());
    assertEquals(Map.of(), pipeline.flink());
  }

  @Test
  void theTablesDefaultsAreTheParsers() throws Exception {
    String written =
        Texts.KAFKA
                .replace("group.id: g", "group.id: g\n    start: " + standard("source.kafka.start"))
                .replace(
                    "format: json",
                    """
                format: json
                  watermark: {out-of-order: %s, idle-after: %s, when-all-idle: %s}
                  max-ahead: %s
                  timestamp-between: %s"""
                        .formatted(
                            standard("source.watermark.out-of-order"),
                            standard("source.watermark.idle-after"),
                            standard("source.watermark.when-all-idle"),
                            standard("source.max-ahead"),
                            standard("source.timestamp-between")))
                .replace(
                    "topic: out\n",
                    "topic: out\n  delivery: %s\n  format: %s\n"
                        .formatted(standard("sink.delivery"), standard("sink.format")))
            + "emit: {on: %s, every: %s}\nsequence: {order: %s, clock: %s}\n"
                .formatted(
                    standard("emit.on"),
                    standard("emit.every"),
                    standard("sequence.order"),
                    standard("sequence.clock"));

    Pipeline explicit = PipelineFile.read("p.yaml", written, directory);
    Pipeline silent = PipelineFile.read("p.yaml", Texts.KAFKA, directory);

    assertEquals(silent.source(), explicit.source());
    assertEquals(silent.sink(), explicit.sink());
    assertEquals(silent.emission(), explicit.emission());
    assertEquals(silent.boundaries(), explicit.boundaries());
    assertEquals(silent.order(), explicit.order());
    assertEquals(Long.parseLong(standard("sequence.min-steps")), silent.boundaries().minSteps());
  }

  private static String standard(String path) {
    return PipelineKeys.all().stream()
        .filter(key -> key.path().equals(path))
        .findFirst()
        .orElseThrow()
        .standardText();
  }

  @Test
  void kafkaSettingsAreInheritedByThoseWhoKnowThem() throws Exception {
    String common =
        Texts.KAFKA.replace(
            "localhost:9092",
            """
            [a:1, b:2]
              security.protocol: SSL
              fetch.min.bytes: 5
              linger.ms: 7
              config.providers: env
              config.providers.env.class: org.apache.kafka.common.config.provider.EnvVarConfigProvider
              ssl.key.password: ${env:KEY}""");
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            common
                .replace("group.id: g", "group.id: g\n    fetch.min.bytes: 6\n    stop: latest")
                .replace("topics: [in]", "topics: in"),
            directory);

    Map<String, String> everybody =
        Map.of(
            "bootstrap.servers",
            "a:1,b:2",
            "security.protocol",
            "SSL",
            "config.providers",
            "env",
            "config.providers.env.class",
            "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
            "ssl.key.password",
            "${env:KEY}");
    Map<String, String> consumer = new HashMap<>(everybody);
    consumer.put("fetch.min.bytes", "6");
    Map<String, String> producer = new HashMap<>(everybody);
    producer.put("linger.ms", "7");
    assertEquals(
        new Pipeline.KafkaInput(
            List.of("in"), "g", Pipeline.Start.EARLIEST, true, Map.copyOf(consumer)),
        pipeline.source().input());
    assertEquals(new Pipeline.KafkaOutput("out", producer), pipeline.sink().predictions());
  }

  @Test
  void keepsWhatOnlyKafkaRecordsHave() throws Exception {
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.KAFKA
                .replace("series: s", "series: [$topic, $key.id, /a/0]")
                .replace("timestamp: t", "timestamp: $timestamp")
                .replace("[x]", "[$header.x]"),
            directory);
    assertEquals(
        List.of(part("$topic"), part("$key.id"), part("/a/0")), pipeline.observation().series());
    assertEquals(FieldPath.parse("$timestamp"), pipeline.observation().timestamp().field());
  }

  private static SeriesPart part(String field) {
    return SeriesPart.of(FieldPath.parse(field));
  }

  private static FeatureField plain(String field) {
    return FeatureField.raw(FieldPath.parse(field));
  }
}
