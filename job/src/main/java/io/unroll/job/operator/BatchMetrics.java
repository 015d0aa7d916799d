package io.unroll.job.operator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** How well batches fill, since the operator opened: rows, and flushes by their cause. */
final class BatchMetrics {
  private final Counter rows;
  private final Map<Flush, Counter> flushes = new EnumMap<>(Flush.class);

  BatchMetrics(MetricGroup group) {
    rows = group.counter("batch.rows");
    for (Flush cause : Flush.values()) {
      flushes.put(cause, group.counter("batch.flushes." + cause.label()));
    }
  }

  void flushed(Flush cause, int count) {
    rows.inc(count);
    counter(cause).inc();
  }

  /** Rows that advanced. */
  long rows() {
    return rows.getCount();
  }

  /** Batches that ran for that cause. */
  long flushes(Flush cause) {
    return counter(cause).getCount();
  }

  private Counter counter(Flush cause) {
    return Objects.requireNonNull(flushes.get(cause));
  }
}
