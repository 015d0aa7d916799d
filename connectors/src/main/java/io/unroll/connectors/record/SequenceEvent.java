package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/** A sequence opened or closed. */
@TypeInfo(SequenceEventSerializer.Factory.class)
public final class SequenceEvent {
  /** What happened to the sequence. */
  public enum Event {
    OPENED("opened"),
    CLOSED("closed");

    private final String label;

    Event(String label) {
      this.label = label;
    }

    /** The word in the record. */
    public String label() {
      return label;
    }
  }

  public String series = "";

  /** The sequence's id: a label, by default the timestamp of the observation that opened it. */
  public String sequence = "";

  public Event event = Event.OPENED;

  /** Why it closed; null for {@link Event#OPENED}. */
  public @Nullable CloseReason reason;

  /** Steps so far; 0 for {@link Event#OPENED}. */
  public long steps;

  /** Timestamp of the observation that opened the sequence, epoch milliseconds. */
  public long first;

  /** Highest timestamp seen in the sequence, epoch milliseconds. */
  public long last;

  /** The place in the source of the last observation seen. */
  public String input = "";

  /** {@code name@fingerprint} of the model. */
  public String model = "";

  /**
   * When it happened in event time, epoch milliseconds: the observation's timestamp, for an idle
   * close the moment it was due, at the end of input without a time limit {@link #last}.
   */
  public long timestamp;

  /** For Flink. */
  public SequenceEvent() {}
}
