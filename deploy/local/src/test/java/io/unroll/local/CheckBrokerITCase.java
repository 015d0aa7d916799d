package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} against a real broker, and against none. */
final class CheckBrokerITCase {
  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @Test
  void missingTopicsAreAllNamed() throws Exception {
    broker.createTopic("missing-sequences", 1);
    Said said = Said.by("check", pipeline(broker.bootstrapServers(), "missing"));
    assertEquals(1, said.code());
    String where = "': not on broker " + broker.bootstrapServers() + "; create it first";
    assertEquals(
        List.of(
            "topic 'missing" + where,
            "topic 'missing-late" + where,
            "topic 'missing-predictions" + where,
            "topic 'missing-rejected" + where),
        said.errLines());
    assertTrue(
        said.outLines().contains("topic         missing-sequences: 1 partition"), said.out());
    assertEquals("4 problems", said.outLines().get(said.outLines().size() - 1));
  }

  @Test
  void showsTopicsFirstRecordsAndSeriesThatSpanPartitions() throws Exception {
    broker.createTopic("full", 2);
    for (String topic : List.of("predictions", "sequences", "rejected", "late")) {
      broker.createTopic("full-" + topic, 3);
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      records.add(weather(day % 2, "Seattle", day));
      records.add(weather(1, "New York", day));
    }
    records.add(new ProducerRecord<>("full", 0, null, "{\"series\":".getBytes(UTF_8)));
    broker.produce(records);

    Said said = Said.by("check", pipeline(broker.bootstrapServers(), "full"));
    assertEquals(0, said.code(), said.err());
    assertEquals("", said.err());
    List<String> lines = said.outLines();
    assertTrue(lines.contains("topic         full: 2 partitions"), said.out());
    assertTrue(lines.contains("topic         full-late: 3 partitions"), said.out());
    assertTrue(lines.stream().anyMatch(l -> l.matches("records +9 read .*")), said.out());
    List<String> spanning = lines.stream().filter(l -> l.contains("is in partitions")).toList();
    assertEquals(1, spanning.size(), said.out());
    assertTrue(
        spanning.get(0).startsWith("warning: series 'Seattle' is in partitions full-0, full-1:"),
        spanning.get(0));
    int first = lines.indexOf("first records, as the job sees them");
    assertTrue(
        lines
            .get(first + 1)
            .matches(
                "  full/0@0  Seattle  2012-01-01T00:00:00Z  \\[0.0, 12.8, 5.0, 4.7] ->"
                    + " temp_max 13\\.0\\d*, temp_min 5\\.5\\d*"),
        said.out());
    assertTrue(lines.get(first + 3).startsWith("  full/0@2  rejected: "), said.out());
    assertTrue(lines.get(first + 5).startsWith("  full/1@1  Seattle"), said.out());
    assertTrue(said.out().contains("isolation.level"), said.out());
    assertEquals(-1, broker.committed("unroll", "full", 0), "check joins no group");
    assertEquals(List.of(), broker.consumeText("full-predictions"));
  }

  @Test
  void saysWhatTheOldestRecordsMixUp() throws Exception {
    for (String topic :
        List.of("mixed", "mixed-predictions", "mixed-sequences", "mixed-rejected", "mixed-late")) {
      broker.createTopic(topic, 1);
    }
    byte[] value = weather(0, "Seattle", 0).value();
    broker.produce(
        List.of(
            new ProducerRecord<>("mixed", 0, null, value),
            new ProducerRecord<>("mixed", 0, null, value)));
    Said said = Said.by("check", pipeline(broker.bootstrapServers(), "mixed"));
    assertEquals(0, said.code(), said.err());
    List<String> warnings =
        said.outLines().stream()
            .filter(line -> line.startsWith("warning: observation.timestamp: "))
            .toList();
    assertEquals(1, warnings.size(), said.out());
    assertTrue(
        warnings
            .get(0)
            .contains("2 of 2 records looked at have the series and the time of another"),
        warnings.get(0));
    assertTrue(warnings.get(0).contains("the first of them mixed/0@0"), warnings.get(0));
  }

