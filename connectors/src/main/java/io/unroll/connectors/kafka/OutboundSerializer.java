package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An outbound record as the producer takes it; the topic's partitioner sees the key.
 *
 * <p>A rejected record that is larger than the producer may send would fail the job for ever, so
 * its value is cut to what fits and a header tells its length.
 */
final class OutboundSerializer implements KafkaRecordSerializationSchema<OutboundRecord> {

  private static final long serialVersionUID = 1L;

  /** Above what Kafka adds to a record: batch header, lengths, timestamp. (bytes) */
  private static final int OVERHEAD = 512;

  private final int largest;

  /** {@code largest} is the producer's {@code max.request.size}, in bytes. */
  OutboundSerializer(int largest) {
    this.largest = largest;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutboundRecord outbound, KafkaSinkContext context, @Nullable Long flinkTimestamp) {
    byte[] value = outbound.value;
    if (value == null || !isRejected(outbound) || value.length <= room(outbound)) {
      return record(outbound, value);
    }
    ProducerRecord<byte[], byte[]> record = record(outbound, Arrays.copyOf(value, room(outbound)));
    record.headers().add(KafkaOutputs.CUT, Integer.toString(value.length).getBytes(UTF_8));
    return record;
  }

  private static ProducerRecord<byte[], byte[]> record(
      OutboundRecord outbound, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(outbound.topic, null, outbound.timestamp, outbound.key, value);
    for (int i = 0; i < outbound.headerNames.length; i++) {
      record.headers().add(outbound.headerNames[i], outbound.headerValues[i]);
    }
    return record;
  }

  private static boolean isRejected(OutboundRecord outbound) {
    return Arrays.asList(outbound.headerNames).contains(KafkaOutputs.REASON);
  }

  private int room(OutboundRecord outbound) {
    long others = (long) OVERHEAD + length(outbound.key);
    for (int i = 0; i < outbound.headerNames.length; i++) {
      // A name has at most three bytes per character; both lengths are written in front.
      others += 3L * outbound.headerNames[i].length() + length(outbound.headerValues[i]) + 10;
    }
    return (int) Math.max(0, largest - others);
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
