package io.unroll.job.life;

import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import java.io.Serializable;

/**
 * How fast the operator does what it does; never what it does.
 *
 * @param kernel the arithmetic, by its name in {@link Kernels}: chosen where the job is submitted,
 *     so that every slot runs the same
 * @param batchSize the most series that advance together; 1 for each observation at once
 * @param batchDelayMillis how long an observation waits for others at most
 * @param cacheBytes room for live series in front of a state backend that is not on the heap, per
 *     slot; 0 for none
 */
public record Tuning(String kernel, int batchSize, long batchDelayMillis, long cacheBytes)
    implements Serializable {
  /** {@link #batchSize} where nobody says otherwise. */
  public static final int BATCH_SIZE = 64;

  /** {@link #batchDelayMillis} where nobody says otherwise. */
  public static final long BATCH_DELAY_MILLIS = 2;

  /** {@link #cacheBytes} where nobody says otherwise. */
  public static final long CACHE_BYTES = 64L << 20;

  /** The most rows of a batch: above it nothing is won, and the workspace only grows. */
  public static final int LARGEST_BATCH = 1024;

  public Tuning {
    if (batchSize < 1 || batchSize > LARGEST_BATCH) {
      throw new IllegalArgumentException(
          "batch: found a size of " + batchSize + ", expected 1 to " + LARGEST_BATCH);
    }
    if (batchDelayMillis < 1) {
      throw new IllegalArgumentException(
          "batch: found a delay of " + batchDelayMillis + " ms, expected at least 1");
    }
    if (cacheBytes < 0) {
      throw new IllegalArgumentException(
          "cache: found " + cacheBytes + " bytes, expected 0 or more");
    }
  }

  /** Rows that a batch has room for: fewer than asked for where the model's state is wide. */
  public int rows(RecurrentModel model) {
    return Advance.rows(model, batchSize);
  }

  /** The fastest kernel of this JVM, and the sizes above. */
  public static Tuning best() {
    return new Tuning(Kernels.best().name(), BATCH_SIZE, BATCH_DELAY_MILLIS, CACHE_BYTES);
  }

  /** The same with another kernel. */
  public Tuning withKernel(String name) {
    return new Tuning(name, batchSize, batchDelayMillis, cacheBytes);
  }

  /** The same in other batches. */
  public Tuning withBatch(int size, long delayMillis) {
    return new Tuning(kernel, size, delayMillis, cacheBytes);
  }

  /** The same with another cache. */
  public Tuning withCache(long bytes) {
    return new Tuning(kernel, batchSize, batchDelayMillis, bytes);
  }
}
