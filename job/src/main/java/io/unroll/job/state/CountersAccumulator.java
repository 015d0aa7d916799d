package io.unroll.job.state;

import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * Carries the counters of all subtasks to whoever submitted the job. Holds the live counters, so a
 * step costs nothing extra, and a restarted task starts from what it restored.
 */
public final class CountersAccumulator implements Accumulator<Counter, Counters> {
  private static final long serialVersionUID = 1L;

  private Counters counters;

  public CountersAccumulator(Counters counters) {
    this.counters = counters;
  }

  @Override
  public void add(Counter counter) {
    counters.add(counter);
  }

  /** A copy. Flink's REST interface shows it as text. */
  @Override
  public Counters getLocalValue() {
    Counters copy = new Counters();
    copy.addAll(counters.toArray());
    return copy;
  }

  @Override
  public void resetLocal() {
    counters = new Counters();
  }

  @Override
  public void merge(Accumulator<Counter, Counters> other) {
    counters.addAll(other.getLocalValue().toArray());
  }

  @Override
  public Accumulator<Counter, Counters> clone() {
    return new CountersAccumulator(getLocalValue());
  }
}
