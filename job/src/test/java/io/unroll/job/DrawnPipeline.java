package io.unroll.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.job.describe.Durations;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.Transform;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A pipeline of any keys that both doors have, right or wrong, as the text of a file and as the
 * calls of Java that say the same.
 */
final class DrawnPipeline {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FIELDS = List.of("a", "b", "c", "d");
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private final Path folder;
  private final Random random;
  private final Map<String, Object> sequence = new LinkedHashMap<>();
  private final Map<String, Object> emit = new LinkedHashMap<>();
  private final Map<String, Object> model = new LinkedHashMap<>();
  private final Map<String, Object> observation = new LinkedHashMap<>();
  private final Map<String, Object> file = new LinkedHashMap<>();
  private final List<Consumer<Unroll>> calls = new ArrayList<>();
  private List<String> outputs = List.of("y0", "y1");

  /** Nothing wrong is drawn on purpose, and what needs another key has it. */
  private final boolean careful;

  private final boolean alone;
  private OnnxFile reading;
  private String readingName = "";
  private boolean remembers;
  private int sparse; // features whose last value stands in
  private boolean aIsChanged;
  private boolean fieldsAlone = true;

  private DecoderRules rules = new DecoderRules(new First.Zeros(), Next.OUTPUT, 1);

  DrawnPipeline(Path folder, Random random) throws Exception {
    this.folder = folder;
    this.random = random;
    careful = random.nextBoolean();
    alone = random.nextInt(8) == 0;
    reading = OnnxFile.load(folder.resolve("m1.onnx"));
    features();
    if (!alone || !careful) {
      emission();
      limits();
    }

    outputs();
    gap();
    evaluations();
    memory();
    start();
    decoder();
    tuning();
  }

  /** The file: JSON is YAML. */
  String text() throws JsonProcessingException {
    file.put("version", 1);
    file.put("name", "drawn");
    file.put("source", Map.of("file", Map.of("path", "in.csv"), "format", "csv"));
    observation.put("series", "s");
    observation.put("timestamp", "t");
    file.put("observation", observation);
    putUnlessEmpty("sequence", sequence);
    putUnlessEmpty("emit", emit);
    file.put("model", model);
    file.put("sink", Map.of("predictions", Map.of("file", Map.of("path", "out"))));
    return JSON.writeValueAsString(file);
  }

  /** The same in Java. */
  Unroll unroll() throws OnnxException {
    Unroll unroll = alone ? Unroll.vectorToSequence(reading, rules) : Unroll.model(reading);
    calls.forEach(call -> call.accept(unroll));
    return unroll;
  }

