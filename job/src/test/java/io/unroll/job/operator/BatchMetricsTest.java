package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

final class BatchMetricsTest {
  @Test
  void countsRowsAndFlushesByCause() {
    Map<String, Counter> counters = new TreeMap<>();
    BatchMetrics metrics =
        new BatchMetrics(
            new UnregisteredMetricsGroup() {
              @Override
              public Counter counter(String name) {
                return counters.computeIfAbsent(name, n -> super.counter(n));
              }
            });
    metrics.flushed(Flush.SIZE, 64);
    metrics.flushed(Flush.SIZE, 64);
    metrics.flushed(Flush.WATERMARK, 3);

    Map<String, Long> counts = new TreeMap<>();
    counters.forEach((name, counter) -> counts.put(name, counter.getCount()));
    assertEquals(
        Map.of(
            "batch.rows", 131L,
            "batch.flushes.size", 2L,
            "batch.flushes.series", 0L,
            "batch.flushes.delay", 0L,
            "batch.flushes.watermark", 1L,
            "batch.flushes.barrier", 0L,
            "batch.flushes.end", 0L),
        counts);
  }
}
