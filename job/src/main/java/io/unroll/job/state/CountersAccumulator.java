package io.unroll.job.state;

import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * Carries the counters of all subtasks to whoever submitted the job. Holds the live counters, so a
 * step costs nothing extra, and a restarted task starts from what it restored.
 */
public final class CountersAccumulator implements Accumulator<Counter, long[]> {
  private static final long serialVersionUID = 1L;

  private Counters counters;

  public CountersAccumulator(Counters counters) {
    this.counters = counters;
  }

  @Override
  public void add(Counter counter) {
    counters.add(counter);
  }

  /** The counts in {@link Counter}'s order. */
  @Override
  public long[] getLocalValue() {
    return counters.toArray();
  }

  @Override
  public void resetLocal() {
    counters = new Counters();
  }

  @Override
  public void merge(Accumulator<Counter, long[]> other) {
    counters.addAll(other.getLocalValue());
  }

  @Override
  public Accumulator<Counter, long[]> clone() {
    Counters copy = new Counters();
    copy.addAll(counters.toArray());
    return new CountersAccumulator(copy);
  }
}
