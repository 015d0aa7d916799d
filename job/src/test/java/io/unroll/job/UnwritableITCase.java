package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that their topics cannot take, on a real broker and exactly once: no job stops. */
final class UnwritableITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx").toAbsolutePath();
  private static final long HOUR = 3_600_000;
  private static final long START = 1_700_000_000_000L;
  private static final List<String> OUTPUTS =
      List.of("predictions", "sequences", "evaluations", "rejected", "late");

  private static EmbeddedBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  @Test
  void aPredictionAboveTheProducersLimitIsRejectedAndItsSequenceGoesOn() throws Exception {
    String name = "large";
    broker.createTopic(name, 1, Map.of("max.message.bytes", "4000000"));
    topics(name, Map.of());
    for (int i = 0; i < 4; i++) {
      for (String series : List.of("large", "small")) {
        produce(name, observation(series, START + i, 100 + i * i, ""));
      }
    }
    // The third step of one series keeps 20 fields of 60 kB.
    String kept =
        IntStream.range(0, 20)
            .mapToObj(field -> ",\"k" + field + "\":\"" + "x".repeat(60_000) + "\"")
            .collect(Collectors.joining());
    produce(name, observation("large", START + 4, 120, kept));
    produce(name, observation("small", START + 4, 120, ""));
    produce(name, observation("large", START + 5, 121, ""));
    produce(name, observation("small", START + 5, 121, ""));

    Run run = run(pipeline(name, "earliest", keep(20), ""));

    assertEquals(12, run.readings(Counter.INPUTS));
    assertEquals(10, run.sequences(Counter.STEPS), "an unwritable output's input stays a step");
    assertEquals(2, run.sequences(Counter.PRIMINGS));
    assertEquals(10, run.sequences(Counter.PREDICTIONS));
    assertEquals(0, run.sequences(Counter.REJECTED));
    assertEquals(Map.of("predictions", 1L), run.unwritable());
    List<JsonNode> large = json(name + "-predictions", "large");
    List<JsonNode> small = json(name + "-predictions", "small");
    assertEquals(List.of(0, 1, 2, 4), large.stream().map(p -> p.get("step").intValue()).toList());
    assertEquals(
        small.stream()
            .filter(p -> p.get("step").intValue() != 3)
            .map(p -> p.get("output"))
            .toList(),
        large.stream().map(p -> p.get("output")).toList(),
        "the hidden state has advanced");

    ConsumerRecord<byte[], byte[]> rejected = only(name + "-rejected");
    assertEquals("large", new String(rejected.key(), UTF_8));
    assertEquals(name + "/0@8", header(rejected, "unroll.input"));
    assertEquals("predictions", header(rejected, "unroll.output"));
    String reason = header(rejected, "unroll.reason");
    assertTrue(
        reason.matches(
            "prediction of 1\\d{6} bytes, topic 'large-predictions' takes 1048576"
                + " \\(max.request.size\\).*"),
        reason);
    int whole = Integer.parseInt(header(rejected, "unroll.cut"));
    assertTrue(whole > 1_200_000, "cut from " + whole);
    assertTrue(rejected.value().length > 1_000_000, "of which " + rejected.value().length);
    assertTrue(new String(rejected.value(), UTF_8).startsWith("{\"series\":\"large\""));
  }

  /** Runs to the end without a restart. */
  @Tag("thorough")
  @Test
  void theTopicsOwnLimitCountsWhereItIsTheLower() throws Exception {
    String name = "narrow";
    broker.createTopic(name, 1);
    topics(name, Map.of("max.message.bytes", "20000"));
    produce(name, observation("a", START, 100, ""));
    produce(name, observation("a", START + 1, 101, ""));
    produce(name, observation("a", START + 2, 102, ",\"k0\":\"" + "x".repeat(30_000) + "\""));
    produce(name, observation("a", START + 3, 103, ""));
    produce(name, "{\"s\":" + "y".repeat(100_000));

    Run run = run(pipeline(name, "earliest", keep(1), ""));

    assertEquals(5, run.readings(Counter.INPUTS));
    assertEquals(1, run.readings(Counter.REJECTED));
    assertEquals(Map.of("predictions", 1L), run.unwritable());
    assertEquals(
        List.of(0, 2),
        json(name + "-predictions", "a").stream().map(p -> p.get("step").intValue()).toList());
    List<ConsumerRecord<byte[], byte[]>> rejected = broker.consume(name + "-rejected");
    assertEquals(2, rejected.size());
    for (ConsumerRecord<byte[], byte[]> record : rejected) {
      boolean poison = header(record, "unroll.input").equals(name + "/0@4");
      assertEquals(poison, record.headers().lastHeader("unroll.output") == null);
      int cut = Integer.parseInt(header(record, "unroll.cut"));
      assertTrue(poison ? cut == 100_005 : cut > 30_000 && cut < 31_000, "cut from " + cut);
      assertTrue(record.value().length > 19_000, "to " + record.value().length);
    }
  }

  @Tag("thorough")
  @Test
  void aLateRecordLosesItsTailAndAStampThatItsTopicDoesNotTake() throws Exception {
    String name = "overdue";
    broker.createTopic(name, 1);
    topics(name, Map.of());
    broker.configure(
        name + "-late",
        Map.of("max.message.bytes", "20000", "message.timestamp.before.max.ms", "3600000"));
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      values.add(observation("a", START + i * 1000L, 100, ""));
    }
    produce(name, values.toArray(new String[0]));
    produce(name, observation("b", START, 7, ",\"k0\":\"" + "x".repeat(30_000) + "\""));

    Run run = run(pipeline(name, "earliest", keep(1), "idle-timeout: 10 s"));

    assertEquals(1, run.sequences(Counter.LATE));
    assertEquals(Map.of(), run.unwritable());
    ConsumerRecord<byte[], byte[]> late = only(name + "-late");
    assertTrue(late.timestamp() > START + 24 * HOUR, "stamped by the producer");
    assertTrue(Integer.parseInt(header(late, "unroll.cut")) > 30_000);
    assertTrue(late.value().length < 20_000);
  }

  @Test
  void anOutputStampedFurtherAheadThanItsTopicAllowsIsRejected() throws Exception {
    String name = "ahead";
    broker.createTopic(name, 1);
    topics(name, Map.of());
    broker.configure(name + "-sequences", Map.of("message.timestamp.type", "LogAppendTime"));
    long now = System.currentTimeMillis();
    long[] at = {now - HOUR, now, now + 2 * HOUR, now + 2 * HOUR + 1, now + 4 * HOUR};
    for (int i = 0; i < at.length; i++) {
      produce(name, observation("a", at[i], 100 + i, ""));
    }

    Run run = run(pipeline(name, "earliest", keep(1), ""));

    // The last one is past max-ahead itself.
    assertEquals(5, run.readings(Counter.INPUTS));
    assertEquals(1, run.sequences(Counter.REJECTED));
    assertEquals(3, run.sequences(Counter.STEPS));
    // Two of three predictions; of both outputs the first two came true hours ahead.
    assertEquals(Map.of("predictions", 2L, "evaluations", 4L), run.unwritable());
    assertEquals(
        List.of(now),
        json(name + "-predictions", "a").stream()
            .map(p -> p.get("timestamp").longValue())
            .toList());
    assertEquals(
        2, json(name + "-sequences", "a").size(), "opened and closed, stamped by the broker");
    assertEquals(List.of(), broker.consumeText(name + "-evaluations"));
    Map<String, Long> byOutput =
        broker.consume(name + "-rejected").stream()
            .filter(record -> record.headers().lastHeader("unroll.output") != null)
            .collect(
                Collectors.groupingBy(
                    record -> header(record, "unroll.output"), Collectors.counting()));
    assertEquals(Map.of("predictions", 2L, "evaluations", 4L), byOutput);
    for (ConsumerRecord<byte[], byte[]> record : broker.consume(name + "-rejected")) {
      if (record.headers().lastHeader("unroll.output") != null) {
        String reason = header(record, "unroll.reason");
        assertTrue(reason.contains("message.timestamp.after.max.ms"), reason);
        assertEquals("a", new String(record.key(), UTF_8));
        assertNull(record.headers().lastHeader("unroll.cut"));
      }
    }
  }

  @Test
  void anOutputOlderThanItsTopicAllowsIsRejected() throws Exception {
    String name = "past";
    broker.createTopic(name, 1);
    topics(name, Map.of());
    broker.configure(name + "-predictions", Map.of("message.timestamp.before.max.ms", "7200000"));
    broker.configure(name + "-sequences", Map.of("message.timestamp.before.max.ms", "7200000"));
    long now = System.currentTimeMillis();
    for (long t : new long[] {START, START + 1, now}) {
      produce(name, observation("a", t, 100, ""));
    }

    Run run = run(pipeline(name, "earliest", keep(1), ""));

    assertEquals(2, run.sequences(Counter.STEPS));
    // The sequence was opened long ago and is closed now.
    assertEquals(Map.of("predictions", 1L, "sequences", 1L), run.unwritable());
    assertEquals(1, json(name + "-predictions", "a").size());
    assertEquals(1, json(name + "-sequences", "a").size());
    List<ConsumerRecord<byte[], byte[]>> rejected = broker.consume(name + "-rejected");
    assertEquals(2, rejected.size());
    for (ConsumerRecord<byte[], byte[]> record : rejected) {
      String reason = header(record, "unroll.reason");
      assertTrue(reason.contains("message.timestamp.before.max.ms"), reason);
    }
  }

  @Tag("thorough")
  @Test
  void whatIsRejectedMayGoToAFile() throws Exception {
    String name = "filed";
    broker.createTopic(name, 1);
    topics(name, Map.of());
    broker.configure(name + "-predictions", Map.of("max.message.bytes", "5000"));
    produce(name, observation("a", START, 100, ""));
    produce(name, observation("a", START + 1, 101, ",\"k0\":\"" + "x".repeat(6000) + "\""));
    Path file = pipeline(name, "earliest", keep(1), "");
    Path rejected = folder.resolve("rejected");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{kafka: {topic: filed-rejected}}", "{file: {path: " + rejected + "}}"));

    Run run = run(file);

    assertEquals(Map.of("predictions", 1L), run.unwritable());
    List<String> lines = new ArrayList<>();
    try (Stream<Path> parts = Files.walk(rejected)) {
      for (Path part : parts.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(part));
      }
    }
    assertEquals(1, lines.size());
    JsonNode line = JSON.readTree(lines.get(0));
    assertEquals("filed/0@1", line.get("input").textValue());
    assertEquals("a", line.get("series").textValue());
    assertEquals(START + 1, line.get("timestamp").longValue());
    assertTrue(line.get("reason").textValue().startsWith("prediction of "), lines.get(0));
    JsonNode raw = JSON.readTree(line.get("raw").textValue());
    assertEquals(6000, raw.get("keep").get("k0").textValue().length(), "a file takes it whole");
  }

  private static void topics(String name, Map<String, String> settings) throws Exception {
    for (String output : OUTPUTS) {
      broker.createTopic(name + "-" + output, 1, settings);
    }
  }

  private static String observation(String series, long timestamp, double price, String kept) {
    return "{\"s\":\"" + series + "\",\"t\":" + timestamp + ",\"price\":" + price + kept + "}";
  }

  private static void produce(String topic, String... values) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "max.request.size", "4000000");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get();
      }
    }
  }

  private static String keep(int fields) {
    return IntStream.range(0, fields)
        .mapToObj(field -> "k" + field + ": k" + field)
        .collect(Collectors.joining(", "));
  }

  private Path pipeline(String name, String start, String keep, String sequence) throws Exception {
    Path file = folder.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%1$s], group.id: %1$s, start: %3$s, stop: latest}
          format: json
          max-ahead: 3 h
        observation:
          series: s
          timestamp: t
          features: [{field: price, transform: log-return, multiply-by: 100}]
          keep: {%4$s}
        sequence: {keep-series-for: 30 d, %5$s}
        model: {onnx: %6$s, outputs: [q05, q50, q95]}
        evaluate: [{output: q05, against: price}, {output: q95, against: price}]
        sink:
          predictions: {kafka: {topic: %1$s-predictions}}
          sequences: {kafka: {topic: %1$s-sequences}}
          evaluations: {kafka: {topic: %1$s-evaluations}}
          rejected: {kafka: {topic: %1$s-rejected}}
          late: {kafka: {topic: %1$s-late}}
        flink: {parallelism.default: 1}
        """
            .formatted(name, broker.bootstrapServers(), start, keep, sequence, MODEL));
    return file;
  }

  /** What a job counted. */
  private record Run(Map<String, Object> accumulators) {
    long readings(Counter counter) {
      return ((Counters) accumulators.get("readings")).get(counter);
    }

    long sequences(Counter counter) {
      return ((Counters) accumulators.get("sequences")).get(counter);
    }

    /** By output, those above 0; and inputs are all accounted for. */
    Map<String, Long> unwritable() {
      assertEquals(
          readings(Counter.INPUTS),
          readings(Counter.REJECTED)
              + Stream.of(
                      Counter.STEPS,
                      Counter.PRIMINGS,
                      Counter.MARKERS,
                      Counter.LATE,
                      Counter.REJECTED)
                  .mapToLong(this::sequences)
                  .sum());
      return accumulators.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith("unwritable."))
          .filter(entry -> (Long) entry.getValue() > 0)
          .collect(
              Collectors.toMap(
                  entry -> entry.getKey().substring("unwritable.".length()),
                  entry -> (Long) entry.getValue()));
    }
  }

  private static Run run(Path pipeline) throws Exception {
    PipelineJob job = PipelineJob.load(pipeline);
    Configuration defaults = new Configuration();
    defaults.setString("execution.checkpointing.interval", "200 ms");
    defaults.setString("pipeline.auto-watermark-interval", "1 ms");
    defaults.setString("restart-strategy.type", "none");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(defaults));
    job.define(env);
    JobExecutionResult result = env.execute();
    return new Run(result.getAllAccumulatorResults());
  }

  private static ConsumerRecord<byte[], byte[]> only(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = broker.consume(topic);
    assertEquals(1, records.size(), topic);
    return records.get(0);
  }

  private static List<JsonNode> json(String topic, String series) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (String line : broker.consumeText(topic)) {
      JsonNode json = JSON.readTree(line);
      if (json.get("series").textValue().equals(series)) {
        found.add(json);
      }
    }
    return found;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
