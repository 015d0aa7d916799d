package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the timers of a series. One stands in event time, at the earliest of what can happen to the
 * series then, at the end of time if nothing can; it may stand early, since it is moved on when it
 * fires, and never late. Where the wall clock closes sequences another one stands there likewise.
 */
final class SeriesAlarm {
  private final Boundaries boundaries;
  private final boolean byArrival;
  private final Expiry expiry;
  private final SeriesTimers timers;

  SeriesAlarm(Boundaries boundaries, @Nullable SeriesMemory memory, SeriesTimers timers) {
    this.expiry = Expiry.of(memory);
    this.boundaries = boundaries;
    this.byArrival = boundaries.clock() == SequenceClock.PROCESSING;
    this.timers = timers;
  }

  /**
   * When the watermark closes what is open, epoch milliseconds: the wall clock's limits are no
   * such.
   */
  long due(SequenceState kept) {
    return !kept.open || byArrival ? Long.MAX_VALUE : boundaries.due(kept);
  }

  /** Why {@link #due} does. */
  CloseReason reason(SequenceState open) {
    return byArrival ? CloseReason.END_OF_INPUT : boundaries.reason(open);
  }

  private long wanted(SequenceState kept) {
    return Math.min(kept.open ? due(kept) : forgottenAt(kept), kept.heldFrom);
  }

  /** When what is remembered of a series without an open sequence is forgotten. */
  long forgottenAt(SequenceState kept) {
    return expiry.forgottenAt(kept);
  }

  private long wantedAlarm(SequenceState kept) {
    return kept.open && byArrival ? boundaries.due(kept) : SequenceState.NEVER;
  }

  /** Sees to it that no timer stands late. */
  void arm(SequenceState kept) {
    long wanted = wanted(kept);
    if (kept.timer == SequenceState.NONE || wanted < kept.timer) {
      set(kept, wanted);
    }
    if (byArrival) {
      long alarm = wantedAlarm(kept);
      if (kept.alarm == SequenceState.NONE || alarm < kept.alarm) {
        setAlarm(kept, alarm);
      }
    }
  }

  /**
   * Moves the timers to where they are wanted.
   *
   * @return true if one stood elsewhere
   */
  boolean move(SequenceState kept) {
    boolean moved = false;
    if (byArrival == (kept.arrivedFirst == SequenceState.NONE) && kept.open) { // another clock
      kept.arrivedFirst = byArrival ? timers.now() : SequenceState.NONE;
      kept.arrivedLast = kept.arrivedFirst;
      moved = true;
    }
    kept.closesAt = 0;
    if (kept.timer != wanted(kept)) {
      set(kept, wanted(kept));
      moved = true;
    }
    if (byArrival ? kept.alarm != wantedAlarm(kept) : kept.alarm != SequenceState.NONE) {
      setAlarm(kept, byArrival ? wantedAlarm(kept) : SequenceState.NEVER);
      moved = true;
    }
    return moved;
  }

  /** Takes the timers away. */
  void disarm(SequenceState kept) {
    set(kept, SequenceState.NONE);
    setAlarm(kept, SequenceState.NEVER);
  }

  private void set(SequenceState kept, long timestamp) {
    if (kept.timer != SequenceState.NONE) {
      timers.delete(kept.timer);
    }
    kept.timer = timestamp;
    if (timestamp != SequenceState.NONE) {
      timers.register(timestamp);
    }
  }

  private void setAlarm(SequenceState kept, long timestamp) {
    if (kept.alarm != SequenceState.NONE) {
      timers.deleteAlarm(kept.alarm);
    }
    boolean stands = timestamp != SequenceState.NEVER;
    kept.alarm = stands ? timestamp : SequenceState.NONE;
    if (stands) {
      timers.registerAlarm(timestamp);
    }
  }
}
