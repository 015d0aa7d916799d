package io.unroll.bench.stream;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Waits for what a job should do soon.
 *
 * @param limit after which it gives up
 * @param sleep between two looks; fails when the job does
 */
record Waiting(Duration limit, Sleep sleep) {
  interface Sleep {
    void sleep(Duration duration) throws Exception;
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * Returns as soon as the condition holds.
   *
   * @param glance between two looks
   * @param found what there is instead, for the message
   * @throws IllegalStateException when it still does not hold after the limit
   */
  void until(Condition condition, Duration glance, Supplier<String> found) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("after " + limit + ": " + found.get());
      }
      sleep.sleep(glance);
    }
  }
}
