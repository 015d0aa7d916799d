package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Rejected;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.RandomStory.Event;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.job.state.EvaluationSums;
import io.unroll.model.Draws;
import io.unroll.model.Seeds;
import io.unroll.model.kernel.TestKernel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The operator against {@link ReferenceSeries} in any {@link RandomStory}: every output is the same
 * to the bit, in order within a series; every input is counted once; nothing is left.
 *
 * <p>{@code -Druns=100000} makes that many runs on the heap and a tenth on RocksDB. All stories
 * that must have everything between them are told under {@code -Pthorough}.
 */
final class SequenceReferenceTest {
  private static final int[] PARALLELISM = {1, 3, 2};
  private static final List<Integer> SIZES = List.of(1, 3, 64);

  /** What a hundred stories have. */
  private static final Set<Counter> OFTEN = EnumSet.range(Counter.INPUTS, Counter.PREDICTIONS);

  private final Map<Counter, Long> reached = new EnumMap<>(Counter.class);
  private int prompt;

  private interface Check {
    void of(Random random) throws Exception;
  }

  /** So many, each by a seed of its own. */
  private static void repeat(Backend backend, int runs, Check check) {
    long seed = Seeds.seed();
    Random seeds = new Random(seed);
    for (int run = 0; run < runs; run++) {
      long mine = run == 0 ? seed : seeds.nextLong(); // a failed run's seed repeats it first
      try {
        check.of(new Random(mine));
      } catch (AssertionError | Exception e) {
        throw new AssertionError("run " + run + " on " + backend + ", " + Seeds.message(mine), e);
      }
    }
  }

  private static int runs(Backend backend, int usual, int thorough) {
    int given = Integer.getInteger("runs", 0);
    return given > 0 && backend != Backend.HEAP ? given / 10 : Draws.of(usual, thorough);
  }

  private void assertReached(Collection<Counter> counters) {
    for (Counter counter : counters) {
      assertTrue(reached.getOrDefault(counter, 0L) > 0, counter + " never");
    }
  }

  @ParameterizedTest
  @CsvSource({"HEAP, 150, 2000", "ROCKSDB, 4, 30", "ROCKSDB_CRAMPED, 3, 20"})
  void everySeriesGivesWhatItsRulesSay(Backend backend, int usual, int thorough) {
    int runs = runs(backend, usual, thorough);
    repeat(
        backend,
        runs,
        random -> {
          RandomStory story = RandomStory.of(random).on(TestKernel.NAME);
          Expected expected = Expected.of(story);
          int size = SIZES.get(random.nextInt(SIZES.size()));
          play(backend, expected, size, 1L + random.nextInt(5));
          if (story.isPrompt()) {
            expected.assertSame(Expected.withoutWatermarks(story));
            prompt++;
          }
        });
    if (runs >= 1000) { // fewer need not have everything
      Set<Counter> all = EnumSet.allOf(Counter.class);
      all.remove(Counter.SKIPPED); // the source's: such a record never comes to the operator
      all.remove(Counter.HELD_BACK);
      all.remove(Counter.DECODES_CUT); // DecoderStreamTest
      assertReached(all);
      assertTrue(prompt > 0, "none in which nothing comes behind a watermark");
    } else if (runs >= 100) {
      assertReached(OFTEN);
    }
  }

  /** Also in why records are rejected or late, and in all counts. */
  @ParameterizedTest
  @CsvSource({"HEAP, 12, 50", "ROCKSDB, 1, 4"})
  void batchesShowInNothing(Backend backend, int usual, int thorough) {
    int runs = runs(backend, usual, thorough);
    repeat(
        backend,
        runs,
        random -> {
          Expected expected = Expected.of(RandomStory.of(random).on(TestKernel.NAME));
          Played alone = play(backend, expected, 1, 2);
          for (int size : List.of(3, 64)) {
            long delay = 1L + random.nextInt(5);
            Played together = play(backend, expected, size, delay);
            String where = "size " + size + ", delay " + delay;
            assertEquals(alone.reasons(), together.reasons(), where);
            assertEquals(alone.counts(), together.counts(), where);
          }
        });
    if (runs >= 100) {
      assertReached(OFTEN);
    }
  }

