package io.unroll.connectors.kafka;

import io.unroll.connectors.format.RecordParts;
import io.unroll.connectors.record.RawRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A Kafka record's parts. */
record ConsumedParts(ConsumerRecord<byte @Nullable [], byte @Nullable []> record)
    implements RecordParts {

  @Override
  public byte @Nullable [] value() {
    return record.value();
  }

  @Override
  public byte @Nullable [] key() {
    return record.key();
  }

  @Override
  public byte @Nullable [] header(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  @Override
  public String topic() {
    return record.topic();
  }

  @Override
  public long timestamp() {
    return record.timestamp();
  }

  @Override
  public RawRecord raw() {
    RawRecord raw = new RawRecord(record.key(), record.value());
    Header[] headers = record.headers().toArray();
    raw.headerNames = new String[headers.length];
    raw.headerValues = new byte[headers.length][];
    for (int i = 0; i < headers.length; i++) {
      raw.headerNames[i] = headers[i].key();
      raw.headerValues[i] = headers[i].value();
    }
    return raw;
  }
}
