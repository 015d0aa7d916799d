package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;

/** What a rejected record loses when it is larger than the producer may send. */
class OutboundSerializerTest {

  private static final int LARGEST = 1_048_576;
  private static final int MEGABYTE = 1_048_576;

  private static RawRecord raw(byte[] key, byte[] value, byte[] header) {
    RawRecord raw = new RawRecord(key, value);
    // The second is what a record has that was rejected once before.
    raw.headerNames = new String[] {"h\u20ac", KafkaOutputs.REASON};
    raw.headerValues = new byte[][] {header, {1, 2}};
    return raw;
  }

  private static ProducerRecord<byte[], byte[]> sent(RawRecord raw) {
    Rejected rejected = new Rejected();
    rejected.input = "w/0@1";
    rejected.reason = "late";
    rejected.timestamp = 1_700_000_000_000L;
    rejected.watermark = 1_700_000_000_001L;
    rejected.raw = raw;
    ProducerRecord<byte[], byte[]> record =
        new OutboundSerializer(LARGEST).serialize(KafkaOutputs.rejected("r", rejected), null, null);
    // What the producer itself holds against max.request.size.
    int size =
        AbstractRecords.estimateSizeInBytesUpperBound(
            RecordBatch.CURRENT_MAGIC_VALUE,
            Compression.NONE.type(),
            record.key(),
            record.value(),
            record.headers().toArray());
    assertTrue(size <= LARGEST, "size " + size);
    return record;
  }

  /** The headers behind the record's own: NAME=TEXT. */
  private static List<String> headers(ProducerRecord<byte[], byte[]> record, int from) {
    return Stream.of(record.headers().toArray())
        .skip(from)
        .map((Header header) -> header.key() + "=" + new String(header.value(), UTF_8))
        .toList();
  }

  private static final String[] SAID = {
    "unroll.reason=late", "unroll.input=w/0@1", "unroll.watermark=1700000000001"
  };

  private static List<String> said(String... more) {
    return Stream.concat(Stream.of(SAID), Stream.of(more)).toList();
  }

  @Test
  void aRecordThatFitsStaysWhole() {
    byte[] key = {1};
    byte[] value = new byte[1_000_000];
    ProducerRecord<byte[], byte[]> record = sent(raw(key, value, new byte[] {3}));
    assertArrayEquals(key, record.key());
    assertArrayEquals(value, record.value());
    assertArrayEquals(new byte[] {3}, record.headers().toArray()[0].value());
    assertEquals(said(), headers(record, 2));
  }

  @Test
  void aLargeValueIsCut() {
    ProducerRecord<byte[], byte[]> record =
        sent(raw(new byte[] {1}, new byte[2 * MEGABYTE], new byte[] {3}));
    assertArrayEquals(new byte[] {1}, record.key());
    assertTrue(record.value().length > 1_000_000);
    assertEquals(said("unroll.cut=2097152"), headers(record, 2));
  }

  @Test
  void aLargeHeaderGoesWithTheOthers() {
    ProducerRecord<byte[], byte[]> record =
        sent(raw(new byte[] {1}, new byte[] {2}, new byte[MEGABYTE]));
    assertArrayEquals(new byte[] {1}, record.key());
    assertArrayEquals(new byte[] {2}, record.value());
    // Both values, "h" and a euro sign of three bytes, "unroll.reason".
    assertEquals(said("unroll.cut.headers=" + (MEGABYTE + 2 + 4 + 13)), headers(record, 0));
  }

  @Test
  void aLargeKeyGoesAfterTheHeaders() {
    ProducerRecord<byte[], byte[]> record =
        sent(raw(new byte[MEGABYTE], new byte[] {2}, new byte[] {3}));
    assertNull(record.key());
    assertArrayEquals(new byte[] {2}, record.value());
    assertEquals(said("unroll.cut.headers=20", "unroll.cut.key=1048576"), headers(record, 0));
  }

  @Test
  void aTombstoneWithALargeKeyStaysATombstone() {
    RawRecord raw = new RawRecord(new byte[MEGABYTE], null);
    ProducerRecord<byte[], byte[]> record = sent(raw);
    assertNull(record.key());
    assertNull(record.value());
    assertEquals(said("unroll.cut.key=1048576"), headers(record, 0));
  }

  @Test
  void allThreeMayBeCut() {
    ProducerRecord<byte[], byte[]> record =
        sent(raw(new byte[MEGABYTE], new byte[MEGABYTE], new byte[MEGABYTE]));
    assertNull(record.key());
    assertTrue(record.value().length > 1_000_000);
    assertEquals(
        said("unroll.cut.headers=1048595", "unroll.cut.key=1048576", "unroll.cut=1048576"),
        headers(record, 0));
  }
}
