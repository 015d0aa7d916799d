package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.EmbeddedFlink;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.kafka.KafkaSourceSettings.Start;
import io.unroll.connectors.kafka.KafkaSourceSettings.Stop;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import io.unroll.connectors.record.Rejected;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KafkaSourceITCase {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  private static final ObservationFields FIELDS =
      new ObservationFields(
          List.of(FieldPath.parse("s")),
          new TimestampField(FieldPath.parse("t"), null, null),
          List.of(FieldPath.parse("x")),
          null,
          List.of());

  private static ObservationReader reader(Format format, ObservationFields fields) {
    return new ObservationReader(format, fields, TimestampBounds.DEFAULT, true);
  }

  private static List<Reading> read(
      List<String> topics, ObservationReader reader, Map<String, String> more) throws Exception {
    var properties = new HashMap<>(more);
    properties.put("bootstrap.servers", broker.bootstrapServers());
    var settings =
        new KafkaSourceSettings(topics, "readers", Start.EARLIEST, Stop.LATEST, properties);
    return EmbeddedFlink.collect(
        KafkaObservations.source(settings, reader, Duration.ZERO),
        ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)));
  }

  @Test
  void readsEveryRecordOfABoundedRunPoisonIncluded() throws Exception {
    broker.createTopic("mixed", 2);
    broker.produce(
        List.of(
            new ProducerRecord<>("mixed", 0, null, json("a", 1700000000000L, "1.5")),
            new ProducerRecord<>("mixed", 0, null, "{".getBytes(UTF_8)),
            new ProducerRecord<>("mixed", 0, bytes("key"), null),
            new ProducerRecord<>("mixed", 0, null, new byte[] {(byte) 0xff}),
            new ProducerRecord<>("mixed", 0, null, json("a", 1700000001000L, "2")),
            new ProducerRecord<>("mixed", 1, null, json("b", 1700000000000L, "\"3\""))));

    List<Reading> readings = read(List.of("mixed"), reader(new JsonFormat(), FIELDS), Map.of());

    List<String> seen =
        readings.stream()
            .map(
                reading ->
                    reading.observation != null
                        ? reading.observation.input() + " " + reading.observation.features[0]
                        : reading.rejected.input + " rejected")
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "mixed/0@0 1.5",
            "mixed/0@1 rejected",
            "mixed/0@2 rejected",
            "mixed/0@3 rejected",
            "mixed/0@4 2.0",
            "mixed/1@0 3.0"),
        seen);
    Rejected tombstone =
        readings.stream()
            .filter(r -> r.rejected != null && r.rejected.input.equals("mixed/0@2"))
            .findFirst()
            .orElseThrow()
            .rejected;
    assertEquals("no value", tombstone.reason);
    assertNotNull(tombstone.raw);
    assertArrayEquals(bytes("key"), tombstone.raw.key);
    assertNull(tombstone.raw.value);
  }

  @Test
  void readsKeyHeadersTopicAndTimestamp() throws Exception {
    broker.createTopic("parts", 1);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            "parts",
            0,
            1700000000123L,
            bytes("{\"id\":12345678901234567890,\"v\":7}"),
            bytes("{\"x\":1}"));
    record.headers().add(new RecordHeader("unit", bytes("first")));
    record.headers().add(new RecordHeader("unit", bytes("m|s\\")));
    record.headers().add(new RecordHeader("none", null));
    broker.produce(List.of(record));
    ObservationFields fields =
        new ObservationFields(
            List.of(
                FieldPath.parse("$topic"),
                FieldPath.parse("$key.id"),
                FieldPath.parse("$header.unit")),
            new TimestampField(FieldPath.parse("$timestamp"), null, null),
            List.of(FieldPath.parse("x"), FieldPath.parse("$key.v")),
            null,
            List.of(
                new ObservationFields.Kept("key", FieldPath.parse("$key")),
                new ObservationFields.Kept("none", FieldPath.parse("$header.none"))));

    Observation seen =
        read(List.of("parts"), reader(new JsonFormat(), fields), Map.of()).get(0).observation;

    assertNotNull(seen);
    assertEquals("parts|12345678901234567890|m\\|s\\\\", seen.series);
    assertEquals(1700000000123L, seen.timestamp);
    assertArrayEquals(new double[] {1, 7}, seen.features);
    assertArrayEquals(
        new String[] {"\"{\\\"id\\\":12345678901234567890,\\\"v\\\":7}\"", "null"}, seen.keep);
    RawRecord raw = seen.raw;
    assertNotNull(raw);
    assertArrayEquals(new String[] {"unit", "unit", "none"}, raw.headerNames);
    assertArrayEquals(bytes("m|s\\"), raw.headerValues[1]);
    assertNull(raw.headerValues[2]);
  }

  @Test
  void readsCsvByPointersFromSeveralTopics() throws Exception {
    broker.createTopic("csv-1", 1);
    broker.createTopic("csv-2", 1);
    broker.produce("csv-1", "a,1700000000000,\"1.5\"\r\n");
    broker.produce("csv-2", "b,1700000000000,2", "b,1700000000000");
    ObservationFields fields =
        new ObservationFields(
            List.of(FieldPath.parse("/0")),
            new TimestampField(FieldPath.parse("/1"), null, null),
            List.of(FieldPath.parse("/2")),
            null,
            List.of());

    List<Reading> readings =
        read(
            List.of("csv-1", "csv-2"),
            reader(new CsvFormat(), fields),
            Map.of("client.id.prefix", "p", "max.poll.records", "1"));

    readings.sort(
        Comparator.comparing(
            r -> r.observation != null ? r.observation.input() : r.rejected.input));
    assertArrayEquals(new double[] {1.5}, readings.get(0).observation.features);
    assertEquals("csv-2/0@0", readings.get(1).observation.input());
    assertEquals(
        "/2: expected a finite number, found no such field", readings.get(2).rejected.reason);
    assertEquals(3, readings.size());
  }

  @Test
  @Timeout(120)
  void readsCommittedRecordsOnlyUnlessToldOtherwise() throws Exception {
    broker.createTopic("transactions", 1);
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      for (int i = 0; i < 3; i++) {
        producer.beginTransaction();
        var sent =
            producer.send(
                new ProducerRecord<>("transactions", 0, null, json("a", 1700000000000L + i, "1")));
        producer.flush();
        sent.get();
        if (i == 1) {
          producer.commitTransaction();
        } else {
          producer.abortTransaction();
        }
      }
    }
    ObservationReader reader = reader(new JsonFormat(), FIELDS);
    List<Reading> committed = read(List.of("transactions"), reader, Map.of());
    assertEquals(
        List.of("transactions/0@2"), committed.stream().map(r -> r.observation.input()).toList());
    List<Reading> all =
        read(List.of("transactions"), reader, Map.of("isolation.level", "read_uncommitted"));
    assertEquals(3, all.size());
  }

  /** Fires 10 ms after the first observation, by the event clock. */
  @Tag("thorough")
  @Test
  @Timeout(120)
  void aPartitionOfPoisonDoesNotHoldTheEventClock() throws Exception {
    broker.createTopic("poisoned", 2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      records.add(new ProducerRecord<>("poisoned", 0, null, bytes("poison")));
      records.add(new ProducerRecord<>("poisoned", 1, null, json("a", 1700000000000L + i, "1")));
    }
    broker.produce(records);
    KafkaSourceSettings settings =
        new KafkaSourceSettings(
            List.of("poisoned"),
            "readers",
            Start.EARLIEST,
            Stop.NEVER,
            Map.of("bootstrap.servers", broker.bootstrapServers()));
    CloseableIterator<String> fired =
        EmbeddedFlink.restartingOnce()
            .fromSource(
                KafkaObservations.source(settings, reader(new JsonFormat(), FIELDS), Duration.ZERO),
                ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMillis(500)),
                "source")
            .keyBy(reading -> reading.observation == null ? "poison" : "good")
            .process(new FirstTimer())
            .executeAndCollect();
    try {
      assertEquals("1700000000010", fired.next());
    } finally {
      fired.close();
    }
  }

  private static final class FirstTimer extends KeyedProcessFunction<String, Reading, String> {
    @Override
    public void processElement(Reading reading, Context context, Collector<String> out) {
      if (reading.observation != null && reading.observation.position == 0) {
        context.timerService().registerEventTimeTimer(context.timestamp() + 10);
      }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<String> out) {
      out.collect(Long.toString(timestamp));
    }
  }

  private static byte[] json(String series, long timestamp, String x) {
    return bytes("{\"s\":\"" + series + "\",\"t\":" + timestamp + ",\"x\":" + x + "}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
