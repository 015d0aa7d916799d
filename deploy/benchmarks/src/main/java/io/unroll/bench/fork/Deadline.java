package io.unroll.bench.fork;

import java.nio.file.Path;
import java.time.Duration;

/** Ends a fork that takes too long: a JVM that hangs would keep the others waiting for ever. */
final class Deadline implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Duration after;
  private final Thread watch;
  private volatile boolean passed;

  /**
   * Starts to count.
   *
   * @param kill what is done then, and every second from then on: JMH may start its fork late
   */
  Deadline(Duration after, Runnable kill) {
    this.after = after;
    watch = new Thread(() -> watch(kill), "deadline");
    watch.setDaemon(true);
    watch.start();
  }

  private void watch(Runnable kill) {
    try {
      Thread.sleep(after.toMillis());
      while (true) {
        passed = true;
        kill.run();
        Thread.sleep(AGAIN.toMillis());
      }
    } catch (InterruptedException e) {
      // closed: in time, or dead
    }
  }

  boolean passed() {
    return passed;
  }

  /** What is said of a fork that was killed. */
  MeasurementException missed(String what, Path log) {
    return new MeasurementException(
        what + ": no result after " + after.toSeconds() + " s, killed, see " + log);
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
