package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.job.state.EvaluationSums;
import io.unroll.model.Seeds;
import io.unroll.model.unroll.DecoderRules;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operator against {@link ReferenceSeries}: seeded interleavings of many series, with what can
 * be wrong with records, every boundary, idle partitions, restarts from snapshots and rescaling.
 * Every output is the same, in order within a series, and every input is counted once.
 *
 * <p>{@code -Druns=100000} makes that many runs on the heap and a tenth on RocksDB.
 */
final class SequenceReferenceTest {
  private static final int[] PARALLELISM = {1, 3, 2};
  private static final String[] SERIES = {"A", "B", "C", "D", "E", "F"};
  private static final int PARTITIONS = 2;
  private static final int STEPS = 60;

  private sealed interface Event {}

  private record Observe(Observation observation) implements Event {}

  private record Watermark(long timestamp) implements Event {}

  /** From a snapshot, on the next parallelism. */
  private record Restart() implements Event {}

  @ParameterizedTest
  @CsvSource({"HEAP, 2000", "ROCKSDB, 80", "ROCKSDB_CRAMPED, 40"})
  void everySeriesGivesWhatItsRulesSay(Backend backend, int standard) throws Exception {
    long seed = Seeds.seed();
    Random seeds = new Random(seed);
    int wanted = Integer.getInteger("runs", 0);
    int runs = wanted == 0 ? standard : backend == Backend.HEAP ? wanted : wanted / 10;
    Map<Counter, Long> reached = new EnumMap<>(Counter.class);
    for (int run = 0; run < runs; run++) {
      long mine = run == 0 ? seed : seeds.nextLong(); // a failed run's seed repeats it first
      try {
        check(backend, new Random(mine), reached);
      } catch (AssertionError | Exception e) {
        throw new AssertionError("run " + run + " on " + backend + ", " + Seeds.message(mine), e);
      }
    }
    if (runs >= 1000) { // fewer need not have everything
      for (Counter counter : Counter.values()) {
        assertTrue(
            counter == Counter.HELD_BACK
                || counter == Counter.DECODES_CUT // DecoderStreamTest
                || reached.getOrDefault(counter, 0L) > 0,
            counter + " never, " + Seeds.message(seed));
      }
    }
  }

  private static void check(Backend backend, Random random, Map<Counter, Long> reached)
      throws Exception {
    SequenceConfig any = config(random);
    // Which kernel does not matter here, and this one needs no warming.
    SequenceConfig config = any.with(any.tuning().withKernel("plain"));
    List<Event> events = events(config, random);
    Map<String, ReferenceSeries> expected = new HashMap<>();
    for (String series : SERIES) {
      expected.put(series, new ReferenceSeries(config));
    }
    int inputs = 0;
    try (Fleet fleet = new Fleet(backend, tuned(config, random))) {
      for (Event event : events) {
        if (event instanceof Observe observe) {
          inputs++;
          expected.get(observe.observation().series).observe(copy(observe.observation()));
          fleet.observe(copy(observe.observation()));
          if (random.nextInt(6) == 0) {
            fleet.wallClock();
          }
        } else if (event instanceof Watermark watermark) {
          expected.values().forEach(series -> series.watermark(watermark.timestamp()));
          fleet.watermark(watermark.timestamp());
        } else {
          int held = expected.values().stream().mapToInt(ReferenceSeries::heldBack).sum();
          assertEquals(held, fleet.count(Counter.HELD_BACK), "held back");
          fleet.restart();
        }
      }
      expected.values().forEach(series -> series.watermark(Long.MAX_VALUE));
      fleet.watermark(Long.MAX_VALUE);
      fleet.collect();
      for (String series : SERIES) {
        ReferenceSeries reference = expected.get(series);
        assertEquals(reference.events, fleet.events.getOrDefault(series, List.of()), series);
        assertEquals(
            reference.predictions, fleet.predictions.getOrDefault(series, List.of()), series);
        assertEquals(reference.rejected, fleet.rejected.getOrDefault(series, List.of()), series);
        assertEquals(reference.late, fleet.late.getOrDefault(series, List.of()), series);
        assertEquals(
            reference.evaluations, fleet.evaluations.getOrDefault(series, List.of()), series);
      }
      account(fleet, expected, inputs, reached);
    }
  }

