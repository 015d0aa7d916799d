package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.kafka.TopicIds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic is deleted and created anew while a run is stopped: its offsets would point into other
 * records. The model repeats its features and counts the steps.
 */
@Timeout(180)
@Tag("thorough")
final class TopicIdsITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  @Test
  void theRunThatGoesOnIsRefusedBeforeAnythingRuns() throws Exception {
    Path pipeline = pipeline("k55");
    send("k55", 0, 1, 2, 3, 4);
    runUntil(pipeline, 5);
    Uuid then = broker.topicId("k55");
    broker.deleteTopic("k55");
    broker.createTopic("k55", 1);
    send("k55", 100, 101, 102, 103, 104, 105, 106, 107);

    Said refused = Said.by("run", pipeline);
    assertEquals(1, refused.code());
    assertEquals("", refused.out());
    List<String> lines = refused.errLines();
    assertEquals(
        List.of(
            "k55: not started: topic 'k55' was deleted and created anew since the checkpoint (id "
                + then
                + " then, "
                + broker.topicId("k55")
                + " now): its offsets point into other records",
            TopicIds.WAYS_OUT),
        lines.subList(lines.size() - 2, lines.size()));
    assertEquals(List.of(0, 1, 2, 3, 4), values("k55"));

    String text = Files.readString(pipeline);
    broker.createTopic("k55-other", 1);
    Files.writeString(pipeline, text.replace("topics: [k55]", "topics: [k55-other]"));
    Said other = Said.by("run", pipeline);
    assertEquals(1, other.code());
    assertTrue(
        other.err().contains("\n  source.kafka.topics: was k55, is k55-other\n"), other.err());
    assertTrue(other.err().contains("source.generation: 2"), other.err());

    // The way out: the series is kept, and all eight are read.
    Files.writeString(pipeline, text.replace("source:\n", "source:\n  generation: 2\n"));
    String said = runUntil(pipeline, 13).err();
    assertTrue(said.contains("source.generation is higher"), said);
    assertEquals(List.of(0, 1, 2, 3, 4, 100, 101, 102, 103, 104, 105, 106, 107), values("k55"));
    assertEquals(
        List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), outputs("k55", "y2"), "steps so far");

    send("k55", 108); // and goes on from there
    runUntil(pipeline, 14);
    assertEquals(108, values("k55").get(13));
    assertEquals(14, outputs("k55", "y2").get(13), "steps so far");
  }

  @Test
  void theSameTopicGoesOn() throws Exception {
    Path pipeline = pipeline("same");
    send("same", 0, 1, 2, 3, 4);
    runUntil(pipeline, 5);
    send("same", 100, 101);
    runUntil(pipeline, 7);
    assertEquals(List.of(0, 1, 2, 3, 4, 100, 101), values("same"));
  }

  private Path pipeline(String name) throws Exception {
    broker.createTopic(name, 1);
    broker.createTopic(name + "-p", 1);
    broker.createTopic(name + "-s", 1);
    Path model = folder.resolve("echo2.onnx");
    try (InputStream echo = TopicIdsITCase.class.getResourceAsStream("/echo2.onnx")) {
      Files.write(model, Objects.requireNonNull(echo, "echo2.onnx").readAllBytes());
    }
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%1$s], group.id: %1$s, start: earliest}
          format: json
          watermark: {idle-after: 5 s}
        observation:
          series: $key
          timestamp: $timestamp
          features: [price, size]
        sequence: {idle-timeout: 1 h}
        model: {onnx: echo2.onnx}
        emit: {on: step}
        sink:
          format: json
          predictions: {kafka: {topic: %1$s-p}}
          sequences: {kafka: {topic: %1$s-s}}
        flink:
          execution.checkpointing.interval: 300 ms
          parallelism.default: 1
        """
            .formatted(name, broker.bootstrapServers()));
  }

  private static void send(String topic, int... prices) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int price : prices) {
      records.add(
          new ProducerRecord<>(
              topic,
              0,
              "K".getBytes(UTF_8),
              ("{\"price\": " + price + ", \"size\": 1}").getBytes(UTF_8)));
    }
    broker.produce(records);
  }

  /**
   * Runs until so many predictions are committed, and with them a checkpoint; then stops.
   *
   * @return what the run said
   */
  private static Said runUntil(Path pipeline, int predictions) throws Exception {
    String name = pipeline.getFileName().toString().replace(".yaml", "");
    FutureTask<Said> run = new FutureTask<>(() -> Said.by("run", pipeline));
    Thread thread = new Thread(run, "run");
    thread.start();
    try {
      while (values(name).size() < predictions) {
        if (run.isDone()) {
          fail("the run ended too early: " + run.get().err());
        }
        Thread.sleep(50);
      }
    } finally {
      thread.interrupt();
      run.get();
    }
    return run.get();
  }

  /** The price of each prediction, in their order. */
  private static List<Integer> values(String name) throws IOException {
    return outputs(name, "y0");
  }

  private static List<Integer> outputs(String name, String output) throws IOException {
    List<Integer> values = new ArrayList<>();
    for (String line : broker.consumeText(name + "-p")) {
      JsonNode json = JSON.readTree(line);
      values.add(json.get("output").get(output).asInt());
    }
    return values;
  }
}