  @Test
  void saysWhatTheTopicsOfTheOutputsTake() throws Exception {
    broker.createTopic("taken", 1);
    for (String topic : List.of("predictions", "sequences", "rejected", "late")) {
      broker.createTopic("taken-" + topic, 1);
    }
    broker.configure("taken-predictions", Map.of("max.message.bytes", "5000"));
    broker.configure("taken-sequences", Map.of("message.timestamp.before.max.ms", "60000"));
    broker.configure("taken-late", Map.of("message.timestamp.type", "LogAppendTime"));
    Path pipeline = pipeline(broker.bootstrapServers(), "taken");
    Files.writeString(
        pipeline,
        Files.readString(pipeline) // the source's
            .replaceFirst("  format: json", "  format: json\n  max-ahead: 3 h"));

    Said said = Said.by("check", pipeline);
    assertEquals(0, said.code(), said.err());
    assertEquals(
        List.of(
            "taken-predictions: at most 5000 bytes (max.message.bytes), stamped at most 1 h ahead"
                + " of the clock",
            "taken-sequences: at most 1048576 bytes (max.request.size), stamped at most 1 min"
                + " before and 1 h ahead of the clock",
            "taken-rejected: at most 1048576 bytes (max.request.size), stamped at most 1 h ahead"
                + " of the clock",
            "taken-late: at most 1048576 bytes (max.request.size)"),
        said.outLines().stream()
            .filter(line -> line.startsWith("takes  "))
            .map(line -> line.substring("takes         ".length()))
            .toList());
    assertEquals(
        List.of(
            "warning: topic 'taken-predictions' takes records stamped at most 1 h ahead of the"
                + " clock, source.max-ahead is 3 h: outputs between the two go to rejected; set"
                + " message.timestamp.after.max.ms of the topic higher, or source.max-ahead lower",
            "warning: topic 'taken-sequences' takes records stamped at most 1 h ahead of the"
                + " clock, source.max-ahead is 3 h: outputs between the two go to rejected; set"
                + " message.timestamp.after.max.ms of the topic higher, or source.max-ahead lower",
            "warning: topic 'taken-sequences' takes records stamped at most 1 min before the clock:"
                + " outputs of older records go to rejected; set message.timestamp.before.max.ms of"
                + " the topic higher"),
        said.outLines().stream().filter(line -> line.startsWith("warning: topic")).toList());
  }

  /** The Kafka example, on another broker and other topics. */
  @Tag("thorough")
  @Test
  void aBrokerThatDoesNotAnswerIsNamed() throws Exception {
    Said said = Said.by("check", pipeline("127.0.0.1:1", "none"));
    assertEquals(1, said.code());
    assertEquals(
        "broker 127.0.0.1:1: no answer within 10 s; --offline checks without one\n", said.err());
    assertTrue(said.out().contains(" bytes per series"), said.out());
  }

  @Test
  void aBrokerWhoseNameIsUnknownIsNamed() throws Exception {
    Said said = Said.by("check", pipeline("no-such-host.invalid:9092", "none"));
    assertEquals(1, said.code());
    assertEquals(1, said.errLines().size(), said.err());
    assertTrue(said.err().startsWith("broker no-such-host.invalid:9092: "), said.err());
    assertFalse(said.hasTrace(), said.err());
  }

  @Test
  void openTransactionsOfThePipelineAreNamed() throws Exception {
    for (String topic : List.of("", "-predictions", "-sequences", "-rejected", "-late")) {
      broker.createTopic("open" + topic, 1);
    }
    Path pipeline = pipeline(broker.bootstrapServers(), "open");
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "transactional.id",
            "unroll-weather-kafka-0-1");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("open-predictions", new byte[] {1})).get();
      Said said = Said.by("check", pipeline);
      assertEquals(0, said.code(), said.err());
      assertTrue(
          said.outLines()
              .contains(
                  "transactions  of this pipeline are open now: unroll-weather-kafka-0-1; a run of"
                      + " it is alive, or was killed"),
          said.out());
      producer.abortTransaction();
    }
    assertFalse(Said.by("check", pipeline).out().contains("are open now"));
  }

  @Tag("thorough")
  @Test
  void aRunAsksItsBrokerFirst() throws Exception {
    Said said = Said.by("run", pipeline("127.0.0.1:1", "none"));
    assertEquals(1, said.code());
    assertEquals("", said.out());
    assertEquals(
        List.of("weather-kafka: not started: broker 127.0.0.1:1: no answer within 10 s"),
        withoutWarnings(said));
  }

  /** What is written the broker may make. */
  @Test
  void aRunNeedsTheTopicThatItReads() throws Exception {
    Said said = Said.by("run", pipeline(broker.bootstrapServers(), "unread"));
    assertEquals(1, said.code());
    assertEquals(
        List.of(
            "weather-kafka: not started: topic 'unread': not on broker "
                + broker.bootstrapServers()
                + "; create it first"),
        withoutWarnings(said));
  }

  private static List<String> withoutWarnings(Said said) {
    return said.errLines().stream().filter(line -> !line.startsWith("warning: ")).toList();
  }

  private static ProducerRecord<byte[], byte[]> weather(int partition, String city, int day) {
    String json =
        """
        {"series":"%s","timestamp":%d,"precipitation":0.0,"temp_max":12.8,"temp_min":5.0,"wind":4.7}
        """
            .formatted(city, 1325376000000L + day * 86_400_000L);
    return new ProducerRecord<>(
        "full", partition, city.getBytes(UTF_8), json.strip().getBytes(UTF_8));
  }

  private Path pipeline(String servers, String prefix) throws Exception {
    Path example = Examples.copy(folder).resolve("kafka/weather.yaml");
    String text = Files.readString(example).replace("localhost:9092", servers);
    text = text.replace("topics: [weather]", "topics: [" + prefix + "]");
    text = text.replace("topic: ", "topic: " + prefix + "-");
    return Files.writeString(example, text);
  }
}