  /** Rule 10. */
  private static void account(
      Fleet fleet, Map<String, ReferenceSeries> expected, int inputs, Map<Counter, Long> reached) {
    assertEquals(inputs, fleet.count(Counter.INPUTS));
    assertEquals(0, fleet.count(Counter.HELD_BACK));
    Map<ReferenceSeries.Fate, Counter> counters =
        Map.of(
            ReferenceSeries.Fate.STEP, Counter.STEPS,
            ReferenceSeries.Fate.PRIMING, Counter.PRIMINGS,
            ReferenceSeries.Fate.MARKER, Counter.MARKERS,
            ReferenceSeries.Fate.LATE, Counter.LATE,
            ReferenceSeries.Fate.REJECTED, Counter.REJECTED);
    long sum = 0;
    for (Map.Entry<ReferenceSeries.Fate, Counter> entry : counters.entrySet()) {
      long mine =
          expected.values().stream().mapToLong(s -> s.fates.getOrDefault(entry.getKey(), 0)).sum();
      assertEquals(mine, fleet.count(entry.getValue()), entry.getKey().toString());
      sum += mine;
    }
    assertEquals(
        expected.values().stream().mapToLong(series -> series.filled).sum(),
        fleet.count(Counter.FILLED));
    double unmatched =
        fleet.config.evaluations().stream()
            .mapToDouble(one -> fleet.sum(one.label(), EvaluationSums.Sum.UNMATCHED))
            .sum();
    assertEquals(expected.values().stream().mapToLong(series -> series.unmatched).sum(), unmatched);
    assertEquals(inputs, sum, "inputs = steps + primings + markers + late + rejected");
    for (Counter counter : Counter.values()) {
      reached.merge(counter, fleet.count(counter), Long::sum);
    }
  }

  private static SequenceConfig config(Random random) {
    if (random.nextInt(15) == 0) {
      return alone(random);
    }
    boolean overflows = random.nextInt(5) == 0;
    List<Feature> features = features(overflows ? 4 : 3, random);
    Boundaries boundaries = Boundaries.NONE;
    if (random.nextInt(4) != 0) {
      boundaries = boundaries.withIdleTimeout(1000);
    }
    if (random.nextInt(3) == 0) {
      boundaries = boundaries.withMaxDuration(500 + random.nextInt(1500));
    }
    if (random.nextInt(3) == 0) {
      boundaries =
          boundaries.withCloseAt(
              new CloseAt(
                  LocalTime.ofSecondOfDay(random.nextInt(60)),
                  ZoneId.of(random.nextBoolean() ? "UTC" : "America/New_York")));
    }
    if (random.nextInt(3) == 0) {
      boundaries = boundaries.withMaxSteps(1 + random.nextInt(6));
    }
    Emission emission =
        random.nextBoolean() ? Emission.AT_END : new Emission(Emit.STEP, 1 + random.nextInt(3));
    if (random.nextInt(3) == 0) {
      boundaries =
          boundaries.withMinSteps(random.nextInt((int) Math.min(3, boundaries.maxSteps()) + 1));
    }
    SequenceConfig config =
        SequenceConfig.of(overflows ? TestModels.overflowing() : TestModels.rnn(), features)
            .with(boundaries)
            .with(emission)
            .with(random.nextInt(3) == 0 ? Order.EVENT_TIME : Order.ARRIVAL);
    if (random.nextInt(3) == 0) {
      config = config.with(gap(features, random));
    }
    if (!overflows && random.nextInt(3) == 0) {
      config = config.with(decoding(random));
    }
    if (random.nextInt(3) == 0) {
      config = config.withWarmUp(1 + random.nextInt(3));
    }
    int outputs = config.decoding() == null ? 3 : 2;
    if (random.nextInt(3) == 0) {
      config = config.withEvaluations(evaluations(config.features(), outputs, random));
    }
    if (random.nextInt(3) == 0) {
      config =
          config.withUnscaled(
              List.of(new Unscale(random.nextInt(outputs), field(config.features(), random))));
    }
    boolean remembers =
        !config.evaluations().isEmpty()
            || config.features().stream().anyMatch(f -> f.scale() instanceof Scale.Online);
    return remembers || random.nextInt(3) == 0
        ? config.with(
            new SeriesMemory(
                200 + random.nextInt(3000),
                remembers && random.nextBoolean() ? 0 : 1 + random.nextInt(6)))
        : config;
  }