  private void putUnlessEmpty(String key, Map<String, Object> map) {
    if (!map.isEmpty()) {
      file.put(key, map);
    }
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** One of all values, the bad ones only now and then. */
  private <T> T any(List<T> good, List<T> bad) {
    return careful || one(2) ? any(good) : any(bad);
  }

  // ---- features ----

  private void features() throws Exception {
    int count = 1 + random.nextInt(4);
    List<Object> written = new ArrayList<>();
    int inputs = 0;
    for (int i = 0; i < count; i++) {
      Feature feature = feature(written, one(8) && !careful ? any(FIELDS) : FIELDS.get(i));
      inputs += feature.inputs();
      calls.add(unroll -> unroll.feature(feature));
    }
    observation.put("features", written);
    boolean named = one(3) && !alone && (!careful || (inputs == 3 && fieldsAlone));
    int wanted = one(6) && !careful ? 1 + random.nextInt(4) : inputs;
    readingName = named ? "abc.onnx" : "m" + wanted + ".onnx";
    reading = OnnxFile.load(folder.resolve(readingName));
    if (!alone) {
      model.put("onnx", readingName);
    }
    if (named) {
      outputs = List.of();
    }
  }

  private Feature feature(List<Object> written, String field) {
    if (one(12) && !(careful && alone)) {
      fieldsAlone = false;
      written.add(Map.of("time-delta", "min"));
      return Feature.timeDelta(60_000);
    }
    if (one(12)) {
      fieldsAlone = false;
      written.add(Map.of("clock", "hour-of-day", "zone", ZONE.getId()));
      return Feature.clock(new Calendar(Calendar.Cycle.HOUR_OF_DAY, ZONE));
    }
    Map<String, Object> map = new LinkedHashMap<>(Map.of("field", field));
    Transform transform = Transform.NONE;
    if (one(3)) {
      Transform.Kind kind =
          any(
              alone
                  ? List.of(Transform.Kind.LOG1P)
                  : List.of(Transform.Kind.LOG1P, Transform.Kind.DIFF, Transform.Kind.LOG_RETURN),
              List.of(Transform.Kind.DIFF));
      map.put("transform", kind.label());
      double times = any(List.of(1.0, 100.0, -0.5), List.of(0.0));
      if (times != 1) {
        map.put("multiply-by", times);
      }
      transform = new Transform(kind, times);
    }
    Missing missing = Missing.REJECT;
    if (one(4)) {
      missing =
          any(
              alone
                  ? List.of(Missing.value(0.5))
                  : List.of(Missing.MASK, Missing.PREVIOUS, Missing.value(0.5)),
              List.of(Missing.PREVIOUS));
      map.put(
          "missing",
          switch (missing.kind()) {
            case MASK -> "mask";
            case PREVIOUS -> "previous";
            default -> Map.of("value", 0.5);
          });
    }
    Scale scale = Scale.NONE;
    if (one(4)) {
      scale = any(List.of(new Scale.Online(0), new Scale.Constant(new Norm(1, 2))));
      map.put("scale", scale instanceof Scale.Online ? "online" : Map.of("mean", 1, "std", 2));
    }
    remembers |= scale instanceof Scale.Online;
    sparse += missing.equals(Missing.PREVIOUS) ? 1 : 0;
    aIsChanged |=
        field.equals("a") && !(transform.equals(Transform.NONE) && scale.equals(Scale.NONE));
    fieldsAlone &= missing.kind() != Missing.Kind.MASK;
    written.add(map);
    return new Feature(field, transform).missing(missing).scaled(scale);
  }

  // ---- sequences ----

  private Duration duration() {
    return any(
        List.of(Duration.ofDays(1), Duration.ofMinutes(90), Duration.ofMillis(1)),
        List.of(Duration.ZERO, Duration.ofDays(40_000)));
  }

  private static String written(Duration duration) {
    return duration.toDays() == 40_000 ? "40000 d" : Durations.words(duration);
  }

  private void limits() {
    if (one(2)) {
      Duration timeout = duration();
      sequence.put("idle-timeout", written(timeout));
      calls.add(unroll -> unroll.idleTimeout(timeout));
    }
    if (one(5)) {
      Duration longest = duration();
      sequence.put("max-duration", written(longest));
      calls.add(unroll -> unroll.maxDuration(longest));
    }
    if (one(6)) {
      boolean inclusive = random.nextBoolean();
      long margin = random.nextInt(4) * 5L;
      sequence.put(
          "close-at",
          Map.of(
              "time",
              "16:00",
              "zone",
              ZONE.getId(),
              "inclusive",
              inclusive,
              "margin",
              margin + " h"));
      calls.add(
          unroll ->
              unroll.closeAt(
                  new CloseAt(LocalTime.of(16, 0), ZONE, inclusive, Duration.ofHours(margin))));
    }
    if (one(2)) {
      long most = any(List.of(5L, 500L), List.of(0L, 1L, 3L));
      sequence.put("max-steps", most);
      calls.add(unroll -> unroll.maxSteps(most));
    }
    if (one(4) && (!careful || "end".equals(emit.get("on")))) {
      long least = any(List.of(0L, 3L), List.of(-1L, 20L));
      sequence.put("min-steps", least);
      calls.add(unroll -> unroll.minSteps(least));
    }
    if (one(4)) {
      int steps = any(List.of(1, 4), List.of(-2, 10));
      sequence.put("warm-up", steps);
      calls.add(unroll -> unroll.warmUp(steps));
    }
    if (one(5)) {
      int window = any(List.of(1, 30), List.of(-1, 100_001));
      sequence.put("window", window);
      calls.add(unroll -> unroll.window(window));
    }
    if (one(5)) {
      SequenceClock clock = any(List.of(SequenceClock.EVENT), List.of(SequenceClock.PROCESSING));
      sequence.put("clock", clock.label());
      calls.add(unroll -> unroll.clock(clock));
    }
    if (one(5)) {
      sequence.put("order", Order.EVENT_TIME.label());
      sequence.put("max-delay", "5 s"); // in Java the stream's own watermark
      calls.add(unroll -> unroll.order(Order.EVENT_TIME));
    }
  }

  private void emission() {
    if (one(3)) {
      Emit on = any(Arrays.asList(Emit.values()));
      emit.put("on", on == Emit.END ? "end" : "step");
      calls.add(unroll -> unroll.emit(on));
    }
    if (one(3) && (!careful || !emit.containsKey("on"))) {
      long every = any(List.of(1L, 2L), List.of(0L, 10L));
      emit.put("every", every);
      calls.add(unroll -> unroll.emitEvery(every));
    }
  }

  private void gap() {
    if (!one(4) || (careful && alone)) {
      return;
    }
    Duration expect = duration();
    int most = any(List.of(1, 8), List.of(0, 10_001));
    Map<String, Object> gap = new LinkedHashMap<>();
    gap.put("expect", written(expect));
    gap.put("at-most", most);
    if (one(2)) {
      gap.put("fill", "previous");
      calls.add(unroll -> unroll.gap(expect, most));
    } else {
      Map<String, String> feedback = new TreeMap<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        feedback.put(
            any(List.of("a"), List.of("b", "z")),
            any(outputs.isEmpty() ? List.of("y0") : outputs, List.of("q")));
      }
      gap.put("fill", "feedback");
      gap.put("feedback", feedback);
      calls.add(unroll -> unroll.gap(expect, most, feedback));
    }
    sequence.put("gap", gap);
  }

