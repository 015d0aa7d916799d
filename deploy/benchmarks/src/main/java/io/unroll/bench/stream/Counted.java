package io.unroll.bench.stream;

import java.time.Duration;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Counts the records of a stream on their way, for jobs with a sink of their own. */
public final class Counted {
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Counted() {}

  /** The same stream. */
  public static <T> DataStream<T> each(DataStream<T> stream) {
    return stream.map(new Count<>(), stream.getType()).name("count").uid("count");
  }

  private static final class Count<T> implements MapFunction<T, T> {
    private static final long serialVersionUID = 1L;

    @Override
    public T map(T record) {
      Probe.count();
      return record;
    }
  }

  /**
   * Records a second in a window after a warm-up from the first record on. The window ends early
   * with the input.
   *
   * @param records that there are
   * @throws IllegalStateException when they end before half the window has passed
   */
  public static double rate(LocalFlink flink, double warmSeconds, double seconds, long records)
      throws Exception {
    long waiting = System.nanoTime() + PATIENCE.toNanos();
    while (Probe.out() == 0) {
      if (System.nanoTime() > waiting) {
        throw new IllegalStateException("no record after " + PATIENCE);
      }
      flink.sleep(GLANCE);
    }
    flink.sleep(Duration.ofNanos(Math.round(warmSeconds * 1e9)));
    long before = Probe.out();
    long start = System.nanoTime();
    double passed = 0;
    long out = before;
    while (passed < seconds && out < records) {
      flink.sleep(GLANCE);
      out = Probe.out();
      passed = (System.nanoTime() - start) / 1e9;
    }
    if (passed < seconds / 2) {
      throw new IllegalStateException(
          "the input of %d records ended %.1f s after the warm-up, expected at least half of %.1f s"
              .formatted(records, passed, seconds));
    }
    return (out - before) / passed;
  }
}
