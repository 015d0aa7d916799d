package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.Seeds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random interleavings of series with end markers, bad values, gaps and restarts at random points:
 * every series' output equals that series alone, and every input is counted once.
 */
final class SequencePropertyTest {
  private static final long IDLE = 1000;

  /** What {@link #config} and {@link #observation} together can lead to. */
  static final Set<Counter> REACHED = EnumSet.range(Counter.INPUTS, Counter.PREDICTIONS);

  private static final String[] SERIES = {"A", "B", "C", "D"};

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void everySeriesGivesWhatItGivesAlone(Backend backend) throws Exception {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    int runs = backend == Backend.HEAP ? 60 : 12;
    for (int run = 0; run < runs; run++) {
      check(backend, random, "run " + run + ", " + Seeds.message(seed));
    }
  }

  private static void check(Backend backend, Random random, String where) throws Exception {
    SequenceConfig config = config(random);
    SequenceConfig batches = TestModels.batches(config, size(random), 1L + random.nextInt(5));
    List<Observation> input = new ArrayList<>();
    Map<String, Long> clock = new HashMap<>();
    for (int i = 0; i < 120; i++) {
      input.add(observation(random, clock).at("t/0@", i));
    }

    Map<String, List<Prediction>> together = new HashMap<>();
    Map<String, List<String>> eventsTogether = new HashMap<>();
    SequenceHarness harness = SequenceHarness.open(backend, batches).patient();
    try {
      for (Observation observation : input) {
        if (random.nextInt(25) == 0) {
          OperatorSubtaskState snapshot = harness.snapshot();
          collect(harness, together, eventsTogether);
          harness.close();
          harness = SequenceHarness.restore(backend, batches, snapshot).patient();
        }
        harness.observe(copy(observation), observation.position);
        if (random.nextInt(10) == 0) {
          harness.wallClock(observation.position);
        }
        if (random.nextInt(4) == 0) {
          // As high as no record of any series will come behind it.
          harness.watermark(clockFloor(input, observation));
        }
      }
      harness.endOfInput();
      collect(harness, together, eventsTogether);
      assertEquals(0, harness.sequences(), where);
      assertEquals(0, harness.timers(), where);
      assertEquals(input.size(), harness.count(Counter.INPUTS), where);
      assertEquals(
          input.size(),
          harness.count(Counter.STEPS)
              + harness.count(Counter.PRIMINGS)
              + harness.count(Counter.MARKERS)
              + harness.count(Counter.LATE)
              + harness.count(Counter.REJECTED),
          where);
      assertEquals(0, harness.count(Counter.LATE), where);
    } finally {
      harness.close();
    }

    for (String series : SERIES) {
      try (SequenceHarness alone = SequenceHarness.open(Backend.HEAP, config)) {
        for (Observation observation : input) {
          if (observation.series.equals(series)) {
            alone.observe(copy(observation), observation.position);
          }
        }
        alone.endOfInput();
        assertEquals(alone.eventLines(), eventsTogether.getOrDefault(series, List.of()), where);
        List<Prediction> mine = together.getOrDefault(series, List.of());
        List<Prediction> expected = alone.predictions();
        assertEquals(expected.size(), mine.size(), where);
        for (int i = 0; i < expected.size(); i++) {
          assertEquals(expected.get(i).input(), mine.get(i).input(), where);
          assertEquals(expected.get(i).step, mine.get(i).step, where);
          assertArrayEquals(expected.get(i).output, mine.get(i).output, where);
        }
      }
    }
  }

  static SequenceConfig config(Random random) {
    List<Feature> features =
        IntStream.range(0, 3)
            .mapToObj(i -> new Feature("x" + i, i == 0 ? Transform.diff(1) : Transform.NONE))
            .toList();
    long idle = random.nextInt(4) == 0 ? Boundaries.NO_TIMEOUT : IDLE;
    long maxSteps = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : Boundaries.NO_LIMIT;
    Emit emit = random.nextBoolean() ? Emit.STEP : Emit.END;
    return random.nextInt(3) == 0
        ? TestModels.config(TestModels.rnn(), features, idle, maxSteps, emit)
        : TestModels.config(TestModels.rnn(), idle, maxSteps, emit);
  }

  private static int size(Random random) {
    return List.of(1, 3, 64).get(random.nextInt(3));
  }

  static Observation observation(Random random, Map<String, Long> clock) {
    String series = SERIES[random.nextInt(SERIES.length)];
    long step = random.nextInt(8) == 0 ? 900 + random.nextInt(300) : random.nextInt(200);
    long timestamp = clock.merge(series, 10_000 + step, (old, ignored) -> old + step);
    if (random.nextInt(12) == 0) {
      return Observation.endOf(series, timestamp);
    }
    double[] features = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
    if (random.nextInt(15) == 0) {
      features[random.nextInt(3)] = Double.NaN;
    }
    Observation observation = Observation.of(series, timestamp, features);
    return random.nextInt(10) == 0 ? observation.andEnd() : observation;
  }

  /** One below the lowest timestamp still to come. */
  private static long clockFloor(List<Observation> input, Observation now) {
    long floor = Long.MAX_VALUE - 1;
    for (int i = (int) now.position + 1; i < input.size(); i++) {
      floor = Math.min(floor, input.get(i).timestamp - 1);
    }
    return floor;
  }

  static Observation copy(Observation from) {
    Observation copy = new Observation();
    copy.series = from.series;
    copy.timestamp = from.timestamp;
    copy.features = from.features == null ? null : from.features.clone();
    copy.end = from.end;
    return copy;
  }

  private static void collect(
      SequenceHarness harness,
      Map<String, List<Prediction>> predictions,
      Map<String, List<String>> events) {
    for (Prediction p : harness.predictions()) {
      predictions.computeIfAbsent(p.series, s -> new ArrayList<>()).add(p);
    }
    List<String> lines = harness.eventLines();
    for (int i = 0; i < lines.size(); i++) {
      events
          .computeIfAbsent(harness.events().get(i).series, s -> new ArrayList<>())
          .add(lines.get(i));
    }
  }
}