  private void memory() {
    boolean duplicates = one(4);
    if (careful ? remembers || duplicates || (sparse > 1 && one(2)) : one(2)) {
      Duration keep = duration();
      sequence.put("keep-series-for", written(keep));
      calls.add(unroll -> unroll.keepSeriesFor(keep));
      if (duplicates) {
        int window = any(List.of(1, 64), List.of(0, 10_001));
        observation.put("deduplicate-by", Map.of("field", "id", "window", window));
        calls.add(unroll -> unroll.deduplicate(window, keep));
      }
    }
  }

  // ---- outputs ----

  private void outputs() {
    if (one(2)) {
      return;
    }
    int count = one(6) && !careful ? 1 + random.nextInt(3) : 2;
    outputs =
        IntStream.range(0, count).mapToObj(i -> one(12) && !careful ? "p0" : "p" + i).toList();
    String[] names = outputs.toArray(String[]::new);
    calls.add(unroll -> unroll.outputs(names));
    List<Object> written = new ArrayList<>();
    boolean repeated = outputs.stream().distinct().count() < count;
    for (String name : outputs) {
      Map<String, Object> output = new LinkedHashMap<>(Map.of("name", name));
      if (one(3) && !repeated && (aIsChanged || !careful)) {
        String feature = any(List.of("a"), List.of("b", "z"));
        output.put("unscale", feature);
        calls.add(unroll -> unroll.unscale(name, feature));
      }
      if (one(3) && !repeated) {
        double quantile = any(List.of(0.05, 0.95), List.of(1.0, 0.0));
        output.put("quantile", quantile);
        calls.add(unroll -> unroll.quantile(name, quantile));
      }
      written.add(output);
    }
    model.put("outputs", written);
  }

