package io.unroll.local;

import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/**
 * How many records a source has yet to read: the sum of its readers' {@code pendingRecords}, which
 * Kafka's readers take from their consumers (the last committed record of each partition less the
 * consumer's position). Nothing is asked of the broker for it. Other sources have no such metric.
 */
final class Lag implements MetricReporter {
  private static final String METRIC = "pendingRecords";

  private final Set<Gauge<?>> readers = ConcurrentHashMap.newKeySet();

  /** Nothing while no reader knows. */
  OptionalLong records() {
    long sum = 0;
    boolean known = false;
    for (Gauge<?> reader : readers) {
      if (reader.getValue() instanceof Number pending) {
        sum += pending.longValue();
        known = true;
      }
    }
    return known ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (name.equals(METRIC) && metric instanceof Gauge<?> gauge) {
      readers.add(gauge);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    if (metric instanceof Gauge<?> gauge) {
      readers.remove(gauge);
    }
  }

  @Override
  public void open(MetricConfig config) {
    // Has no options.
  }

  @Override
  public void close() {
    readers.clear();
  }
}
