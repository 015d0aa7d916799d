package io.unroll.connectors.record;

import org.jspecify.annotations.Nullable;

/** A record as it came from its source, byte for byte. A file's record is its line as value. */
public final class RawRecord {
  public byte @Nullable [] key;
  public byte @Nullable [] value;

  /** Kafka header names, in their order; as long as {@link #headerValues}. */
  public String[] headerNames = {};

  /** Kafka header values; a value may be null. */
  public byte[] @Nullable [] headerValues = {};

  /** For Flink. */
  public RawRecord() {}

  public RawRecord(byte @Nullable [] key, byte @Nullable [] value) {
    this.key = key;
    this.value = value;
  }
}
