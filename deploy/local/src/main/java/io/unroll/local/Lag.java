package io.unroll.local;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * How many records a source has yet to read: the sum of its readers' {@code pendingRecords}, which
 * Kafka's readers take from their consumers (the last committed record of each partition less the
 * consumer's position). Nothing is asked of the broker for it. Other sources have no such metric.
 */
final class Lag implements MetricReporter {
  private static final String METRIC = "pendingRecords";

  private static final String OPERATOR = ScopeFormat.SCOPE_OPERATOR_NAME;

  /** Each with the name of its operator. */
  private final Map<Gauge<?>, String> readers = new ConcurrentHashMap<>();

  /** Of one pipeline; nothing while no reader of it knows. */
  OptionalLong records(String pipeline) {
    String source = "Source: " + pipeline + ": source";
    long sum = 0;
    boolean known = false;
    for (Map.Entry<Gauge<?>, String> reader : readers.entrySet()) {
      if (reader.getValue().equals(source)
          && reader.getKey().getValue() instanceof Number pending) {
        sum += pending.longValue();
        known = true;
      }
    }
    return known ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (name.equals(METRIC) && metric instanceof Gauge<?> gauge) {
      readers.put(gauge, group.getAllVariables().getOrDefault(OPERATOR, ""));
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
