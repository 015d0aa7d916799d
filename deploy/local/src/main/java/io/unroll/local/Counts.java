package io.unroll.local;

import io.unroll.job.state.Counter;
import java.util.Map;
import java.util.TreeMap;

/** The counters of a run, as its tasks last reported them. */
final class Counts {
  /** In front of the name of an output that goes to a topic. */
  private static final String UNWRITABLE = "unwritable.";

  private final long[] readings;
  private final long[] sequences;

  private final Map<String, Long> unwritable;

  private Counts(long[] readings, long[] sequences, Map<String, Long> unwritable) {
    this.readings = readings;
    this.sequences = sequences;
    this.unwritable = unwritable;
  }

  /** Whether both the source's and the operator's tasks have reported: else it looks like less. */
  static boolean areIn(Map<String, Object> accumulators) {
    return accumulators.containsKey("readings") && accumulators.containsKey("sequences");
  }

  /** From a job's accumulators; a task that has not reported yet counts nothing. */
  static Counts of(Map<String, Object> accumulators) {
    long[] none = new long[Counter.values().length];
    return new Counts(
        (long[]) accumulators.getOrDefault("readings", none),
        (long[]) accumulators.getOrDefault("sequences", none),
        unwritable(accumulators));
  }

  private static Map<String, Long> unwritable(Map<String, Object> accumulators) {
    Map<String, Long> unwritable = new TreeMap<>();
    accumulators.forEach(
        (name, value) -> {
          if (name.startsWith(UNWRITABLE) && value instanceof Long number && number > 0) {
            unwritable.put(name.substring(UNWRITABLE.length()), number);
          }
        });
    return unwritable;
  }

  /** Counts of what the source read. */
  long readings(Counter counter) {
    return readings[counter.index()];
  }

  /** Counts of the operator. */
  long sequences(Counter counter) {
    return sequences[counter.index()];
  }

  /** Records rejected while reading or stepping. */
  long rejected() {
    return readings(Counter.REJECTED) + sequences(Counter.REJECTED);
  }

  /** How many records of each output its topic could not take; outputs with none are left out. */
  Map<String, Long> unwritable() {
    return unwritable;
  }
}
