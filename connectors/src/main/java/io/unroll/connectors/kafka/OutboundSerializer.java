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
 * its value is cut to what fits. Where its key and headers alone are too large, its own headers go
 * first, then the key. A header tells the length of each part that was cut.
 */
final class OutboundSerializer implements KafkaRecordSerializationSchema<OutboundRecord> {

  private static final long serialVersionUID = 1L;

  /** Above what comes on top: batch header, lengths, timestamp, the marks of cut parts. (bytes) */
  private static final int OVERHEAD = 512;

  private final int largest;

  /** {@code largest} is the producer's {@code max.request.size}, in bytes. */
  OutboundSerializer(int largest) {
    this.largest = largest;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutboundRecord outbound, KafkaSinkContext context, @Nullable Long flinkTimestamp) {
    // What says what is wrong comes behind the record's own headers, the reason first.
    int own = Arrays.asList(outbound.headerNames).lastIndexOf(KafkaOutputs.REASON);
    byte[] key = outbound.key;
    byte[] value = outbound.value;
    if (own < 0) {
      return record(outbound, 0, key, value);
    }
    int from = size(outbound, 0, key) > largest ? own : 0;
    if (size(outbound, from, key) > largest) {
      key = null;
    }
    int room = (int) Math.max(0, largest - size(outbound, from, key));
    if (value != null && value.length > room) {
      value = Arrays.copyOf(value, room);
    }
    ProducerRecord<byte[], byte[]> record = record(outbound, from, key, value);
    if (from > 0) {
      mark(
          record,
          KafkaOutputs.CUT_HEADERS,
          size(outbound.headerNames, outbound.headerValues, from));
    }
    if (length(key) < length(outbound.key)) {
      mark(record, KafkaOutputs.CUT_KEY, length(outbound.key));
    }
    if (length(value) < length(outbound.value)) {
      mark(record, KafkaOutputs.CUT, length(outbound.value));
    }
    return record;
  }

  /** The record with its headers from {@code from} on. */
  private static ProducerRecord<byte[], byte[]> record(
      OutboundRecord outbound, int from, byte @Nullable [] key, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(outbound.topic, null, outbound.timestamp, key, value);
    for (int i = from; i < outbound.headerNames.length; i++) {
      record.headers().add(outbound.headerNames[i], outbound.headerValues[i]);
    }
    return record;
  }

  private static void mark(ProducerRecord<byte[], byte[]> record, String name, long length) {
    record.headers().add(name, Long.toString(length).getBytes(UTF_8));
  }

  /** At most this many bytes are sent besides the value. */
  private static long size(OutboundRecord outbound, int from, byte @Nullable [] key) {
    long size = (long) OVERHEAD + length(key);
    for (int i = from; i < outbound.headerNames.length; i++) {
      // A name has at most three bytes per character; both lengths are written in front.
      size += 3L * outbound.headerNames[i].length() + length(outbound.headerValues[i]) + 10;
    }
    return size;
  }

  /** Bytes of the names and values of the first {@code count} headers. */
  private static long size(String[] names, byte[] @Nullable [] values, int count) {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += names[i].getBytes(UTF_8).length + length(values[i]);
    }
    return size;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
