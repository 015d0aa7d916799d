package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.EmbeddedFlink;
import io.unroll.connectors.FailOnce;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.kafka.KafkaSinkSettings.Delivery;
import io.unroll.connectors.kafka.KafkaSourceSettings.Start;
import io.unroll.connectors.kafka.KafkaSourceSettings.Stop;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaOutputsITCase {

  private static final int RECORDS = 4000;
  private static final int POISON_EVERY = 100;

  private static final OutputFormat JSON =
      new OutputFormat(new JsonFormat(), List.of("y"), List.of());

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  private static Map<String, String> properties() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(Delivery.class)
  void aJobThatFailsOnPurposeLosesNothing(Delivery delivery) throws Exception {
    String in = "in-" + delivery;
    String out = "out-" + delivery;
    String dead = "dead-" + delivery;
    broker.createTopic(in, 2);
    broker.createTopic(out, 1);
    broker.createTopic(dead, 1);
    List<String> expected = new ArrayList<>();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    int[] offsets = new int[2];
    for (int i = 0; i < RECORDS; i++) {
      int partition = i % 3 == 0 ? 1 : 0;
      long timestamp = 1_700_000_000_000L + i;
      String input = in + "/" + partition + "@" + offsets[partition]++;
      boolean poison = i % POISON_EVERY == 0;
      String value =
          poison ? "{\"s\":" + i : "{\"s\":\"k" + partition + "\",\"t\":" + timestamp + ",\"x\":1}";
      records.add(
          new ProducerRecord<>(in, partition, "key".getBytes(UTF_8), value.getBytes(UTF_8)));
      expected.add(poison ? "dead " + input : "k" + partition + " " + timestamp + " " + input);
    }
    broker.produce(records);

    FailOnce<Reading> failing = new FailOnce<>(RECORDS / 3, 5);
    run(in, failing, out, dead, delivery);

    assertTrue(failing.hasFailed());
    List<String> seen =
        Stream.concat(
                broker.consume(out).stream().map(KafkaOutputsITCase::showPrediction),
                broker.consume(dead).stream().map(r -> "dead " + header(r, "unroll.input")))
            .toList();
    List<String> once =
        delivery == Delivery.EXACTLY_ONCE ? seen : seen.stream().distinct().toList();
    assertEquals(expected.stream().sorted().toList(), once.stream().sorted().toList());
    // Offsets are committed behind the checkpoints, the last of them not before the job ends.
    long committed = broker.committed("group-" + delivery, in, 0);
    assertTrue(committed > 0 && committed <= offsets[0], "committed offset " + committed);
  }

  private static void run(
      String in, FailOnce<Reading> failing, String out, String dead, Delivery delivery)
      throws Exception {
    ObservationReader reader =
        new ObservationReader(
            new JsonFormat(),
            new ObservationFields(
                List.of(FieldPath.parse("s")),
                new TimestampField(FieldPath.parse("t"), null, null),
                List.of(FieldPath.parse("x")),
                null,
                List.of()),
            TimestampBounds.DEFAULT,
            true);
    KafkaSourceSettings source =
        new KafkaSourceSettings(
            List.of(in), "group-" + delivery, Start.EARLIEST, Stop.LATEST, properties());
    StreamExecutionEnvironment env = EmbeddedFlink.restartingOnce();
    env.fromSource(
            KafkaObservations.source(source, reader, Duration.ZERO),
            ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)),
            "source")
        .map(failing)
        .returns(Reading.class)
        .map(reading -> outbound(reading, out, dead))
        .returns(OutboundRecord.class)
        .sinkTo(
            KafkaOutputs.sink(
                new KafkaSinkSettings(delivery, "unroll-test-" + delivery, properties())));
    env.execute();
  }

  private static OutboundRecord outbound(Reading reading, String out, String dead) {
    if (reading.rejected != null) {
      return KafkaOutputs.rejected(dead, reading.rejected);
    }
    Observation observation = reading.observation;
    Prediction prediction = new Prediction();
    prediction.series = observation.series;
    prediction.timestamp = observation.timestamp;
    prediction.output = new float[] {1};
    prediction.origin = observation.origin;
    prediction.position = observation.position;
    return KafkaOutputs.prediction(out, prediction, JSON);
  }

  private static String showPrediction(ConsumerRecord<byte[], byte[]> record) {
    String value = new String(record.value(), UTF_8);
    String input = value.substring(value.indexOf("\"input\":\"") + 9, value.lastIndexOf('"'));
    return new String(record.key(), UTF_8) + " " + record.timestamp() + " " + input;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void oneSinkWritesEachRecordToItsTopicAsItCame() throws Exception {
    for (String topic : List.of("p", "s", "e", "r", "l")) {
      broker.createTopic(topic, 1);
    }
    Prediction prediction = new Prediction();
    prediction.series = "\u00e9";
    prediction.timestamp = 1_700_000_000_000L;
    prediction.output = new float[] {0.1f};
    SequenceEvent closed = new SequenceEvent();
    closed.series = "a";
    closed.last = 1_700_000_000_001L;
    closed.timestamp = Long.MAX_VALUE;
    Evaluation evaluation = new Evaluation();
    evaluation.series = "\u00e9";
    evaluation.made = 1;
    evaluation.timestamp = 1_700_000_000_004L;
    Rejected rejected = new Rejected();
    rejected.input = "w/0@1";
    rejected.reason = "x: expected \u20ac";
    rejected.raw = new RawRecord(new byte[] {(byte) 0xff}, null);
    rejected.raw.headerNames = new String[] {"a", "a", "n"};
    rejected.raw.headerValues = new byte[][] {{1}, {2}, null};
    Rejected late = new Rejected();
    late.input = "w.csv:9";
    late.timestamp = 1_700_000_000_002L;
    late.reason = "late";
    late.watermark = 1_700_000_000_003L;
    late.raw = new RawRecord(null, new byte[] {(byte) 0xc3});

    StreamExecutionEnvironment env = EmbeddedFlink.restartingOnce();
    env.fromData(
            KafkaOutputs.prediction("p", prediction, JSON),
            KafkaOutputs.sequence("s", closed, JSON),
            KafkaOutputs.evaluation("e", evaluation, JSON),
            KafkaOutputs.rejected("r", rejected),
            KafkaOutputs.rejected("l", late))
        .sinkTo(
            KafkaOutputs.sink(
                new KafkaSinkSettings(Delivery.EXACTLY_ONCE, "unroll-topics", properties())));
    env.execute();

    ConsumerRecord<byte[], byte[]> p = broker.consume("p").get(0);
    assertEquals("\u00e9", new String(p.key(), UTF_8));
    assertEquals(1_700_000_000_000L, p.timestamp());
    assertArrayEquals(JSON.prediction(prediction), p.value());
    ConsumerRecord<byte[], byte[]> s = broker.consume("s").get(0);
    assertEquals(1_700_000_000_001L, s.timestamp());
    assertArrayEquals(JSON.sequence(closed), s.value());
    ConsumerRecord<byte[], byte[]> e = broker.consume("e").get(0);
    assertEquals("\u00e9", new String(e.key(), UTF_8));
    assertEquals(1_700_000_000_004L, e.timestamp());
    assertArrayEquals(JSON.evaluation(evaluation), e.value());
    ConsumerRecord<byte[], byte[]> r = broker.consume("r").get(0);
    assertArrayEquals(new byte[] {(byte) 0xff}, r.key());
    assertNull(r.value());
    assertEquals(
        List.of("a", "a", "n", "unroll.reason", "unroll.input"),
        Stream.of(r.headers().toArray()).map(Header::key).toList());
    assertArrayEquals(new byte[] {2}, r.headers().toArray()[1].value());
    assertNull(r.headers().lastHeader("n").value());
    assertEquals("x: expected \u20ac", header(r, KafkaOutputs.REASON));
    assertEquals("w/0@1", header(r, KafkaOutputs.INPUT));
    ConsumerRecord<byte[], byte[]> l = broker.consume("l").get(0);
    assertNull(l.key());
    assertArrayEquals(new byte[] {(byte) 0xc3}, l.value());
    assertEquals(1_700_000_000_002L, l.timestamp());
    assertEquals("1700000000003", header(l, KafkaOutputs.WATERMARK));
  }

  @Tag("thorough")
  @Test
  void aRejectedRecordThatIsTooLargeToSendIsCut() throws Exception {
    broker.createTopic("large", 1);
    Rejected rejected = new Rejected();
    rejected.input = "w.csv:1";
    rejected.reason = "too much";
    byte[] value = new byte[5_000_000];
    value[0] = 7;
    rejected.raw = new RawRecord("key".getBytes(UTF_8), value);
    StreamExecutionEnvironment env = EmbeddedFlink.restartingOnce();
    OutboundRecord outbound = KafkaOutputs.rejected("large", rejected);
    TopicLimits limits = new TopicLimitsReader(properties(), AnswerTimeout.AT_START).read("large");
    assertTrue(new TopicJudge(limits, System::currentTimeMillis).fit(outbound));
    env.fromData(outbound)
        .sinkTo(
            KafkaOutputs.sink(new KafkaSinkSettings(Delivery.AT_LEAST_ONCE, null, properties())));
    env.execute();

    ConsumerRecord<byte[], byte[]> record = broker.consume("large").get(0);
    assertTrue(record.value().length > 1_000_000 && record.value().length < 1_048_576);
    assertEquals(7, record.value()[0]);
    assertEquals("5000000", header(record, KafkaOutputs.CUT));
    assertEquals("too much", header(record, KafkaOutputs.REASON));
  }
}
