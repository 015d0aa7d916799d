package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Embedded runs that go on when their topics have become others, on a real broker. */
@Timeout(300)
final class RecreatedTopicITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  private Path pipeline(String topic, String more) throws Exception {
    return Files.writeString(
        folder.resolve("p.yaml"),
        """
        version: 1
        name: anew
        kafka: {bootstrap.servers: "%s"}
        source: {kafka: {topics: %s, group.id: g}, format: json%s}
        observation: {series: s, timestamp: t, features: [precipitation, temp_max, temp_min, wind]}
        model: {onnx: %s}
        sink: {predictions: {kafka: {topic: predictions}}}
        flink: {parallelism.default: 1, execution.checkpointing.interval: 200 ms}
        """
            .formatted(
                broker.bootstrapServers(),
                topic,
                more,
                Path.of("../examples/models/weather-temperature-gru.onnx").toAbsolutePath()));
  }

  private static void produce(String topic, int from, int to) {
    List<String> values = new ArrayList<>();
    for (int i = from; i < to; i++) {
      values.add(
          "{\"s\":\"A\",\"t\":%d,\"precipitation\":0,\"temp_max\":%d,\"temp_min\":1,\"wind\":2}"
              .formatted(1_700_000_000_000L + i, i % 7));
    }
    broker.produce(topic, values.toArray(new String[0]));
  }

  private static List<Integer> steps() throws Exception {
    List<Integer> steps = new ArrayList<>();
    for (String line : broker.consumeText("predictions")) {
      JsonNode prediction = JSON.readTree(line);
      steps.add(prediction.get("step").asInt());
    }
    return steps;
  }

  @Test
  void anotherGenerationKeepsTheSeriesAndReadsTheTopicAnew() throws Exception {
    folder = folder.toRealPath();
    broker.createTopic("in", 1);
    broker.createTopic("predictions", 1);
    produce("in", 0, 4);
    Process child = ChildRun.start(folder, pipeline("in", ""), List.of(), List.of());
    try {
      while (steps().size() < 4) {
        assertTrue(
            child.isAlive(), () -> "ended before it could be killed: " + ChildRun.said(folder));
        Thread.sleep(50);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.deleteTopics(List.of("in")).all().get();
    }
    broker.createTopic("in", 1);
    broker.createTopic("other", 1);
    produce("in", 4, 6);
    produce("other", 6, 8);

    Said another = Said.by("run", pipeline("other", ""));
    assertEquals(1, another.code());
    assertTrue(
        another.err().contains("\n  source.kafka.topics: was in, is other\n"), another.err());
    assertTrue(another.err().contains("source.generation: 2"), another.err());

    Path recreated = pipeline("in", ", generation: 2");
    Files.writeString(
        recreated, Files.readString(recreated).replace("group.id: g", "group.id: g, stop: latest"));
    Said resumed = Said.by("run", recreated);
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("source.generation is higher"), resumed.err());
    assertEquals(List.of(0, 1, 2, 3, 4, 5), steps());
  }
}
