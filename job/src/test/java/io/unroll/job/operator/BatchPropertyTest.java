package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batches show in nothing but speed: whatever watermarks, checkpoints and crashes come between the
 * observations of many series, late and rejected ones among them, every series' outputs are to the
 * bit those of batches of one.
 */
final class BatchPropertyTest {
  /** What happens to the operator, one after the other. */
  private sealed interface Event {}

  private record Observed(Observation observation) implements Event {}

  private record Passed(long watermark) implements Event {}

  private record Waited(long millis) implements Event {}

  /** A checkpoint, and whether the job goes on from it in a new operator. */
  private record Checkpoint(boolean restart) implements Event {}

  /** The job goes on from the last checkpoint; what came since comes again. */
  private record Crash() implements Event {}

  private record Result(Map<String, List<String>> series, Map<Counter, Long> counts) {}

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void sizesGiveTheSame(Backend backend) throws Exception {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    int runs = backend == Backend.HEAP ? 60 : 10;
    Map<Counter, Long> all = new TreeMap<>();
    for (int run = 0; run < runs; run++) {
      SequenceConfig config = SequencePropertyTest.config(random);
      List<Event> events = events(random);
      Result alone = play(backend, TestModels.batches(config, 1, 2), events);
      alone.counts().forEach((counter, count) -> all.merge(counter, count, Long::sum));
      for (int size : new int[] {3, 64}) {
        long delay = 1L + random.nextInt(5);
        String where = "run " + run + ", size " + size + ", delay " + delay + ", ";
        Result together = play(backend, TestModels.batches(config, size, delay), events);
        assertEquals(alone.series(), together.series(), where + Seeds.message(seed));
        assertEquals(alone.counts(), together.counts(), where + Seeds.message(seed));
      }
    }
    if (backend == Backend.HEAP) { // fewer runs need not have everything
      for (Counter counter : SequencePropertyTest.REACHED) {
        assertTrue(all.getOrDefault(counter, 0L) > 0, counter + ", " + Seeds.message(seed));
      }
    }
  }

  private static List<Event> events(Random random) {
    List<Event> events = new ArrayList<>();
    Map<String, Long> clock = new HashMap<>();
    int observations = 0;
    long watermark = Long.MIN_VALUE;
    while (observations < 120) {
      switch (random.nextInt(40)) {
        case 0, 1, 2, 3 -> {
          long highest = clock.values().stream().mapToLong(t -> t).max().orElse(10_000);
          watermark = Math.max(watermark, highest - 1000 + random.nextInt(2500));
          events.add(new Passed(watermark));
        }
        case 4, 5, 6, 7 -> events.add(new Waited(1 + random.nextInt(3)));
        case 8 -> events.add(new Checkpoint(random.nextBoolean()));
        case 9 -> events.add(new Crash());
        default ->
            events.add(
                new Observed(
                    SequencePropertyTest.observation(random, clock).at("t/0@", observations++)));
      }
    }
    return events;
  }

  private static Result play(Backend backend, SequenceConfig config, List<Event> events)
      throws Exception {
    Map<String, List<String>> outputs = new TreeMap<>();
    OperatorSubtaskState checkpoint = null;
    int since = 0;
    int crashed = 0; // a crash comes once: its replay runs through
    long wallClock = 0;
    SequenceHarness harness = SequenceHarness.open(backend, config).patient();
    try {
      for (int at = 0; at < events.size(); at++) {
        Event event = events.get(at);
        if (event instanceof Observed observed) {
          harness.observe(
              SequencePropertyTest.copy(observed.observation()), observed.observation().position);
        } else if (event instanceof Passed passed) {
          harness.watermark(passed.watermark());
        } else if (event instanceof Waited waited) {
          wallClock += waited.millis();
          harness.wallClock(wallClock);
        } else if (event instanceof Checkpoint next) {
          checkpoint = harness.snapshot();
          since = at + 1;
          if (next.restart()) {
            collect(harness, outputs);
            harness.close();
            harness = SequenceHarness.restore(backend, config, checkpoint).patient();
            harness.wallClock(wallClock);
          }
        } else if (at >= crashed && checkpoint != null && committed(events, since)) {
          harness.close();
          harness = SequenceHarness.restore(backend, config, checkpoint).patient();
          harness.wallClock(wallClock);
          crashed = at + 1;
          at = since - 1;
        }
      }
      harness.endOfInput();
      collect(harness, outputs);
      Map<Counter, Long> counts = new TreeMap<>();
      for (Counter counter : Counter.values()) {
        counts.put(counter, harness.count(counter));
      }
      assertEquals(
          counts.get(Counter.INPUTS),
          counts.get(Counter.STEPS)
              + counts.get(Counter.PRIMINGS)
              + counts.get(Counter.MARKERS)
              + counts.get(Counter.LATE)
              + counts.get(Counter.REJECTED));
      assertEquals(120, counts.get(Counter.INPUTS));
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
      return new Result(outputs, counts);
    } finally {
      harness.close();
    }
  }

  /** True if what went out before that checkpoint has been collected with it. */
  private static boolean committed(List<Event> events, int since) {
    return events.get(since - 1) instanceof Checkpoint last && last.restart();
  }

  private static void collect(SequenceHarness harness, Map<String, List<String>> outputs) {
    for (Prediction p : harness.predictions()) {
      add(
          outputs,
          p.series,
          p.sequence
              + " "
              + p.kind
              + " "
              + p.step
              + " @"
              + p.timestamp
              + " "
              + p.input()
              + " "
              + bits(p.output));
    }
    List<String> lines = harness.eventLines();
    for (int i = 0; i < lines.size(); i++) {
      add(outputs, harness.events().get(i).series + ", sequences", lines.get(i));
    }
    for (Rejected r : harness.rejected()) {
      add(outputs, r.series + ", rejected", r.input + ": " + r.reason);
    }
    for (Rejected r : harness.late()) {
      add(outputs, r.series + ", late", r.input + ": " + r.reason + " " + r.watermark);
    }
  }

  private static void add(Map<String, List<String>> outputs, String name, String line) {
    outputs.computeIfAbsent(name, n -> new ArrayList<>()).add(line);
  }

  private static String bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return Arrays.toString(bits);
  }
}
