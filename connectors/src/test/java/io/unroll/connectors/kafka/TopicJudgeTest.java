package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;

/** What a topic takes, and what a rejected record loses that its topic does not take. */
class TopicJudgeTest {

  private static final long SEED = Long.getLong("seed", System.nanoTime());

  private static final long NOW = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final long MINUTE = 60_000;
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
    return sent(raw, LARGEST);
  }

  private static ProducerRecord<byte[], byte[]> sent(RawRecord raw, int largest) {
    OutboundRecord outbound = KafkaOutputs.rejected("r", late(raw));
    assertTrue(judge(largest).fit(outbound));
    ProducerRecord<byte[], byte[]> record =
        new OutboundSerializer().serialize(outbound, null, null);
    int size = producersSize(record);
    assertTrue(size <= largest, "size " + size);
    return record;
  }

  private static Rejected late(RawRecord raw) {
    Rejected rejected = new Rejected();
    rejected.input = "w/0@1";
    rejected.reason = "late";
    rejected.timestamp = NOW;
    rejected.watermark = 1_700_000_000_001L;
    rejected.raw = raw;
    return rejected;
  }

  /** What the producer itself holds against max.request.size. */
  private static int producersSize(ProducerRecord<byte[], byte[]> record) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        Compression.NONE.type(),
        record.key(),
        record.value(),
        record.headers().toArray());
  }

  private static TopicJudge judge(int largest) {
    return judge(largest, TopicLimits.UNBOUNDED, TopicLimits.UNBOUNDED);
  }

  private static TopicJudge judge(int largest, long before, long after) {
    return new TopicJudge(
        new TopicLimits("r", largest, "max.message.bytes", before, after), () -> NOW);
  }

  private static OutboundRecord output(int key, int value, Long timestamp) {
    OutboundRecord record = new OutboundRecord();
    record.topic = "r";
    record.key = new byte[key];
    record.value = new byte[value];
    record.timestamp = timestamp;
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
  void aLateTimestampThatTheTopicDoesNotTakeIsLeftToTheProducer() {
    OutboundRecord record = KafkaOutputs.rejected("r", late(raw(null, null, null)));
    assertTrue(judge(LARGEST, MINUTE, MINUTE).fit(record));
    assertEquals(NOW, record.timestamp);
    record.timestamp = NOW - HOUR;
    assertTrue(judge(LARGEST, MINUTE, MINUTE).fit(record));
    assertNull(record.timestamp);
    record.timestamp = NOW + HOUR;
    assertTrue(judge(LARGEST, MINUTE, MINUTE).fit(record));
    assertNull(record.timestamp);
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

  @Test
  void sizesAreTheProducersToTheByte() {
    Random random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      OutboundRecord record = output(random.nextInt(300), random.nextInt(20_000), null);
      if (random.nextInt(4) == 0) {
        record.key = null;
      }
      if (random.nextInt(4) == 0) {
        record.headerNames = new String[] {"h\u20ac", "n"};
        record.headerValues = new byte[][] {new byte[random.nextInt(300)], null};
      }
      int size = producersSize(new OutboundSerializer().serialize(record, null, null));
      String what = "seed " + SEED + ", round " + round + ", size " + size;
      assertTrue(judge(size).takes(record), what);
      assertFalse(judge(size - 1).takes(record), what);
    }
  }

  @Test
  void anyRejectedRecordFitsOrIsGivenBack() {
    Random random = new Random(SEED);
    int fitting = 0;
    for (int round = 0; round < 5000; round++) {
      RawRecord raw =
          raw(
              random.nextInt(3) == 0 ? null : new byte[random.nextInt(2000)],
              random.nextInt(3) == 0 ? null : new byte[random.nextInt(40_000)],
              new byte[random.nextInt(2000)]);
      Rejected rejected = late(raw);
      rejected.reason = "\u20ac".repeat(1 + random.nextInt(2000));
      OutboundRecord record = KafkaOutputs.rejected("r", rejected);
      int largest = 50 + random.nextInt(random.nextBoolean() ? 1000 : 40_000);
      boolean fits = judge(largest).fit(record);
      ProducerRecord<byte[], byte[]> sent = new OutboundSerializer().serialize(record, null, null);
      String what = "seed " + SEED + ", round " + round + ", largest " + largest;
      assertEquals(fits, producersSize(sent) <= largest, what);
      assertTrue(fits || largest < 450, what);
      fitting += fits ? 1 : 0;
      String reason = new String(sent.headers().lastHeader("unroll.reason").value(), UTF_8);
      assertFalse(reason.contains("\ufffd"), what);
      assertEquals(
          reason.equals(rejected.reason),
          sent.headers().lastHeader("unroll.cut.reason") == null,
          what);
    }
    assertTrue(fitting > 3000, "seed " + SEED);
  }

  @Test
  void aLongReasonIsCutLast() {
    Rejected rejected = late(raw(new byte[] {1}, new byte[] {2}, new byte[] {3}));
    rejected.reason = "\u20ac".repeat(1000);
    OutboundRecord record = KafkaOutputs.rejected("r", rejected);
    assertTrue(judge(1000).fit(record));
    assertNull(record.key);
    List<String> names = List.of(record.headerNames);
    assertEquals(
        List.of(
            "unroll.reason",
            "unroll.input",
            "unroll.watermark",
            "unroll.cut.headers",
            "unroll.cut.key",
            "unroll.cut.reason"),
        names);
    assertEquals("3000", new String(record.headerValues[5], UTF_8));
    assertTrue(new String(record.headerValues[0], UTF_8).matches("\u20ac{100,}"));
  }

  @Test
  void aTimestampIsHeldAgainstTheClock() {
    // A tenth less than the bound, at most a minute.
    TopicJudge judge = judge(LARGEST, 2 * HOUR, MINUTE);
    assertTrue(judge.takes(output(1, 1, NOW)));
    assertTrue(judge.takes(output(1, 1, NOW + 54_000)));
    assertFalse(judge.takes(output(1, 1, NOW + 54_001)));
    assertTrue(judge.takes(output(1, 1, NOW - 2 * HOUR + MINUTE)));
    assertFalse(judge.takes(output(1, 1, NOW - 2 * HOUR + MINUTE - 1)));
    assertTrue(judge.takes(output(1, 1, null)));
    assertTrue(judge(LARGEST).takes(output(1, 1, Long.MAX_VALUE)));
    assertTrue(judge(LARGEST).takes(output(1, 1, 0L)));
    assertFalse(judge(LARGEST).takes(output(1, 1, -1L)), "no record can have that");
  }

  @Test
  void theClockIsReadAnewBeforeATimestampIsTooLate() {
    long[] now = {NOW};
    TopicJudge judge =
        new TopicJudge(
            new TopicLimits("r", LARGEST, "max.message.bytes", TopicLimits.UNBOUNDED, 10_000),
            () -> now[0]);
    assertFalse(judge.takes(output(1, 1, NOW + 20_000)));
    now[0] = NOW + 15_000;
    assertTrue(judge.takes(output(1, 1, NOW + 20_000)));
  }

  @Test
  void anObjectionSaysWhatLimitFoundAndTheWayOut() {
    TopicJudge judge = judge(1000, 2 * HOUR, HOUR);
    assertEquals(
        "prediction of 2086 bytes, topic 'r' takes 1000 (max.message.bytes): let it hold less, or"
            + " set max.request.size of the producer and max.message.bytes of the topic higher",
        judge.objection(output(0, 2000, NOW), "prediction"));
    assertEquals(
        "evaluation stamped 2023-11-14T23:13:20Z, topic 'r' takes at most 1 h ahead of the clock"
            + " (message.timestamp.after.max.ms): set that higher on the topic, or"
            + " source.max-ahead lower",
        judge.objection(output(0, 1, NOW + HOUR), "evaluation"));
    assertEquals(
        "prediction stamped 2023-11-14T20:13:20Z, topic 'r' takes at most 2 h before the clock"
            + " (message.timestamp.before.max.ms): set that higher on the topic",
        judge.objection(output(0, 1, NOW - 2 * HOUR), "prediction"));
    assertEquals(
        "prediction stamped -1, topic 'r' takes no negative timestamp",
        judge(1000).objection(output(0, 1, -1L), "prediction"));
  }

  @Test
  void limitsAreSaidInWords() {
    assertEquals(
        "at most 5 bytes (buffer.memory)",
        new TopicLimits("t", 5, "buffer.memory", TopicLimits.UNBOUNDED, TopicLimits.UNBOUNDED)
            .toString());
    assertEquals(
        "at most 5 bytes (buffer.memory), stamped at most 1 h ahead of the clock",
        new TopicLimits("t", 5, "buffer.memory", TopicLimits.UNBOUNDED, HOUR).toString());
    assertEquals(
        "at most 5 bytes (buffer.memory), stamped at most 2 d before and 90 min ahead of the clock",
        new TopicLimits("t", 5, "buffer.memory", 48 * HOUR, 90 * MINUTE).toString());
    assertEquals(
        "at most 5 bytes (buffer.memory), stamped at most 1500 ms before the clock",
        new TopicLimits("t", 5, "buffer.memory", 1500, TopicLimits.UNBOUNDED).toString());
  }
}
