package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Event time of partitions on a real broker, each in a reader of its own or both in one. What is
 * due when a job is killed closes after the restart, though no record comes any more; the first
 * that wakes after a silence does not overtake the other.
 */
@Timeout(240)
final class KafkaEventTimeITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx").toAbsolutePath();
  private static final long TEN = 1_700_000_000_000L;
  private static final long MINUTE = 60_000;

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  /** Flink makes no watermark before the checkpoint: it holds the records alone. */
  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1"})
  void whatTheRecordsOfACheckpointSaidIsStillSaid(int before, int after) throws Exception {
    restart(before, after);
  }

  /** Leaves a savepoint of what has been seen by now, and no later one. */
  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({"2, 2", "1, 2"})
  void whatTheyToldReadersIsStillSaid(int before, int after) throws Exception {
    restart(before, after);
  }

  private void restart(int before, int after) throws Exception {
    Path pipeline = pipeline("restart-" + before + after, 2);
    JobClient first = start(pipeline, before, "1 h", null);
    send(pipeline, 0, "a", TEN);
    send(pipeline, 0, "b", TEN + 60 * MINUTE);
    send(pipeline, 1, "c", TEN + 30 * MINUTE);
    await(() -> opened(pipeline).equals(Set.of("a", "b", "c")));
    String savepoint = kill(first);
    assertEquals(Set.of(), closed(pipeline));

    JobClient second = start(pipeline, after, "200 ms", savepoint);
    await(() -> closed(pipeline).containsAll(Set.of("a", "c")));
    assertEquals(Set.of("a", "c"), closed(pipeline), "b is due when its partition says so");
    second.cancel().get();
  }

  /** One partition is idle before the checkpoint, the other falls silent after it. */
  @Tag("thorough")
  @Test
  void onePartitionWasIdleBefore() throws Exception {
    Path pipeline = pipeline("idle-before", 2);
    JobClient first = start(pipeline, 1, "2 s", null);
    send(pipeline, 1, "c", TEN);
    send(pipeline, 0, "a", TEN + 30 * MINUTE);
    await(() -> closed(pipeline).equals(Set.of("c"))); // the watermark is past partition 1
    send(pipeline, 0, "b", TEN + 60 * MINUTE);
    await(() -> opened(pipeline).contains("b"));
    String savepoint = kill(first);

    JobClient second = start(pipeline, 1, "200 ms", savepoint);
    await(() -> closed(pipeline).contains("a"));
    assertEquals(Set.of("a", "c"), closed(pipeline));
    second.cancel().get();
  }

  /** Event time stands where the clock of the silence had brought it, and goes on from there. */
  @Test
  void whereItAdvancesWhenAllAreIdleItGoesOn() throws Exception {
    Path pipeline = pipeline("advances", 1);
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replace("idle-after: 1 s", "idle-after: 1 s, when-all-idle: advance")
            .replace("idle-timeout: 10 min", "idle-timeout: 3 s"));
    JobClient first = start(pipeline, 1, "1 h", null);
    send(pipeline, 0, "a", TEN);
    await(() -> opened(pipeline).equals(Set.of("a")));
    String savepoint = kill(first);
    JobClient second = start(pipeline, 1, "200 ms", savepoint);
    await(() -> closed(pipeline).equals(Set.of("a")));
    second.cancel().get();
  }

  /**
   * One reader; without its waiting the records of partition 1 are late. It waits no longer than
   * idle-after: where the machine took longer than that, nothing is said, and a longer one is
   * tried.
   */
  @Tag("thorough")
  @Test
  @Timeout(600)
  void theFirstThatWakesWaitsForTheOther() throws Exception {
    int seconds = 8;
    while (!waits(seconds)) {
      seconds *= 2;
    }
  }

  /** False where the records of partition 1 were not read within {@code idle-after}. */
  private boolean waits(int seconds) throws Exception {
    Path pipeline = pipeline("wakes-" + seconds, 2);
    Files.writeString(
        pipeline,
        Files.readString(pipeline).replace("idle-after: 1 s", "idle-after: " + seconds + " s"));
    JobClient job = start(pipeline, 1, "200 ms", null);
    try {
      send(pipeline, 1, "c", TEN - 20 * MINUTE);
      send(pipeline, 0, "a", TEN);
      await(() -> closed(pipeline).equals(Set.of("c"))); // both are idle, or within a moment
      Thread.sleep(250L * seconds);

      long woken = System.nanoTime();
      send(pipeline, 0, "b", TEN + 120 * MINUTE);
      await(() -> opened(pipeline).contains("b"));
      send(pipeline, 1, "d", TEN + 60 * MINUTE, TEN + 65 * MINUTE);
      while (!opened(pipeline).contains("d")) {
        if (System.nanoTime() - woken > seconds * 1_000_000_000L) {
          return false;
        }
        Thread.sleep(20);
      }
      await(() -> closed(pipeline).contains("d")); // event time goes on all the same
      assertEquals(Set.of("a", "c", "d"), closed(pipeline));
      assertEquals(
          List.of(2),
          events(pipeline, "closed").stream()
              .filter(event -> event.get("series").asText().equals("d"))
              .map(event -> event.get("steps").asInt())
              .toList(),
          "one sequence of two steps");
      return true;
    } finally {
      job.cancel().get();
    }
  }

  private Path pipeline(String name, int partitions) throws Exception {
    for (String topic : List.of(name + "-in", name + "-predictions", name + "-sequences")) {
      broker.createTopic(topic, topic.endsWith("-in") ? partitions : 1);
    }
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%1$s-in], group.id: %1$s}
          format: json
          watermark: {idle-after: 1 s}
        observation:
          series: s
          timestamp: t
          features: [price]
        sequence:
          idle-timeout: 10 min
        model: {onnx: %3$s, outputs: [q05, q50, q95]}
        sink:
          delivery: at-least-once
          predictions: {kafka: {topic: %1$s-predictions}}
          sequences: {kafka: {topic: %1$s-sequences}}
        """
            .formatted(name, broker.bootstrapServers(), MODEL));
  }

  private static JobClient start(
      Path pipeline, int parallelism, String watermarks, @Nullable String savepoint)
      throws Exception {
    PipelineJob job = PipelineJob.load(pipeline);
    Configuration settings = new Configuration();
    settings.setString("execution.checkpointing.interval", "300 ms");
    settings.setString("pipeline.auto-watermark-interval", watermarks);
    settings.setString("parallelism.default", Integer.toString(parallelism));
    settings.setString("restart-strategy.type", "none");
    if (savepoint != null) {
      settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(settings));
    job.define(env);
    return env.executeAsync(job.pipeline().name());
  }

  private String kill(JobClient job) throws Exception {
    String savepoint =
        job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL).get();
    job.cancel().get();
    return savepoint;
  }

  private static void send(Path pipeline, int partition, String series, long... timestamps) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long timestamp : timestamps) {
      String value = "{\"s\":\"%s\",\"t\":%d,\"price\":100}".formatted(series, timestamp);
      records.add(
          new ProducerRecord<>(
              name(pipeline) + "-in", partition, null, value.getBytes(StandardCharsets.UTF_8)));
    }
    broker.produce(records);
  }

  private static String name(Path pipeline) {
    return pipeline.getFileName().toString().replace(".yaml", "");
  }

  private static Set<String> opened(Path pipeline) throws IOException {
    return series(pipeline, "opened");
  }

  private static Set<String> closed(Path pipeline) throws IOException {
    return series(pipeline, "closed");
  }

  private static Set<String> series(Path pipeline, String event) throws IOException {
    Set<String> series = new TreeSet<>();
    events(pipeline, event).forEach(one -> series.add(one.get("series").asText()));
    return series;
  }

  private static List<JsonNode> events(Path pipeline, String event) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : broker.consumeText(name(pipeline) + "-sequences")) {
      JsonNode json = JSON.readTree(line);
      if (json.get("event").asText().equals(event)) {
        events.add(json);
      }
    }
    return events;
  }

  private interface Condition {
    boolean isMet() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    while (!condition.isMet()) {
      Thread.sleep(20);
    }
  }
}