  /**
   * What the rules say.
   *
   * @param heldBack how many observations wait after each event
   */
  private record Expected(
      RandomStory story, Map<String, ReferenceSeries> series, List<Integer> heldBack) {
    static Expected of(RandomStory story) {
      return of(story, true);
    }

    /** The clock stands until the end. */
    static Expected withoutWatermarks(RandomStory story) {
      return of(story, false);
    }

    private static Expected of(RandomStory story, boolean watermarks) {
      Map<String, ReferenceSeries> series = new TreeMap<>();
      RandomStory.SERIES.forEach(name -> series.put(name, new ReferenceSeries(story.config())));
      List<Integer> heldBack = new ArrayList<>();
      for (Event event : story.events()) {
        if (event instanceof RandomStory.Observe observe) {
          series.get(observe.observation().series).observe(observe.copy());
        } else if (event instanceof RandomStory.Watermark watermark && watermarks) {
          series.values().forEach(one -> one.watermark(watermark.timestamp()));
        }
        heldBack.add(series.values().stream().mapToInt(ReferenceSeries::heldBack).sum());
      }
      series.values().forEach(one -> one.watermark(Long.MAX_VALUE));
      return new Expected(story, series, heldBack);
    }

    /** Where nothing comes behind a watermark, it does not matter when watermarks come. */
    void assertSame(Expected other) {
      series.forEach(
          (name, mine) -> {
            ReferenceSeries its = other.series.get(name);
            assertEquals(its.events, mine.events, name);
            assertEquals(its.predictions, mine.predictions, name);
            assertEquals(its.rejected, mine.rejected, name);
            assertEquals(its.late, mine.late, name);
            assertEquals(its.evaluations, mine.evaluations, name);
            assertEquals(its.unmatched, mine.unmatched, name);
            assertEquals(List.of(), mine.late, name);
          });
    }

    void check(Fleet fleet) {
      series.forEach(
          (name, mine) -> {
            assertEquals(mine.events, fleet.events.getOrDefault(name, List.of()), name);
            assertEquals(mine.predictions, fleet.predictions.getOrDefault(name, List.of()), name);
            assertEquals(mine.rejected, inputs(fleet.rejected, name), name);
            assertEquals(mine.late, inputs(fleet.late, name), name);
            assertEquals(mine.evaluations, fleet.evaluations.getOrDefault(name, List.of()), name);
          });
      assertEquals(
          series.values().stream().mapToDouble(one -> one.unmatched).sum(),
          fleet.sum(EvaluationSums.Sum.UNMATCHED));
      assertEquals(
          series.values().stream().mapToDouble(one -> one.evaluations.size()).sum(),
          fleet.sum(EvaluationSums.Sum.COUNT));
    }

    private static List<String> inputs(Map<String, List<Rejected>> records, String name) {
      return records.getOrDefault(name, List.of()).stream().map(record -> record.input).toList();
    }

    /** Rule 10, and what counts outputs. */
    void check(Map<Counter, Long> counts) {
      assertEquals(story.inputs(), counts.get(Counter.INPUTS));
      assertEquals(0, counts.get(Counter.HELD_BACK));
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
            series.values().stream().mapToLong(s -> s.fates.getOrDefault(entry.getKey(), 0)).sum();
        assertEquals(mine, counts.get(entry.getValue()), entry.getKey().toString());
        sum += mine;
      }
      assertEquals(story.inputs(), sum, "inputs = steps + primings + markers + late + rejected");
      assertEquals(
          series.values().stream().mapToLong(one -> one.filled).sum(), counts.get(Counter.FILLED));
      assertEquals(
          series.values().stream().mapToLong(one -> one.predictions.size()).sum(),
          counts.get(Counter.PREDICTIONS));
      assertEquals(events("opened "), counts.get(Counter.OPENED));
      for (Counter counter : Counter.values()) {
        String closed = "closed.";
        if (counter.label().startsWith(closed)) {
          String reason = " " + counter.label().substring(closed.length()) + " steps ";
          assertEquals(events(reason), counts.get(counter), counter.label());
        }
      }
    }

    private long events(String part) {
      return series.values().stream()
          .flatMap(one -> one.events.stream())
          .filter(line -> line.contains(part))
          .count();
    }
  }

  /** Why records of each series were rejected or late, and all counts. */
  private record Played(Map<String, List<String>> reasons, Map<Counter, Long> counts) {}

  /** Gives what is expected, whatever the batches. */
  private Played play(Backend backend, Expected expected, int size, long delay) throws Exception {
    List<Event> events = expected.story().events();
    SequenceConfig config = TestModels.batches(expected.story().config(), size, delay);
    int since = 0; // the last checkpoint
    int crashed = 0; // a crash comes once: what comes again runs through
    try (Fleet fleet = new Fleet(backend, config, PARALLELISM)) {
      for (int i = 0; i < events.size(); i++) {
        Event event = events.get(i);
        if (event instanceof RandomStory.Observe observe) {
          fleet.observe(observe.copy());
        } else if (event instanceof RandomStory.Watermark watermark) {
          fleet.watermark(watermark.timestamp());
        } else if (event instanceof RandomStory.Pass pass) {
          fleet.pass(pass.millis());
        } else if (event instanceof RandomStory.Checkpoint checkpoint) {
          int held = expected.heldBack().get(i);
          assertEquals(held, fleet.count(Counter.HELD_BACK), "held back");
          if (checkpoint.restart()) {
            fleet.restart();
          } else {
            fleet.checkpoint();
          }
          since = i + 1;
        } else if (event instanceof RandomStory.Crash && i >= crashed) {
          fleet.crash();
          crashed = i + 1;
          i = since - 1;
        }
      }
      fleet.watermark(Long.MAX_VALUE);
      fleet.collect();
      expected.check(fleet);
      Map<Counter, Long> counts = new EnumMap<>(Counter.class);
      for (Counter counter : Counter.values()) {
        counts.put(counter, fleet.count(counter));
        reached.merge(counter, fleet.count(counter), Long::sum);
      }
      expected.check(counts);
      assertEquals(0, fleet.sequences(), "values in state");
      assertEquals(0, fleet.timers(), "timers");
      return new Played(reasons(fleet), counts);
    }
  }

  private static Map<String, List<String>> reasons(Fleet fleet) {
    Map<String, List<String>> reasons = new TreeMap<>();
    fleet.rejected.forEach((name, records) -> reasons.put(name + " rejected", reasons(records)));
    fleet.late.forEach((name, records) -> reasons.put(name + " late", reasons(records)));
    return reasons;
  }

  private static List<String> reasons(List<Rejected> records) {
    return records.stream().map(r -> r.input + ": " + r.reason + " " + r.watermark).toList();
  }
}
