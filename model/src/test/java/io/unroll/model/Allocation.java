package io.unroll.model;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What the calling thread allocates in some work once that is warm. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The JIT compiles beside the tests, and on a busy machine long after them. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private Allocation() {}

  /**
   * Repeats the work until a run allocates at most {@code enough} bytes, or patience is at its end.
   * The first runs load classes, and vectors are objects until the JIT has compiled what makes
   * them.
   *
   * @return the fewest bytes of a run
   */
  public static long warm(long enough, Runnable work) {
    long thread = Thread.currentThread().getId();
    long start = System.nanoTime();
    long least = Long.MAX_VALUE;
    do {
      long before = THREADS.getThreadAllocatedBytes(thread);
      work.run();
      least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
    } while (least > enough && System.nanoTime() - start < PATIENCE_NANOS);
    return least;
  }
}
