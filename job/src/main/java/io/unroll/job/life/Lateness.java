package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;

/**
 * Decides what the watermark has overtaken; nobody else does.
 *
 * @param boundaries of a sequence: an observation can be late for the idle timeout only
 */
public record Lateness(Boundaries boundaries) {
  /** True if event time has passed the observation already: in another run it may not have. */
  static boolean isBehind(Observation observation, long watermark) {
    return observation.timestamp <= watermark;
  }

  /**
   * True if a sequence whose last observation has this timestamp is over by the idle timeout. Then
   * an observation of that timestamp is late, unless it finds its sequence open.
   */
  public boolean isOver(long timestamp, long watermark) {
    return boundaries.knowsLate() && boundaries.idleDue(timestamp) <= watermark;
  }

  /**
   * True if an observation is older than what has stepped before it. Where timestamps are the order
   * it is late then.
   *
   * @param seen timestamp of what stepped last
   */
  public static boolean isOutOfOrder(long timestamp, long seen) {
    return timestamp < seen;
  }

  /** Why an observation that {@link #isOver} is late. */
  String overReason(Observation observation, long watermark) {
    return "late: timestamp + idle-timeout is "
        + boundaries.idleDue(observation.timestamp)
        + ", the watermark is "
        + watermark;
  }

  /** Why an observation that {@link #isOutOfOrder} is late. */
  static String orderReason(Observation observation, SequenceState open, long watermark) {
    return "late: timestamp "
        + observation.timestamp
        + " is before "
        + open.seen
        + ", the last one that stepped; the watermark is "
        + watermark;
  }
}
