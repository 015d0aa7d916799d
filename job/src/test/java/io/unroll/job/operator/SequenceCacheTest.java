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
import io.unroll.model.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.junit.jupiter.api.Test;

/** Whatever is in front of a state backend, outputs and savepoints are the same. */
final class SequenceCacheTest {
  private static final long IDLE = 1000;

  /** Random interleavings with ends, gaps, bad values, watermarks and restarts. */
  @Test
  void everyStoreGivesTheSameOutputsAndTheSameSavepoints() throws Exception {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int run = 0; run < 6; run++) {
      String where = "run " + run + ", " + Seeds.message(seed);
      long actions = random.nextLong();
      SequenceConfig config =
          TestModels.config(
              TestModels.rnn(),
              random.nextInt(4) == 0 ? Boundaries.NO_TIMEOUT : IDLE,
              random.nextInt(3) == 0 ? 1 + random.nextInt(5) : Boundaries.NO_LIMIT,
              random.nextBoolean() ? Emit.STEP : Emit.END);
      Map<Backend, Story> stories = new EnumMap<>(Backend.class);
      for (Backend backend : Backend.values()) {
        stories.put(backend, Story.of(backend, config, new Random(actions)));
      }
      Story direct = stories.get(Backend.ROCKSDB_DIRECT);
      stories.forEach((backend, story) -> direct.assertSame(story, where + ", " + backend));
    }
  }

  /** Savepoints move between all stores, and the series go on as if nothing had been. */
  @Test
  void aSavepointOfOneStoreIsRestoredByEveryOther() throws Exception {
    SequenceConfig config =
        TestModels.config(TestModels.rnn(), IDLE, Boundaries.NO_LIMIT, Emit.STEP);
    for (Backend from : Backend.values()) {
      OperatorSubtaskState savepoint;
      try (SequenceHarness before = SequenceHarness.open(from, config)) {
        before.observe(at("A", 5000), 0);
        before.observe(at("B", 5100).andEnd(), 1);
        before.observe(at("C", 5200), 2);
        before.watermark(4999);
        savepoint = before.savepoint();
      }
      for (Backend to : Backend.values()) {
        try (SequenceHarness after = SequenceHarness.restore(to, config, savepoint)) {
          String where = from + " to " + to;
          assertEquals(2, after.sequences(), where);
          assertEquals(2, after.timers(), where);
          after.observe(at("A", 5300), 3);
          assertEquals(1, after.predictions().get(0).step, where);
          assertArrayEquals(
              TestModels.alone(TestModels.rnn(), at("A", 5000).features, at("A", 5300).features)[1],
              after.predictions().get(0).output,
              where);
          after.watermark(6300);
          assertEquals(
              List.of(
                  "closed C/5200 idle steps 1 5200..5200 @6200 t/0@2",
                  "closed A/5000 idle steps 2 5000..5300 @6300 t/0@3"),
              after.eventLines(),
              where);
          assertEquals(0, after.sequences(), where);
        }
      }
    }
  }

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.3, timestamp % 5 * 0.1, -0.4);
  }

  /** What a run of random actions said, and the savepoints it took. */
  private record Story(List<String> lines, List<byte[]> savepoints) {
    static Story of(Backend backend, SequenceConfig config, Random random) throws Exception {
      Story story = new Story(new ArrayList<>(), new ArrayList<>());
      SequenceHarness harness = SequenceHarness.open(backend, config);
      try {
        long clock = 10_000;
        for (int i = 0; i < 150; i++) {
          clock += random.nextInt(12) == 0 ? 1100 : random.nextInt(60);
          harness.observe(observation(random, clock), i);
          if (random.nextInt(5) == 0) {
            harness.watermark(clock - 200);
          }
          if (random.nextInt(25) == 0) {
            OperatorSubtaskState savepoint = harness.savepoint();
            story.take(harness);
            if (!backend.onHeap()) { // which names its states in no particular order
              story.savepoints.add(keyed(savepoint));
            }
            if (random.nextBoolean()) {
              harness.close();
              harness = SequenceHarness.restore(backend, config, savepoint);
            } else {
              story.forget();
            }
          }
        }
        harness.endOfInput();
        assertEquals(0, harness.sequences());
        story.take(harness);
        return story;
      } finally {
        harness.close();
      }
    }

    /** By series: what closes at one watermark comes in another order on the heap. */
    private void take(SequenceHarness harness) {
      Map<String, List<String>> bySeries = new TreeMap<>();
      List<String> events = harness.eventLines();
      for (int i = 0; i < events.size(); i++) {
        bySeries
            .computeIfAbsent(harness.events().get(i).series, s -> new ArrayList<>())
            .add(events.get(i));
      }
      List<String> predictions = harness.predictionLines();
      for (int i = 0; i < predictions.size(); i++) {
        Prediction prediction = harness.predictions().get(i);
        bySeries
            .computeIfAbsent(prediction.series, s -> new ArrayList<>())
            .add(predictions.get(i) + " " + Arrays.toString(prediction.output));
      }
      bySeries.values().forEach(lines::addAll);
      lines.addAll(harness.rejectedLines());
    }

    /** The harness goes on and will say all this again. */
    private void forget() {
      lines.add("savepoint");
    }

    private static Observation observation(Random random, long timestamp) {
      String series = "S" + random.nextInt(6);
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

    void assertSame(Story other, String where) {
      assertEquals(lines, other.lines, where);
      for (int i = 0; i < other.savepoints.size(); i++) {
        assertArrayEquals(savepoints.get(i), other.savepoints.get(i), where + ", savepoint " + i);
      }
    }

    private static byte[] keyed(OperatorSubtaskState savepoint) throws IOException {
      List<byte[]> all = new ArrayList<>();
      for (KeyedStateHandle handle : savepoint.getManagedKeyedState()) {
        try (InputStream in = ((KeyGroupsStateHandle) handle).openInputStream()) {
          all.add(in.readAllBytes());
        }
      }
      assertEquals(1, all.size());
      assertTrue(all.get(0).length > 0);
      return all.get(0);
    }
  }
}
