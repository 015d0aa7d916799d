package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * What an observation is to its series. Three parts return in several verdicts: {@code closing} is
 * why the open sequence is over before the observation, null if it is not; {@code behind} is true
 * for an observation that the watermark has passed; {@code reason} is what the output says.
 */
sealed interface Verdict {
  /** It steps. {@code fills}: the gap before it is filled first. */
  record Step(@Nullable CloseReason closing, boolean behind, boolean fills) implements Verdict {
    private static final Step PLAIN = new Step(null, false, false);
    private static final Step BEHIND = new Step(null, true, false);
    private static final Step FILLS = new Step(null, false, true);
    private static final Step FILLS_BEHIND = new Step(null, true, true);

    static Step filling(boolean behind) {
      return behind ? FILLS_BEHIND : FILLS;
    }

    /** What nearly every observation gets costs no memory. */
    static Step of(@Nullable CloseReason closing, boolean behind) {
      if (closing == null) {
        return behind ? BEHIND : PLAIN;
      }
      return new Step(closing, behind, false);
    }
  }

  /** It opens a sequence and gives its transforms their previous values. */
  record Prime(@Nullable CloseReason closing, boolean behind) implements Verdict {}

  /** It has no features, and marks an end or a start. */
  record Marker(@Nullable CloseReason closing, boolean behind) implements Verdict {
    private static final Marker PLAIN = new Marker(null, false);
    private static final Marker BEHIND = new Marker(null, true);

    static Marker of(@Nullable CloseReason closing, boolean behind) {
      if (closing == null) {
        return behind ? BEHIND : PLAIN;
      }
      return new Marker(closing, behind);
    }
  }

  /** It waits for the watermark. */
  record HeldBack() implements Verdict {
    static final HeldBack IT = new HeldBack();
  }

  /** It was rejected when it was read, and waits behind those of its series that wait. */
  record HeldBehind() implements Verdict {
    static final HeldBehind IT = new HeldBehind();
  }

  /** It was rejected when it was read. */
  record Unread() implements Verdict {
    static final Unread IT = new Unread();
  }

  /** It came too late. */
  record Late(String reason, @Nullable CloseReason closing) implements Verdict {}

  /** Its series has had it. If it is an end marker, the sequence was closed then. */
  record Duplicate(String reason, boolean behind) implements Verdict {}

  /**
   * It would open a sequence and lacks a value that was to be the one before. It cannot be used, as
   * {@link Rejected}; the values that it has can.
   */
  record Incomplete(String fault, @Nullable CloseReason closing, boolean behind)
      implements Verdict {}

  /** It cannot be used. If it is an end marker, the sequence closes. */
  record Rejected(String reason, @Nullable CloseReason closing, boolean behind)
      implements Verdict {}
}
