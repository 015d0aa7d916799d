package io.unroll.local;

import io.unroll.job.state.Counter;
import java.util.Map;

/** The counters of a run, as its tasks last reported them. */
final class Counts {
  private final long[] readings;
  private final long[] sequences;

  private Counts(long[] readings, long[] sequences) {
    this.readings = readings;
    this.sequences = sequences;
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
        (long[]) accumulators.getOrDefault("sequences", none));
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
}
