package io.unroll.bench.report;

import java.util.List;

/**
 * A ratio that a table prints, and what it must reach.
 *
 * @param ratio its name, as scripts know it
 * @param table the table that prints it
 * @param must the bound
 * @param aim what is hoped for
 * @param atMost true where less is better
 */
public record Target(String ratio, String table, double must, double aim, boolean atMost) {

  /** Every ratio that has a bound. */
  public static final List<Target> ALL =
      List.of(
          atLeast("kernel.lstm64.b1", "kernel", 6, 10),
          atLeast("kernel.lstm64.b64", "kernel", 1.35, 1.7),
          atLeast("kernel.lstm256.b64", "kernel", 1.0, 1.15),
          atLeast("kernel.lstm256.b64.limit", "kernel", 0.75, 0.88),
          atLeast("job.heap.lstm64.ceiling", "job", 0.38, 0.5),
          atMost("job.heap.lstm64.overhead", "job", 1.8, 1.3),
          atLeast("job.heap.lstm64.event", "job", 5, 9),
          atLeast("job.heap.lstm64.batched", "job", 1.15, 1.5),
          atLeast("job.rocksdb.lstm64", "job", 0.65, 0.9),
          atLeast("kafka.lstm64", "kafka", 0.85, 0.95),
          atLeast("series.1m", "series", 0.40, 0.6),
          atMost("series.bytes", "series", 1.25, 1.1),
          atMost("series.p99ms", "series", 15, 5),
          atMost("series.p99ms.rocksdb", "series", 50, 15));

  /** The ratio of that name. */
  public static Target of(String ratio) {
    return ALL.stream()
        .filter(target -> target.ratio.equals(ratio))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no ratio '" + ratio + "'"));
  }

  /** Whether a value is as good as the bound. */
  public boolean reached(double value) {
    return atMost ? value <= must : value >= must;
  }

  private static Target atLeast(String ratio, String table, double must, double aim) {
    return new Target(ratio, table, must, aim, false);
  }

  private static Target atMost(String ratio, String table, double must, double aim) {
    return new Target(ratio, table, must, aim, true);
  }
}
