package io.unroll.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.record.Reading;
import io.unroll.job.describe.Key;
import io.unroll.job.pipeline.PipelineKeys;
import io.unroll.model.GoldenCase;
import io.unroll.model.ModelBuilder;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file of any combination of keys, with its models and tables, and the records that it
 * reads: good ones and bad ones. A combination that the file's grammar refuses is rare.
 */
final class RandomPipeline {
  /** Where a pipeline reads and writes. */
  interface Place {
    /** Puts the records there; gives {@code source} with {@code kafka} or {@code file}. */
    Map<String, Object> source(RandomPipeline pipeline) throws Exception;

    /** The value of {@code sink.OUTPUT}. */
    Map<String, Object> output(RandomPipeline pipeline, String output) throws Exception;

    /** Whether records come from a topic. */
    boolean readsKafka();

    /** The first records as the pipeline reads them, without a job. */
    List<Reading> first(RandomPipeline pipeline, PipelineJob job) throws Exception;

    /** What came out. */
    List<Text> written(RandomPipeline pipeline, String output) throws Exception;
  }

  /**
   * What stands together in an output.
   *
   * @param withHeader true for a whole file, false for a record of a topic
   */
  record Text(String content, boolean withHeader) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CYCLES =
      List.of("hour-of-day", "day-of-week", "day-of-year", "minute-of-day", "hour-of-week");
  private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/New_York");

  final String name;
  final Path folder;
  final Random random;
  final boolean csvOut;
  final Map<String, Object> file = new LinkedHashMap<>();
  final List<String> keepNames = new ArrayList<>();
  int parallelism = 1;

  final Place place;
  final RandomRecords records;

  // what has been drawn so far, and others depend on
  private final Map<String, Object> sequence = new LinkedHashMap<>();
  private final List<String> fields = new ArrayList<>(); // of features, by their texts
  private final List<String> changed = new ArrayList<>(); // those with a transform or a scale
  private int inputs;
  private boolean remembers;
  private int sparse; // features whose last value stands in
  private boolean alone;
  private boolean decodes;
  private boolean plainNumbers = true; // predictions are numbers by name
  private int decoderSteps = 1;
  private List<String> outputNames = List.of();
  private List<String> readingNames = List.of();
  private final Map<String, String> unscaled = new LinkedHashMap<>();
  private boolean eventTime;
  private String truth = "";

  private RandomPipeline(String name, Path folder, Place place, Random random) {
    this.name = name;
    this.folder = folder;
    this.place = place;
    this.random = random;
    csvOut = random.nextBoolean();
    records = new RandomRecords(random, place.readsKafka());
  }

  /** Draws one; its file is {@code folder/pipeline.yaml}. */
  static RandomPipeline of(String name, Path folder, Place place, Random random) throws Exception {
    RandomPipeline pipeline = new RandomPipeline(name, folder, place, random);
    Files.createDirectories(folder);
    pipeline.draw();
    Files.writeString(pipeline.path(), pipeline.text());
    return pipeline;
  }

  Path path() {
    return folder.resolve("pipeline.yaml");
  }

