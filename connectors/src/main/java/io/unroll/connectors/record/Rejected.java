package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A record that was not stepped: rejected for a reason, or late; or an output of a step that its
 * topic cannot take. Kafka users know the topic of these as a dead letter queue.
 */
@TypeInfo(RejectedSerializer.Factory.class)
public final class Rejected {
  /** The place in the source: {@code topic/partition@offset} or {@code file:line}. */
  public String input = "";

  /** The series, where it could be read. */
  public @Nullable String series;

  /** Event time in epoch milliseconds, where it could be read. */
  public @Nullable Long timestamp;

  /** What is wrong, where, expected and found. */
  public String reason = "";

  /** The watermark that a late record missed, epoch milliseconds; null for a rejected one. */
  public @Nullable Long watermark;

  /** The record as it came; null when its source did not hand it on. */
  public @Nullable RawRecord raw;

  /**
   * The output that could not be written, {@code predictions} for one: {@link #raw} is what was to
   * be written then. Null for what came in.
   */
  public @Nullable String output;

  /** For Flink. */
  public Rejected() {}

  /** What {@code observation} becomes when it cannot be stepped. */
  public static Rejected of(Observation observation, String reason) {
    Rejected rejected = new Rejected();
    rejected.input = observation.input();
    rejected.series = observation.series;
    rejected.timestamp = observation.timestamp;
    rejected.reason = reason;
    rejected.raw = observation.raw;
    return rejected;
  }
}
