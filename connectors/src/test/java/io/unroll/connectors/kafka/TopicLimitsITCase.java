package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real broker says that its topics take, and what they take. */
final class TopicLimitsITCase {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final long HOUR = 3_600_000;
  private static final long NONE = TopicLimits.UNBOUNDED;

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private static TopicLimits read(String topic, String... settings) throws Exception {
    Map<String, String> properties = new HashMap<>();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    for (int i = 0; i < settings.length; i += 2) {
      properties.put(settings[i], settings[i + 1]);
    }
    return new TopicLimitsReader(properties, AnswerTimeout.AT_START).read(topic);
  }

  @Test
  void theLowestLimitCounts() throws Exception {
    broker.createTopic("own", 1, Map.of("max.message.bytes", "2000000"));
    assertEquals(new TopicLimits("own", 1_048_576, "max.request.size", NONE, HOUR), read("own"));
    assertEquals(
        new TopicLimits("own", 2_000_000, "max.message.bytes", NONE, HOUR),
        read("own", "max.request.size", "3000000"));
    assertEquals(
        new TopicLimits("own", 500_000, "buffer.memory", NONE, HOUR),
        read("own", "buffer.memory", " 500000 "));
  }

  @Test
  void aTopicThatStampsRecordsItselfHasNoBounds() throws Exception {
    broker.createTopic(
        "appended",
        1,
        Map.of(
            "message.timestamp.type", "LogAppendTime", "message.timestamp.before.max.ms", "1000"));
    assertEquals(
        new TopicLimits("appended", 1_048_576, "max.request.size", NONE, NONE), read("appended"));
    broker.configure("appended", Map.of("message.timestamp.type", "CreateTime"));
    assertEquals(
        new TopicLimits("appended", 1_048_576, "max.request.size", 1000, HOUR), read("appended"));
  }

  @Test
  void aTopicThatIsNotThereHasTheBrokersDefaults() throws Exception {
    assertEquals(
        new TopicLimits("nowhere", 1_048_588, "max.message.bytes", NONE, HOUR),
        read("nowhere", "max.request.size", "3000000"));
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamed() {
    Map<String, String> nobody = Map.of("bootstrap.servers", "127.0.0.1:1");
    assertEquals(
        "topic settings cannot be read from broker 127.0.0.1:1: no answer within 1 s",
        assertThrows(
                IOException.class,
                () ->
                    new TopicLimitsReader(nobody, new AnswerTimeout(Duration.ofSeconds(1)))
                        .read("t"))
            .getMessage());
  }

  @Test
  void aLimitThatIsNoNumberIsNamed() {
    assertEquals(
        "max.request.size: found 'much', expected a number of bytes",
        assertThrows(
                IllegalArgumentException.class, () -> read("nowhere", "max.request.size", "much"))
            .getMessage());
  }

  /** Nothing can be compressed, so that each codec makes the record longer than it was. */
  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void whatIsJustWithinTheLimitIsTaken(String compression) throws Exception {
    Random random = new Random(SEED);
    for (int limit : new int[] {5_000, 100_000, 1_000_000}) {
      String topic = compression + limit;
      broker.createTopic(topic, 1, Map.of("max.message.bytes", Integer.toString(limit)));
      TopicLimits limits = read(topic, "compression.type", compression);
      assertTrue(limits.bytes() > limit - limit / 256 - 70, limits.toString());
      TopicJudge judge = new TopicJudge(limits, System::currentTimeMillis);
      OutboundRecord record = new OutboundRecord();
      record.topic = topic;
      record.timestamp = System.currentTimeMillis();
      record.value = new byte[limit];
      while (!judge.takes(record)) {
        record.value = new byte[record.value.length - 1];
      }
      random.nextBytes(record.value);
      send(compression, record);
      assertEquals(1, broker.consume(topic).size(), "seed " + SEED);
    }
  }

  /** The judge and the broker agree on the far side too. */
  @Test
  void whatIsFarOutsideIsRefused() throws Exception {
    broker.createTopic("strict", 1, Map.of("max.message.bytes", "5000"));
    TopicJudge judge = new TopicJudge(read("strict"), System::currentTimeMillis);
    List<OutboundRecord> refused = new ArrayList<>();
    OutboundRecord large = new OutboundRecord();
    large.topic = "strict";
    large.value = new byte[5000];
    refused.add(large);
    OutboundRecord ahead = new OutboundRecord();
    ahead.topic = "strict";
    ahead.value = new byte[1];
    ahead.timestamp = System.currentTimeMillis() + 2 * HOUR;
    refused.add(ahead);
    for (OutboundRecord record : refused) {
      assertEquals(false, judge.takes(record));
      assertThrows(ExecutionException.class, () -> send("none", record));
    }
  }

  private static void send(String compression, OutboundRecord record) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "compression.type", compression);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new OutboundSerializer().serialize(record, null, null)).get();
    }
  }
}