  private void evaluations() {
    if (!one(3) || (careful && alone)) {
      return;
    }
    remembers = true;
    List<Object> written = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String output = any(outputs.isEmpty() ? List.of("y0") : outputs, List.of("q"));
      String against = any(List.of("a", "truth", "other"), List.of("b"));
      int ahead = any(List.of(1, 2), List.of(0, 10_001));
      Instant from = one(2) ? null : Instant.parse("2014-01-01T00:00:00Z");
      Map<String, Object> evaluation =
          new LinkedHashMap<>(Map.of("output", output, "against", against, "ahead", ahead));
      if (from != null) {
        evaluation.put("from", "2014-01-01");
      }
      written.add(evaluation);
      calls.add(unroll -> unroll.evaluate(output, against, ahead, from));
    }
    file.put("evaluate", written);
  }

  private void start() {
    if (one(6)) {
      model.put("initial-state", "zero");
      calls.add(Unroll::zeroInitialState);
    } else if (one(6)) {
      String name = any(List.of("cell.h"), List.of("h9"));
      float[] values = any(List.of(new float[] {1, 2, 3}), List.of(new float[] {1, 2}));
      List<Float> numbers = new ArrayList<>();
      for (float value : values) {
        numbers.add(value);
      }
      model.put("initial-state", Map.of(name, numbers));
      calls.add(unroll -> unroll.initialState(Map.of(name, values)));
    }
  }

  // ---- decoders ----

  private void decoder() throws Exception {
    if (!alone && !one(4)) {
      return;
    }
    OnnxFile network = OnnxFile.load(folder.resolve("decoder.onnx"));
    Map<String, Object> decoder =
        new LinkedHashMap<>(Map.of("onnx", alone ? readingName : "decoder.onnx"));
    First first =
        any(
            alone
                ? List.of(new First.Input(), new First.Zeros())
                : List.of(new First.Zeros(), new First.Token(0)),
            List.of(new First.Input()));
    int steps = 1 + random.nextInt(3);
    Next next = any(List.of(Next.ZEROS), List.of(Next.ARGMAX, Next.OUTPUT));
    Stop stop = null;
    if (one(3)) {
      stop = new Stop.Above(0, 0.5f);
      decoder.put(
          "stop", Map.of("output", outputs.isEmpty() ? "y0" : outputs.get(0), "above", 0.5));
    } else if (one(3) && next == Next.ARGMAX) {
      stop = new Stop.Token(3);
      decoder.put("stop", Map.of("token", 3));
    }
    rules = new DecoderRules(first, next, steps, stop, 0);
    decoder.put("steps", steps);
    decoder.put("next", next.name().toLowerCase(java.util.Locale.ROOT));
    if (!alone) {
      calls.add(
          unroll -> {
            try {
              unroll.decoder(network, rules);
            } catch (OnnxException e) {
              throw new IllegalStateException(e);
            }
          });
    }
    if (first instanceof First.Input && one(2) && !(careful && alone)) {
      List<String> last = any(List.of(List.of("a")), List.of(List.of("a", "a"), List.of("z")));
      decoder.put("first", Map.of("last", last));
      calls.add(unroll -> unroll.decoderLast(last.toArray(String[]::new)));
    } else {
      decoder.put(
          "first",
          first instanceof First.Zeros
              ? "zeros"
              : first instanceof First.Input ? "input" : Map.of("token", 0));
    }
    if (one(3) && !(careful && alone)) {
      String state = any(List.of("cell.h"), List.of("nobody"));
      decoder.put("states", Map.of("cell.h", state));
      calls.add(unroll -> unroll.decoderStates(Map.of("cell.h", state)));
    }
    if (one(2)) {
      Duration every = duration();
      decoder.put("every", written(every));
      calls.add(unroll -> unroll.decoderEvery(every));
    }
    if (one(4) && !careful) {
      decoder.put("features", List.of(Map.of("clock", "day-of-week", "zone", ZONE.getId())));
      calls.add(unroll -> unroll.decoderCalendar(Calendar.Cycle.DAY_OF_WEEK, ZONE));
    }
    model.put("decoder", decoder);
  }

  private void tuning() {
    if (one(3)) {
      int size = any(List.of(1, 64), List.of(0, 1025));
      Duration delay =
          any(
              List.of(Duration.ofMillis(1), Duration.ofSeconds(1)),
              List.of(Duration.ZERO, Duration.ofHours(1)));
      file.put("batch", Map.of("size", size, "delay", written(delay)));
      calls.add(unroll -> unroll.batch(size, delay));
    }
    if (one(5)) {
      long bytes = any(List.of(0L, 1L << 20), List.of(-1L));
      file.put("state", Map.of("cache", bytes + " B"));
      calls.add(unroll -> unroll.cache(bytes));
    }
    if (one(5)) {
      String kernel = any(List.of("auto", "plain"), List.of("abacus"));
      model.put("kernel", kernel);
      calls.add(unroll -> unroll.kernel(kernel));
    }
  }
}
