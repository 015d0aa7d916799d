package io.unroll.connectors.kafka;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/** One record on its way to Kafka. A Flink POJO. */
@TypeInfo(OutboundRecordSerializer.Factory.class)
public final class OutboundRecord {
  public String topic = "";
  public byte @Nullable [] key;
  public byte @Nullable [] value;

  /** Epoch milliseconds; null lets the producer stamp the record. */
  public @Nullable Long timestamp;

  /** In their order; as long as {@link #headerValues}. */
  public String[] headerNames = {};

  /** A value may be null. */
  public byte[] @Nullable [] headerValues = {};

  /** For Flink. */
  public OutboundRecord() {}
}