  private static List<Evaluate> evaluations(List<Feature> features, int outputs, Random random) {
    List<Evaluate> evaluations = new ArrayList<>();
    for (int i = random.nextInt(2); i < 2; i++) {
      int against = field(features, random);
      evaluations.add(
          new Evaluate(
              "e" + i,
              random.nextInt(outputs),
              features.get(against).name(),
              against,
              features.get(against).inputs() == 0 || random.nextBoolean(),
              1 + random.nextInt(3),
              Long.MIN_VALUE,
              Double.NaN));
    }
    return evaluations;
  }

  /** The place of a field among features. */
  private static int field(List<Feature> features, Random random) {
    int place = random.nextInt(features.size());
    while (!features.get(place).isField()) {
      place = (place + 1) % features.size();
    }
    return place;
  }

  private static Gap gap(List<Feature> features, Random random) {
    int atMost = 1 + random.nextInt(8);
    return features.get(0).isField() && random.nextBoolean()
        ? Gap.feedback(150, atMost, Map.of(0, random.nextInt(3)))
        : Gap.previous(150, atMost);
  }

  /** As many as fill the model's inputs. */
  private static List<Feature> features(int inputs, Random random) {
    List<Feature> features = new ArrayList<>();
    int left = inputs;
    while (left > 0) {
      Feature feature = feature("x" + features.size(), random);
      if (feature.inputs() <= left && (feature.isField() || !features.isEmpty())) {
        features.add(feature);
        left -= feature.inputs();
      }
    }
    if (random.nextInt(6) == 0) {
      features.add(Feature.truth("truth"));
    }
    if (features.stream().noneMatch(Feature::isField)) {
      features.add(Feature.truth("nothing else"));
    }
    return features;
  }

  private static Feature feature(String name, Random random) {
    Feature feature = unscaled(name, random);
    if (!feature.isField()) {
      return feature;
    }
    return switch (random.nextInt(8)) {
      case 0 -> feature.scaled(new Scale.Constant(new Norm(0.2, 0.7)));
      case 1 -> feature.scaled(new Scale.Online(Scale.Online.FOREVER));
      case 2 -> feature.scaled(new Scale.Online(3));
      default -> feature;
    };
  }

