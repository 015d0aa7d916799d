package io.unroll.job.operator;

import java.util.concurrent.Future;
import java.util.function.IntSupplier;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long the first row of a batch waits, with one standing timer in processing time. A
 * batch that fills up leaves it standing; when it fires and the batch at hand is younger, it moves
 * on to where that one is due. So timers cost something per delay, and nothing per batch.
 *
 * <p>Flink counts whole milliseconds and fires a timer 1 ms after its timestamp, and as far into
 * that millisecond as it was when the timer was set. A timer set with the first row so fires
 * exactly a delay after it. One that moves on is set at another fraction of a millisecond, perhaps
 * a later one: it stands 1 ms earlier, and whatever could be over its delay a millisecond later is
 * flushed.
 */
final class BatchDelay implements ProcessingTimeCallback {
  /** Runs what waits, and starts nothing new. */
  interface Flusher {
    void flush() throws Exception;
  }

  private final ProcessingTimeService clock;
  private final long delayMillis;
  private final IntSupplier waiting;
  private final Flusher flusher;

  /** The timer that stands, or null. Flink's mailbox reports what fails in it. */
  private @Nullable Future<?> standing;

  private long first;

  BatchDelay(ProcessingTimeService clock, long delayMillis, IntSupplier waiting, Flusher flusher) {
    this.clock = clock;
    this.delayMillis = delayMillis;
    this.waiting = waiting;
    this.flusher = flusher;
  }

  /** The batch has got its first row. */
  void start() {
    first = clock.getCurrentProcessingTime();
    if (standing == null) {
      fireAfter(first + delayMillis - 1);
    }
  }

  private void fireAfter(long timestamp) {
    standing = clock.registerTimer(timestamp, this);
  }

  @Override
  public void onProcessingTime(long timestamp) throws Exception {
    standing = null;
    if (waiting.getAsInt() == 0) {
      return;
    }
    long age = Math.max(clock.getCurrentProcessingTime(), timestamp + 1) - first;
    // Below zero the clock has been set back: nothing can be said of the row's age.
    if (age < 0 || age >= delayMillis - 1) {
      flusher.flush();
    } else {
      fireAfter(first + delayMillis - 2);
    }
  }
}
