package io.unroll.connectors.format;

import io.unroll.connectors.record.RawRecord;
import org.jspecify.annotations.Nullable;

/** The parts of a record that its fields may come from. */
public interface RecordParts {

  /** The record itself; null for a Kafka tombstone. */
  byte @Nullable [] value();

  /** The key; null without. */
  byte @Nullable [] key();

  /** The last header of that name; null without, or for a header without a value. */
  byte @Nullable [] header(String name);

  /** The topic; null without. */
  @Nullable String topic();

  /** The record's own timestamp in epoch milliseconds; -1 without. */
  long timestamp();

  /** The record to carry along. */
  RawRecord raw();

  /** A record that is nothing but its value. */
  static RecordParts ofValue(byte @Nullable [] value) {
    return new ValueOnly(value);
  }

  /** A record that is nothing but its value. */
  final class ValueOnly implements RecordParts {
    private final byte @Nullable [] value;

    private ValueOnly(byte @Nullable [] value) {
      this.value = value;
    }

    @Override
    public byte @Nullable [] value() {
      return value;
    }

    @Override
    public byte @Nullable [] key() {
      return null;
    }

    @Override
    public byte @Nullable [] header(String name) {
      return null;
    }

    @Override
    public @Nullable String topic() {
      return null;
    }

    @Override
    public long timestamp() {
      return -1;
    }

    @Override
    public RawRecord raw() {
      return new RawRecord(null, value);
    }
  }
}
