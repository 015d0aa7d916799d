package io.unroll.connectors.kafka;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** An outbound record as the producer takes it; the topic's partitioner sees the key. */
final class OutboundSerializer implements KafkaRecordSerializationSchema<OutboundRecord> {

  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutboundRecord outbound, KafkaSinkContext context, @Nullable Long flinkTimestamp) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            outbound.topic, null, outbound.timestamp, outbound.key, outbound.value);
    for (int i = 0; i < outbound.headerNames.length; i++) {
      record.headers().add(outbound.headerNames[i], outbound.headerValues[i]);
    }
    return record;
  }
}