  /** The file: JSON is YAML. */
  String text() throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file);
  }

  // ---- the file ----

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private void draw() throws Exception {
    decodes = random.nextInt(5) < 2;
    alone = decodes && one(3);
    file.put("version", "1");
    file.put("name", name);
    file.put("source", Map.of()); // its place
    file.put("observation", observation());
    Map<String, Object> emit = one(3) ? map("on", "end") : map();
    boolean atEnd = !emit.isEmpty();
    sequence(atEnd, emit);
    Map<String, Object> model = model();
    gap();
    if (!emit.isEmpty() && (!alone || emit.containsKey("on"))) {
      file.put("emit", emit);
    }
    evaluate();
    if (remembers || (sparse > 1 && one(2))) {
      sequence.put("keep-series-for", any(List.of("2 min", "1 h", "30 d")));
    }
    if (!sequence.isEmpty()) {
      file.put("sequence", sequence);
    }
    file.put("model", model);
    if (one(2)) {
      file.put(
          "batch", map("size", any(List.of(1, 2, 5, 64)), "delay", any(List.of("1 ms", "5 ms"))));
    }
    if (one(4)) {
      file.put("state", map("cache", any(List.of("0 B", "1 KiB", "8 MiB"))));
    }
    flink();
    sink();
    records.draw();
    file.put("source", source());
  }

  private Map<String, Object> observation() throws IOException {
    Map<String, Object> observation = new LinkedHashMap<>();
    if (place.readsKafka() && one(3)) {
      observation.put("series", "$key");
    } else if (one(3)) {
      observation.put("series", List.of(records.field("site"), records.field("unit")));
    } else if (one(8)) {
      observation.put("series", List.of(records.field("series"), map("value", "A")));
    } else if (one(6)) {
      observation.put("series", List.of(map("field", records.field("series"), "pattern", "(.+)")));
    } else {
      observation.put("series", records.field("series"));
    }
    boolean ofKafka = place.readsKafka() && one(4);
    String timestamp = ofKafka ? "$timestamp" : records.field("at");
    if (!ofKafka) {
      records.timeStyle = any(List.of("ms", "s", "us", "ns", "iso", "local", "ms"));
    }
    observation.put(
        "timestamp",
        switch (records.timeStyle) {
          case "ms" -> timestamp;
          case "iso" -> one(2) ? timestamp : map("field", timestamp);
          case "local" -> map("field", timestamp, "zone", "UTC");
          default -> map("field", timestamp, "unit", records.timeStyle);
        });
    observation.put("features", features());
    if (one(2)) {
      String end = records.field("end");
      records.endIn = one(2);
      observation.put("end", records.endIn ? map("field", end, "in", List.of("STOP", 7)) : end);
    }
    if (one(4)) {
      String start = records.field("start");
      records.startIn = one(2);
      observation.put("start", records.startIn ? map("field", start, "in", List.of("GO")) : start);
    }
    if (one(4)) {
      remembers = true;
      String identity = records.field("id");
      observation.put(
          "deduplicate-by",
          one(2) ? identity : map("field", identity, "window", 1 + random.nextInt(5)));
    }
    if (one(2)) {
      Map<String, Object> keep = new LinkedHashMap<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        keepNames.add("k" + i);
        keep.put("k" + i, records.field("kept" + i));
      }
      if (place.readsKafka() && one(3)) {
        keepNames.add("topic");
        keep.put("topic", any(List.of("$topic", "$header.trace", "$key.id")));
      }
      observation.put("keep", keep);
    }
    return observation;
  }

  private List<Object> features() throws IOException {
    List<Object> features = new ArrayList<>();
    Set<String> others = new TreeSet<>();
    int count = 1 + random.nextInt(4);
    while (features.size() < count || fields.isEmpty()) {
      int kind = random.nextInt(8);
      if (kind == 0 && !alone && others.add("time-delta")) {
        features.add(map("time-delta", any(List.of("ms", "s", "min", "h", "d"))));
        inputs++;
      } else if (kind == 1 && others.add("clock")) {
        features.add(map("clock", any(CYCLES), "zone", any(ZONES)));
        inputs += 2;
      } else if (kind > 1) {
        features.add(feature());
      }
    }
    return features;
  }

  private Object feature() throws IOException {
    String called = "f" + fields.size();
    String field = records.field(called);
    fields.add(field);
    inputs++;
    if (one(2)) {
      return field;
    }
    Map<String, Object> feature = map("field", field);
    String transform =
        one(2) ? null : any(alone ? List.of("log1p") : List.of("diff", "log-return", "log1p"));
    if (transform != null) {
      feature.put("transform", transform);
      if (one(2)) {
        feature.put("multiply-by", any(List.of(0.5, 100)));
      }
    }
    if (one(2)) {
      feature.put("scale", scale(field));
    }
    if (feature.size() > 1) {
      changed.add(field);
    }
    if (one(6)) {
      feature.put("as", "x" + fields.size());
    }
    switch (random.nextInt(6)) {
      case 0 -> feature.put("missing", "reject");
      case 1 -> {
        feature.put("missing", alone ? "reject" : "previous");
        sparse += alone ? 0 : 1;
      }
      case 2 -> {
        feature.put("missing", "mask");
        inputs++;
      }
      case 3 -> feature.put("missing", map("value", 0.5));
      default -> {}
    }
    return feature;
  }

  private Object scale(String field) throws IOException {
    int way = random.nextInt(4);
    remembers |= way < 2;
    return switch (way) {
      case 0 -> "online";
      case 1 -> map("half-life", 3);
      case 2 -> map("mean", 10, "std", 2.5);
      default -> map("from", scales(field));
    };
  }

  /** A table for one feature. */
  private String scales(String field) throws IOException {
    String table = "scale" + fields.size() + ".csv";
    String named = field.substring(Math.max(field.lastIndexOf('/'), field.lastIndexOf('.')) + 1);
    Files.writeString(
        folder.resolve(table),
        "series,feature,mean,std\n"
            + (one(3) ? "A" : "default")
            + ","
            + named
            + ",9.5,2\nB,"
            + named
            + ",10,1\n");
    return table;
  }

  private void sequence(boolean atEnd, Map<String, Object> emit) {
    if (one(4)) {
      sequence.put("by", records.field("by"));
    }
    eventTime = one(3);
    if (eventTime) {
      sequence.put("order", "event-time");
      sequence.put("max-delay", any(List.of("0 s", "2 min", "1 h")));
    } else if (one(6)) {
      sequence.put("order", "arrival");
    }
    if (alone) {
      return;
    }
    if (random.nextInt(4) > 0) {
      sequence.put("idle-timeout", any(List.of("90 s", "10 min", "1 d")));
    }
    if (one(5)) {
      sequence.put("max-duration", any(List.of("5 min", "2 h")));
    }
    if (one(5)) {
      Map<String, Object> close =
          map("time", any(List.of("22:20", "00:00:30", "16:00")), "zone", any(ZONES));
      if (one(2)) {
        close.put("inclusive", one(2));
      }
      if (one(2)) {
        close.put("margin", any(List.of("10 s", "1 min")));
      }
      sequence.put("close-at", close);
    }
    int maxSteps = one(3) ? 1 + random.nextInt(6) : Integer.MAX_VALUE;
    if (maxSteps < Integer.MAX_VALUE) {
      sequence.put("max-steps", maxSteps);
    }
    if (atEnd && one(2)) {
      sequence.put("min-steps", random.nextInt(Math.min(3, maxSteps) + 1));
    }
    if (!atEnd && one(2)) {
      if (one(2)) {
        emit.put("on", "step");
      }
      if (one(2)) {
        emit.put("every", 1 + random.nextInt(Math.min(3, maxSteps)));
      }
    }
    if (one(5)) {
      sequence.put("clock", any(List.of("event", "processing", "processing")));
    }
    if (one(4)) {
      sequence.put("window", 1 + random.nextInt(4));
    }
    if (maxSteps > 1 && one(4)) {
      sequence.put("warm-up", 1 + random.nextInt(Math.min(3, maxSteps - 1)));
    }
  }

  private void gap() {
    if (alone || "processing".equals(sequence.get("clock")) || !one(3)) {
      return;
    }
    Map<String, Object> gap =
        map(
            "expect",
            any(List.of("1 min", "40 s")),
            "fill",
            "previous",
            "at-most",
            1 + random.nextInt(6));
    if (one(2) && !readingNames.isEmpty()) {
      gap.put("fill", "feedback");
      gap.put("feedback", map(any(fields), any(readingNames)));
    }
    sequence.put("gap", gap);
  }

  // ---- models ----

  private float[] floats(int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) random.nextGaussian() * 0.5f;
    }
    return floats;
  }

  private RecurrentModel network(String called, int cell, int in, int hidden, int out) {
    int gates = List.of(1, 4, 3).get(cell);
    CellWeights weights =
        new CellWeights(
            "cell",
            in,
            hidden,
            floats(gates * hidden * in),
            floats(gates * hidden * hidden),
            floats(gates * hidden),
            floats(gates * hidden));
    ModelBuilder builder = RecurrentModel.builder().name(called).inputs(in);
    ModelBuilder built =
        switch (cell) {
          case 0 -> builder.rnn(weights);
          case 1 -> builder.lstm(weights);
          default -> builder.gru(weights, true);
        };
    return built.dense("head", floats(hidden * out), floats(out)).build();
  }

  private RecurrentModel save(String path, RecurrentModel network) throws Exception {
    OnnxFile onnx = OnnxFile.of(network);
    Files.write(folder.resolve(path), onnx.model());
    return OnnxFile.load(folder.resolve(path)).read();
  }

  private static List<String> numbered(int outputs) {
    return IntStream.range(0, outputs).mapToObj(i -> "y" + i).toList();
  }

  private static List<String> own(RecurrentModel network) {
    List<String> names = network.outputNames();
    return names.size() == network.outputSize() ? names : numbered(network.outputSize());
  }

  private Map<String, Object> model() throws Exception {
    Map<String, Object> model = new LinkedHashMap<>();
    int cell = random.nextInt(3);
    int hidden = 3;
    int outputs = 1 + random.nextInt(3);
    RecurrentModel start;
    if (alone) {
      start = decoder(model, cell, hidden, null);
    } else if (!decodes && inputs == 3 && one(2)) {
      Files.write(
          folder.resolve("model.onnx"),
          GoldenCase.bytes("golden/14-one-step-graph-named-states/model.onnx"));
      model.put("onnx", "model.onnx");
      model.put("follow", "y");
      model.put("states", map("h_in", "h_out", "c_in", "c_out", "g_in", "g_out"));
      start =
          OnnxFile.load(folder.resolve("model.onnx"))
              .withOutput("y")
              .withStates(Map.of("h_in", "h_out", "c_in", "c_out", "g_in", "g_out"))
              .read();
      outputs(model, start, false);
    } else {
      // A window leaves a decoder the output alone to start from.
      boolean byOutput = decodes && sequence.containsKey("window");
      start =
          save(
              "model.onnx",
              network("model", byOutput ? 0 : cell, inputs, hidden, byOutput ? hidden : outputs));
      model.put(decodes && one(2) ? "encoder" : "onnx", "model.onnx");
      readingNames = own(start);
      if (decodes) {
        decoder(model, byOutput ? 0 : cell, hidden, start);
      } else {
        outputs(model, start, false);
      }
    }
    if (one(4)) {
      String state = any(List.copyOf(start.startNames()));
      model.put(
          "initial-state", any(List.of("model", "zero", map(state, floats(length(start, state))))));
    }
    if (one(8)) {
      model.put("stateful", any(List.of("true", "false")));
    }
    if (one(5)) {
      model.put("kernel", any(List.of("auto", "plain")));
    }
    return model;
  }

  private static int length(RecurrentModel model, String state) {
    return model.stateLayout().slots().stream()
        .filter(slot -> slot.name().equals(state))
        .mapToInt(slot -> slot.length())
        .findFirst()
        .orElse(model.stateLayout().slots().get(0).length());
  }

  /** Adds a decoder that fits what it begins with. */
  private RecurrentModel decoder(
      Map<String, Object> model, int cell, int hidden, @Nullable RecurrentModel encoder)
      throws Exception {
    List<Object> beginnings = new ArrayList<>(List.of("zeros", "input", map("token", 0)));
    int last = 1 + random.nextInt(Math.min(2, fields.size()));
    if (!alone) {
      beginnings.add(map("last", fields.subList(0, last)));
    }
    Object first = any(beginnings);
    boolean token = first.equals(map("token", 0));
    int fed =
        first.equals("input")
            ? inputs
            : first instanceof Map && !token ? last : 1 + random.nextInt(3);
    String next = any(List.of("output", "argmax", "zeros"));
    int outputs =
        switch (next) {
          case "output" -> fed;
          case "argmax" -> fed == 1 ? 3 : fed;
          default -> token && fed > 1 ? fed : 1 + random.nextInt(3);
        };
    boolean calendar = one(3);
    RecurrentModel network =
        save("decoder.onnx", network("decoder", cell, fed + (calendar ? 2 : 0), hidden, outputs));
    decoderSteps = 1 + random.nextInt(4);
    Map<String, Object> decoder = map("onnx", "decoder.onnx", "steps", decoderSteps);
    if (alone || !first.equals("zeros") || one(2)) {
      decoder.put("first", first);
    }
    if (!next.equals("output") || one(2)) {
      decoder.put("next", next);
    }
    if (calendar || one(3)) {
      decoder.put("every", any(List.of("1 min", "1 h")));
    }
    if (calendar) {
      decoder.put("features", List.of(map("clock", any(CYCLES), "zone", any(ZONES))));
    }
    if (encoder != null && !sequence.containsKey("window") && one(2)) {
      Map<String, Object> states = new LinkedHashMap<>();
      for (int i = 0; i < network.stateLayout().slots().size(); i++) {
        states.put(
            network.stateLayout().slots().get(i).name(),
            encoder.stateLayout().slots().get(i).name());
      }
      decoder.put("states", states);
    }
    model.put("decoder", decoder);
    outputs(model, network, next.equals("argmax"));
    if (one(3) && next.equals("argmax")) {
      decoder.put("stop", map("token", random.nextInt(outputs)));
    } else if (one(3) && plainNumbers) {
      decoder.put("stop", map("output", any(outputNames), "above", 0.3));
    }
    return network;
  }

  private void outputs(Map<String, Object> model, RecurrentModel network, boolean tokens) {
    int size = network.outputSize();
    List<String> labels = IntStream.range(0, size).mapToObj(i -> "l" + i).toList();
    List<String> names = IntStream.range(0, size).mapToObj(i -> "p" + i).toList();
    outputNames = own(network);
    plainNumbers = !tokens;
    int way = random.nextInt(6);
    if (way == 0 || (tokens && way < 3)) {
      plainNumbers = false;
      outputNames = labels;
      model.put("outputs", map("labels", labels));
    } else if (way < 4 && !tokens) {
      outputNames = names;
      model.put("outputs", names.stream().map(this::output).toList());
    }
    if (!decodes) {
      readingNames = outputNames;
    }
  }

  private Object output(String called) {
    Map<String, Object> output = map("name", called);
    if (!changed.isEmpty() && one(2)) {
      unscaled.put(called, any(changed));
      output.put("unscale", unscaled.get(called));
    }
    if (one(3)) {
      output.put("quantile", 0.05);
    }
    return output.size() == 1 ? called : output;
  }

  // ---- the rest of the file ----

  private void evaluate() {
    if (alone || !plainNumbers || !one(3)) {
      return;
    }
    remembers = true;
    truth = records.field("truth");
    Map<String, Object> rules = new LinkedHashMap<>();
    for (int i = random.nextInt(2); i < 2; i++) {
      String output = any(outputNames);
      List<String> against = new ArrayList<>(List.of(truth));
      against.addAll(unscaled.containsKey(output) ? List.of(unscaled.get(output)) : fields);
      Map<String, Object> rule = map("output", output, "against", any(against));
      if (one(2)) {
        rule.put("ahead", 1 + random.nextInt(decodes ? decoderSteps : 3));
      }
      if (one(3)) {
        rule.put("from", any(List.of("2023-11-15", "2023-11-14T22:20:00Z")));
      }
      rules.put(output + rule.get("against") + rule.getOrDefault("ahead", 1), rule);
    }
    List<Object> all = List.copyOf(rules.values());
    file.put("evaluate", all.size() == 1 && one(2) ? all.get(0) : all);
  }

  private void flink() {
    Map<String, Object> flink = new LinkedHashMap<>();
    parallelism = 1 + random.nextInt(2);
    flink.put("parallelism.default", parallelism);
    if (one(8)) {
      flink.put("state", map("backend.type", any(List.of("rocksdb", "hashmap"))));
    }
    if (one(3)) {
      flink.put("execution.checkpointing.interval", any(List.of("40 ms", "1 s")));
    }
    file.put("flink", flink);
  }

  private void sink() throws Exception {
    Map<String, Object> sink = new LinkedHashMap<>();
    if (one(3)) {
      sink.put("delivery", any(List.of("exactly-once", "at-least-once")));
    }
    if (csvOut || one(2)) {
      sink.put("format", csvOut ? "csv" : "json");
    }
    sink.put("predictions", place.output(this, "predictions"));
    for (String output : List.of("sequences", "rejected", "late", "evaluations")) {
      if (random.nextInt(4) > 0
          && (!output.equals("evaluations") || file.containsKey("evaluate"))) {
        sink.put(output, place.output(this, output));
      }
    }
    file.put("sink", sink);
  }

  private Map<String, Object> source() throws Exception {
    Map<String, Object> source = place.source(this);
    Map<String, Object> watermark = new LinkedHashMap<>();
    source.put("format", records.csv ? records.written.format() : "json");
    if (!eventTime && one(3)) {
      watermark.put("out-of-order", any(List.of("0 s", "5 min")));
    }
    if (one(6)) {
      source.put("generation", 1 + random.nextInt(3));
    }
    if (one(4)) {
      watermark.put("idle-after", any(List.of("100 ms", "5 s")));
    }
    if (one(6)) {
      source.put(
          "timestamp-between",
          any(
              List.of(
                  List.of("2000-01-01", "2100-01-01"),
                  List.of("2023-11-14T22:15:00Z", "2023-11-15"))));
    }
    if (place.readsKafka()) {
      if (one(4)) {
        source.put("max-ahead", "1 h");
      }
      if (one(4)) {
        source.put("key", map("format", "text"));
      }
      if (one(4)) {
        watermark.put("when-all-idle", any(List.of("hold", "advance")));
      }
      if (one(6)) {
        watermark.put("max-drift", "10 d");
      }
    }
    if (!watermark.isEmpty()) {
      source.put("watermark", watermark);
    }
    return source;
  }

  /** Every key that stands in the file, by its path in the option table. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    collect("", file, keys);
    return keys;
  }

  private static void collect(String section, Map<?, ?> map, Set<String> keys) {
    map.forEach(
        (key, value) -> {
          String known = path(section, (String) key);
          keys.add(known);
          // All outputs share one place in the table.
          String path = section.equals("sink") ? "sink.OUTPUT" : known;
          List<?> values = value instanceof List<?> list ? list : List.of(value);
          for (Object item : values) {
            if (item instanceof Map<?, ?> inner) {
              collect(
                  value instanceof List && isSection(path + "[]") ? path + "[]" : path,
                  inner,
                  keys);
            }
          }
        });
  }

  private static boolean isSection(String section) {
    return PipelineKeys.all().stream().anyMatch(option -> option.section().equals(section));
  }

  private static String path(String section, String key) {
    String path = section.isEmpty() ? key : section + "." + key;
    List<String> known = PipelineKeys.all().stream().map(Key::path).toList();
    return known.contains(path) ? path : section + ".*";
  }
}
