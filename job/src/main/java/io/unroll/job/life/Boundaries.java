package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.job.state.SequenceState;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What ends a sequence besides the markers that observations carry.
 *
 * @param idleTimeoutMillis how long after its last observation it closes; {@link #NO_TIMEOUT} for
 *     never
 * @param maxDurationMillis how long after its first observation it closes; {@link #NO_TIMEOUT} for
 *     never
 * @param closeAt the time of day at which it closes; null without
 * @param maxSteps after how many steps it closes; {@link #NO_LIMIT} for never
 * @param minSteps how many steps it needs for a prediction at its close
 * @param clock what the time limits go by
 */
public record Boundaries(
    long idleTimeoutMillis,
    long maxDurationMillis,
    @Nullable CloseAt closeAt,
    long maxSteps,
    long minSteps,
    SequenceClock clock)
    implements Serializable {

  /** No time limit. */
  public static final long NO_TIMEOUT = Long.MAX_VALUE;

  /** No limit of steps. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** Only markers and the end of the input close a sequence. */
  public static final Boundaries NONE =
      new Boundaries(NO_TIMEOUT, NO_TIMEOUT, null, NO_LIMIT, 0, SequenceClock.EVENT);

  public Boundaries {
    positive("idle-timeout", idleTimeoutMillis);
    positive("max-duration", maxDurationMillis);
    if (maxSteps <= 0) {
      throw new IllegalArgumentException("max-steps: found " + maxSteps + ", expected at least 1");
    }
    if (minSteps < 0 || minSteps > maxSteps) {
      throw new IllegalArgumentException(
          "min-steps: found " + minSteps + ", expected 0 or more, at most max-steps");
    }
  }

  private static void positive(String key, long millis) {
    if (millis <= 0) {
      throw new IllegalArgumentException(key + ": found " + millis + " ms, expected more than 0");
    }
  }

  /** These with another idle timeout. */
  public Boundaries withIdleTimeout(long millis) {
    return new Boundaries(millis, maxDurationMillis, closeAt, maxSteps, minSteps, clock);
  }

  /** These with another limit of time. */
  public Boundaries withMaxDuration(long millis) {
    return new Boundaries(idleTimeoutMillis, millis, closeAt, maxSteps, minSteps, clock);
  }

  /** These with another time of day. */
  public Boundaries withCloseAt(@Nullable CloseAt time) {
    return new Boundaries(idleTimeoutMillis, maxDurationMillis, time, maxSteps, minSteps, clock);
  }

  /** These with another limit of steps. */
  public Boundaries withMaxSteps(long steps) {
    return new Boundaries(idleTimeoutMillis, maxDurationMillis, closeAt, steps, minSteps, clock);
  }

  /** These with another least number of steps. */
  public Boundaries withMinSteps(long steps) {
    return new Boundaries(idleTimeoutMillis, maxDurationMillis, closeAt, maxSteps, steps, clock);
  }

  /** These by another clock. */
  public Boundaries withClock(SequenceClock other) {
    return new Boundaries(idleTimeoutMillis, maxDurationMillis, closeAt, maxSteps, minSteps, other);
  }

  /** The limits of time in words, for savepoints: sequences that are open stand by them. */
  public String limits() {
    return "max-duration "
        + (maxDurationMillis == NO_TIMEOUT ? "none" : maxDurationMillis + " ms")
        + ", close-at "
        + (closeAt == null ? "none" : closeAt.words())
        + ", clock "
        + clock.label();
  }

  /** Without a limit of time by which sequences close. */
  private boolean endless() {
    return idleTimeoutMillis == NO_TIMEOUT && maxDurationMillis == NO_TIMEOUT && closeAt == null;
  }

  /**
   * When time closes a sequence, by its clock.
   *
   * @return epoch milliseconds; {@link Long#MAX_VALUE} for never
   */
  long due(SequenceState open) {
    long due = idleDue(last(open));
    if (maxDurationMillis != NO_TIMEOUT) {
      due = Math.min(due, saturatedSum(first(open), maxDurationMillis));
    }
    return closeAt == null ? due : Math.min(due, closesAt(open, closeAt));
  }

  private static long closesAt(SequenceState open, CloseAt closeAt) {
    if (open.closesAt == 0) { // not known; if it is 0, it is found again each time
      open.closesAt = closeAt.after(first(open));
    }
    return open.closesAt;
  }

  /** Which limit {@link #due} is; the idle timeout where two are the same. */
  CloseReason reason(SequenceState open) {
    long due = due(open);
    if (endless()) {
      return CloseReason.END_OF_INPUT;
    }
    if (idleTimeoutMillis != NO_TIMEOUT && due == idleDue(last(open))) {
      return CloseReason.IDLE;
    }
    return maxDurationMillis != NO_TIMEOUT && due == saturatedSum(first(open), maxDurationMillis)
        ? CloseReason.MAX_DURATION
        : CloseReason.CLOSE_AT;
  }

  private static long first(SequenceState open) {
    return open.arrivedFirst == SequenceState.NONE ? open.opened : open.arrivedFirst;
  }

  private static long last(SequenceState open) {
    return open.arrivedFirst == SequenceState.NONE ? open.last : open.arrivedLast;
  }

  /**
   * When a sequence is over for lack of observations.
   *
   * @param last of its clock, epoch milliseconds
   * @return epoch milliseconds; {@link Long#MAX_VALUE} for never
   */
  long idleDue(long last) {
    return saturatedSum(last, idleTimeoutMillis);
  }

  /**
   * True if the idle timeout or a time of day closes a sequence between two of its series'
   * observations that follow each other.
   *
   * @param last timestamp of the first, epoch milliseconds
   * @param next timestamp of the second
   */
  public boolean areBetween(long last, long next) {
    return clock == SequenceClock.EVENT
        && (next >= idleDue(last) || (closeAt != null && next >= closeAt.after(last)));
  }

  /** True if an observation can come too late for the idle timeout. */
  boolean knowsLate() {
    return idleTimeoutMillis != NO_TIMEOUT && clock == SequenceClock.EVENT;
  }

  static long saturatedSum(long timestamp, long duration) {
    long sum = timestamp + duration;
    return duration == NO_TIMEOUT || ((timestamp ^ sum) & (duration ^ sum)) < 0
        ? Long.MAX_VALUE
        : sum;
  }

  /** True if time alone closes a sequence for that reason, whatever comes. */
  static boolean isOfTime(CloseReason reason) {
    return switch (reason) {
      case IDLE, MAX_DURATION, CLOSE_AT, END_OF_INPUT -> true;
      case END, MAX_STEPS, CHANGED, RESTARTED, GAP -> false;
    };
  }
}