  private static Feature unscaled(String name, Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> new Feature(name, Transform.diff(0.5));
      case 1 -> new Feature(name, Transform.log1p(2)).missing(Missing.value(0.5));
      case 2 -> Feature.raw(name).missing(Missing.PREVIOUS);
      case 3 -> Feature.raw(name).missing(Missing.MASK);
      case 4 -> Feature.timeDelta(100);
      case 5 ->
          Feature.clock(
              new Calendar(
                  List.of(Calendar.Cycle.values()).get(random.nextInt(3)),
                  ZoneId.of(random.nextBoolean() ? "UTC" : "America/New_York")));
      default -> Feature.raw(name);
    };
  }

  /** Behind an encoder, on its own output or on zeros. */
  private static Decoding decoding(Random random) {
    boolean given = random.nextBoolean();
    DecoderRules.Stop stop =
        random.nextBoolean() ? new DecoderRules.Stop.Above(1, random.nextFloat() - 0.5f) : null;
    DecoderRules rules =
        new DecoderRules(
            given ? new DecoderRules.First.Input() : new DecoderRules.First.Zeros(),
            random.nextBoolean() ? DecoderRules.Next.OUTPUT : DecoderRules.Next.ZEROS,
            1 + random.nextInt(6),
            stop,
            0);
    return new Decoding(
        TestModels.decoder(),
        false,
        rules,
        Map.of(),
        given ? List.of(2, 0) : List.of(),
        1000,
        List.of());
  }

  /** Vector-to-sequence. */
  private static SequenceConfig alone(Random random) {
    DecoderRules rules =
        new DecoderRules(
            new DecoderRules.First.Input(), DecoderRules.Next.ZEROS, 1 + random.nextInt(6));
    return SequenceConfig.of(TestModels.decoder(), List.of(Feature.raw("a"), Feature.raw("b")))
        .with(Emission.AT_END)
        .with(random.nextInt(3) == 0 ? Order.EVENT_TIME : Order.ARRIVAL)
        .with(Decoding.alone(TestModels.decoder(), rules).every(1000));
  }

  private static SequenceConfig tuned(SequenceConfig config, Random random) {
    int size = List.of(1, 3, 64).get(random.nextInt(3));
    return TestModels.batches(config, size, 1L + random.nextInt(5));
  }

  /** A partition per half of the series: its clock, and whether it is silent. */
  private static List<Event> events(SequenceConfig config, Random random) {
    List<Event> events = new ArrayList<>();
    // Days begin in UTC or New York within a minute of this.
    long start = (random.nextBoolean() ? 0 : 5 * 3_600_000L) + 20_000 + random.nextInt(30_000);
    long[] clocks = new long[PARTITIONS];
    Arrays.fill(clocks, start);
    boolean[] silent = new boolean[PARTITIONS];
    boolean named = random.nextInt(3) == 0;
    boolean starts = random.nextInt(3) == 0;
    long watermark = Long.MIN_VALUE;
    Observation before = null;
    for (int i = 0; i < STEPS; i++) {
      int which = random.nextInt(SERIES.length);
      int partition = which % PARTITIONS;
      if (random.nextInt(20) == 0) {
        silent[random.nextInt(PARTITIONS)] ^= true;
      }
      if (!silent[partition]) {
        Observation observation =
            before != null && random.nextInt(12) == 0
                ? copy(before)
                : observation(config, random, SERIES[which], clocks, partition, named, starts);
        if (config.memory() != null && observation.identity == null) {
          observation.identity("id " + random.nextInt(i + 1));
        }
        before = observation.at("t/0@", i);
        events.add(new Observe(before));
      }
      if (random.nextInt(4) == 0) {
        long lowest = Long.MAX_VALUE;
        for (int p = 0; p < PARTITIONS; p++) {
          lowest = silent[p] ? lowest : Math.min(lowest, clocks[p] - 1);
        }
        if (lowest != Long.MAX_VALUE && lowest > watermark) {
          watermark = lowest;
          events.add(new Watermark(watermark));
        }
      }
      if (random.nextInt(25) == 0) {
        events.add(new Restart());
      }
    }
    return events;
  }

  private static Observation observation(
      SequenceConfig config,
      Random random,
      String series,
      long[] clocks,
      int partition,
      boolean named,
      boolean starts) {
    clocks[partition] += random.nextInt(8) == 0 ? 900 + random.nextInt(300) : random.nextInt(200);
    long timestamp =
        random.nextInt(6) == 0
            ? clocks[partition] - random.nextInt(1500)
            : clocks[partition] - random.nextInt(50);
    Observation observation;
    if (random.nextInt(12) == 0) {
      observation = Observation.endOf(series, timestamp);
      if (random.nextInt(4) == 0) {
        observation.unusable = "broken";
      }
    } else {
      double[] features =
          random
              .doubles(config.features().stream().filter(Feature::isField).count(), -1, 1)
              .toArray();
      if (random.nextInt(8) == 0) {
        features[random.nextInt(features.length)] =
            List.of(Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 1e38).get(random.nextInt(4));
      }
      observation = Observation.of(series, timestamp, features);
      if (random.nextInt(10) == 0) {
        observation.andEnd();
      }
    }
    if (starts && random.nextInt(8) == 0) {
      observation.andStart();
    }
    if (named && !(observation.end && observation.features == null)) {
      observation.by("day " + Math.floorDiv(timestamp, 2500));
    }
    return observation;
  }

  private static Observation copy(Observation from) {
    Observation copy = new Observation();
    copy.series = from.series;
    copy.timestamp = from.timestamp;
    copy.features = from.features == null ? null : from.features.clone();
    copy.end = from.end;
    copy.start = from.start;
    copy.by = from.by;
    copy.identity = from.identity;
    copy.unusable = from.unusable;
    return copy.at(from.origin, from.position);
  }

  /** The subtasks of the operator, and what has come out of each series so far. */
  private static final class Fleet implements AutoCloseable {
    private final Backend backend;
    private final SequenceConfig config;
    private final List<SequenceHarness> subtasks = new ArrayList<>();
    private int at;
    private long wallClock;

    final Map<String, List<String>> predictions = new HashMap<>();
    final Map<String, List<String>> events = new HashMap<>();
    final Map<String, List<String>> rejected = new HashMap<>();
    final Map<String, List<String>> late = new HashMap<>();
    final Map<String, List<String>> evaluations = new HashMap<>();

    Fleet(Backend backend, SequenceConfig config) throws Exception {
      this.backend = backend;
      this.config = config;
      subtasks.add(SequenceHarness.open(backend, config).patient());
    }

    void observe(Observation observation) throws Exception {
      int subtask =
          KeyGroupRangeAssignment.assignKeyToParallelOperator(
              observation.series, SequenceHarness.MAX_PARALLELISM, subtasks.size());
      subtasks.get(subtask).observe(observation, observation.position);
    }

    void watermark(long timestamp) throws Exception {
      for (SequenceHarness subtask : subtasks) {
        subtask.watermark(timestamp);
      }
    }

    void wallClock() throws Exception {
      wallClock += 2;
      for (SequenceHarness subtask : subtasks) {
        subtask.wallClock(wallClock);
      }
    }

    void restart() throws Exception {
      OperatorSubtaskState[] parts = new OperatorSubtaskState[subtasks.size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = subtasks.get(i).snapshot();
      }
      collect();
      subtasks.forEach(SequenceHarness::close);
      subtasks.clear();
      OperatorSubtaskState whole = AbstractStreamOperatorTestHarness.repackageState(parts);
      int parallelism = PARALLELISM[++at % PARALLELISM.length];
      for (int i = 0; i < parallelism; i++) {
        subtasks.add(
            SequenceHarness.restore(
                    backend,
                    config,
                    SequenceHarness.part(whole, parts.length, parallelism, i),
                    parallelism,
                    i)
                .patient());
      }
    }

    long count(Counter counter) {
      return subtasks.stream().mapToLong(subtask -> subtask.count(counter)).sum();
    }

    double sum(String evaluation, EvaluationSums.Sum sum) {
      return subtasks.stream().mapToDouble(subtask -> subtask.sum(evaluation, sum)).sum();
    }

    void collect() throws Exception {
      for (SequenceHarness subtask : subtasks) {
        for (Prediction p : subtask.predictions()) {
          add(
              predictions,
              p.series,
              "%s/%s %s %d @%d %s %s"
                      .formatted(
                          p.series,
                          p.sequence,
                          p.kind.label(),
                          p.step,
                          p.timestamp,
                          p.input(),
                          Arrays.toString(p.output))
                  + (p.ahead == 0 ? "" : " ahead " + p.ahead + " for " + p.predicted)
                  + (p.filled ? " filled" : "")
                  + (p.warming ? " warming" : ""));
        }
        List<String> lines = subtask.eventLines();
        List<SequenceEvent> all = subtask.events();
        for (int i = 0; i < lines.size(); i++) {
          add(events, all.get(i).series, lines.get(i));
        }
        addAll(rejected, subtask.rejected(), r -> r.input);
        addAll(late, subtask.late(), r -> r.input);
        for (Evaluation e : subtask.evaluations()) {
          add(
              evaluations,
              e.series,
              "%s against %s %d ahead: %s/%s %d @%d %s said %s, was %s, before %s @%d"
                  .formatted(
                      e.output,
                      e.against,
                      e.ahead,
                      e.series,
                      e.sequence,
                      e.step,
                      e.made,
                      e.input(),
                      e.predicted,
                      e.actual,
                      e.persistence,
                      e.timestamp));
        }
      }
    }

    private static void addAll(
        Map<String, List<String>> to, List<Rejected> records, Function<Rejected, String> line) {
      records.forEach(record -> add(to, record.series, line.apply(record)));
    }

    private static void add(Map<String, List<String>> to, String series, String line) {
      to.computeIfAbsent(series, unused -> new ArrayList<>()).add(line);
    }

    @Override
    public void close() {
      subtasks.forEach(SequenceHarness::close);
    }
  }
}
