package io.unroll.job.life;

/** The clocks, and the timers of the series that is current in Flink's key context. */
public interface SeriesTimers {
  /** The watermark, epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
  long watermark();

  /** The wall clock, epoch milliseconds. */
  long now();

  /** Fires when the watermark is there. */
  void register(long timestamp);

  void delete(long timestamp);

  /** Fires when the wall clock is there. */
  void registerAlarm(long timestamp);

  void deleteAlarm(long timestamp);
}
