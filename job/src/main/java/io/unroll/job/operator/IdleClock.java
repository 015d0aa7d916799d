package io.unroll.job.operator;

import java.util.concurrent.Future;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/**
 * Lets the event clock run on with the wall clock while every partition is silent: the watermark
 * advances from where it stood by the time that has passed since.
 */
final class IdleClock implements ProcessingTimeCallback {
  /** How often it advances, as Flink's sources do. */
  static final long EVERY_MILLIS = 200;

  /** Takes the watermark. */
  interface Advancer {
    void advance(long watermark) throws Exception;
  }

  private final ProcessingTimeService wallClock;
  private final Advancer advancer;
  private boolean running;

  /** The timer that stands, or null. Flink's mailbox reports what fails in it. */
  private @Nullable Future<?> standing;

  private long since;
  private long from;

  IdleClock(ProcessingTimeService wallClock, Advancer advancer) {
    this.wallClock = wallClock;
    this.advancer = advancer;
  }

  /**
   * Every partition has fallen silent.
   *
   * @param watermark where the clock stands; {@link Long#MIN_VALUE} where it has not begun, which
   *     nothing can be added to
   */
  void start(long watermark) {
    running = watermark != Long.MIN_VALUE;
    since = wallClock.getCurrentProcessingTime();
    from = watermark;
    if (running && standing == null) {
      next();
    }
  }

  /** One of them speaks again. */
  void stop() {
    running = false;
  }

  private void next() {
    standing = wallClock.registerTimer(wallClock.getCurrentProcessingTime() + EVERY_MILLIS, this);
  }

  @Override
  public void onProcessingTime(long timestamp) throws Exception {
    standing = null;
    if (running) {
      long passed = wallClock.getCurrentProcessingTime() - since;
      if (passed > 0) { // or the clock has been set back
        advancer.advance(from + passed);
      }
      next();
    }
  }
}
