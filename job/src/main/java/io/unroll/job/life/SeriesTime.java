package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What time does to a series: it closes, releases what is held back, or forgets. */
final class SeriesTime {
  private final Boundaries boundaries;
  private final SeriesTimers timers;
  private final SeriesAlarm alarm;
  private final SeriesRecords records;
  private final SeriesValue value;
  private final Closing close;
  private final @Nullable HeldBack heldBack;
  private final Counters counters;

  /**
   * @param heldBack of the series; null where observations step as they come
   */
  SeriesTime(
      Boundaries boundaries,
      SeriesTimers timers,
      SeriesAlarm alarm,
      SeriesRecords records,
      SeriesValue value,
      Closing close,
      @Nullable HeldBack heldBack,
      Counters counters) {
    this.boundaries = boundaries;
    this.timers = timers;
    this.alarm = alarm;
    this.records = records;
    this.value = value;
    this.close = close;
    this.heldBack = heldBack;
    this.counters = counters;
  }

  /**
   * Moves the timer of a series to where this job's limits want it.
   *
   * @return true if it stood elsewhere: the value has changed
   */
  boolean rearm(SequenceState kept) {
    return alarm.move(kept);
  }

  /**
   * The watermark has reached the timer of a series: it closes the sequence, releases observations
   * that were held back, or moves on to where it is due.
   *
   * @return what is to be observed now, in this order; then {@link #afterRelease} is owed
   */
  List<Observation> onTimer(String series, long timestamp) throws Exception {
    SequenceState kept = value.get(series);
    if (kept == null || kept.timer != timestamp) {
      throw new IllegalStateException(
          "series '" + series + "': a timer at " + timestamp + " has no sequence");
    }
    kept.timer = SequenceState.NONE;
    if (heldBack != null && kept.heldFrom != SequenceState.NEVER && kept.heldFrom <= timestamp) {
      return release(heldBack, kept);
    }
    if (!kept.open && alarm.forgottenAt(kept) <= timestamp) {
      records.forget(kept);
      value.removeSequence(kept);
    } else if (kept.open && alarm.due(kept) <= timestamp) {
      close.byTime(series, kept, alarm.reason(kept), () -> value.removeSequence(kept));
    } else if (!kept.open) { // of a job that remembered more
      value.removeSequence(kept);
    } else {
      value.store(kept);
    }
    return List.of();
  }

  private List<Observation> release(HeldBack heldBack, SequenceState kept) throws Exception {
    List<Observation> released = heldBack.take(kept, timers.watermark());
    counters.add(Counter.HELD_BACK, -released.size());
    value.storeWithoutTimer(kept);
    return released;
  }

  /** What was released has had its turn: the timer that {@link #onTimer} owed is set. */
  void afterRelease(String series) throws Exception {
    SequenceState kept = value.get(series);
    if (kept != null && kept.timer == SequenceState.NONE) {
      value.keep(kept);
    }
  }

  /** The wall clock has reached the alarm of a series. */
  void onAlarm(String series, long timestamp) throws Exception {
    SequenceState kept = value.get(series);
    if (kept == null || kept.alarm != timestamp) {
      return; // closed by a row that had to run before
    }
    kept.alarm = SequenceState.NONE;
    if (kept.open && boundaries.due(kept) <= timestamp) {
      close.byTime(series, kept, boundaries.reason(kept), () -> value.removeSequence(kept));
    } else {
      value.store(kept);
    }
  }
}
