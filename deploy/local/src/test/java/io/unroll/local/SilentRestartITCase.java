package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run is killed whose newest checkpoint holds records that Flink made no watermark of yet, and no
 * record comes any more. What they made due closes in the next run, once.
 */
@Tag("thorough")
final class SilentRestartITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START = 1_700_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final String OFTEN = "auto-watermark-interval: 200 ms";
  private static final String NEVER = "auto-watermark-interval: 1 d";

  @TempDir private Path folder;

  /**
   * Partition 1 is idle long before the last checkpoint, partition 0 after it.
   *
   * @param readers one of both partitions, or one of each
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Timeout(600)
  void whatWasDueWhenItWasKilledCloses(int readers) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      broker.createTopic("in", 2);
      broker.createTopic("predictions", 1);
      broker.createTopic("sequences", 1);
      Path pipeline = pipeline(broker, readers);
      Process child = start(pipeline);
      try {
        send(broker, 1, "c", START);
        send(broker, 1, "d", START + 9 * MINUTE);
        await(child, () -> series(broker, "opened").equals(List.of("c", "d")));
        send(broker, 0, "a", START + 15 * MINUTE);
        // Only the watermark of partition 0 makes c due: partition 1 does not hold it any more.
        await(child, () -> series(broker, "closed").equals(List.of("c")));
      } finally {
        child.destroyForcibly().waitFor();
      }

      String text = Files.readString(pipeline);
      Files.writeString(pipeline, text.replace(OFTEN, NEVER));
      child = start(pipeline);
      try {
        send(broker, 0, "b", START + 60 * MINUTE);
        // Visible is what a completed checkpoint has committed: it holds all four records.
        await(child, () -> series(broker, "opened").equals(List.of("a", "b", "c", "d")));
        assertEquals(List.of("c"), series(broker, "closed"), "no watermark says that more is due");
      } finally {
        child.destroyForcibly().waitFor();
      }

      Files.writeString(pipeline, text);
      child = start(pipeline);
      try {
        await(child, () -> series(broker, "closed").size() >= 3);
        assertEquals(List.of("a", "c", "d"), series(broker, "closed"), "b is not due");
        assertEquals(List.of("a", "b", "c", "d"), series(broker, "opened"), "once each");
      } finally {
        child.destroyForcibly().waitFor();
      }
      String said = ChildRun.said(folder);
      assertTrue(said.contains("silent: continues from "), said);
    }
  }

  private Path pipeline(EmbeddedBroker broker, int readers) throws IOException {
    try (InputStream echo = SilentRestartITCase.class.getResourceAsStream("/echo2.onnx")) {
      Files.write(
          folder.resolve("echo2.onnx"), Objects.requireNonNull(echo, "echo2.onnx").readAllBytes());
    }
    return Files.writeString(
        folder.resolve("silent.yaml"),
        """
        version: 1
        name: silent
        kafka: {bootstrap.servers: "%s"}
        source:
          kafka: {topics: [in], group.id: silent, start: earliest}
          format: json
          watermark: {idle-after: 1 s}
        observation:
          series: s
          timestamp: t
          features: [price, size]
        sequence: {idle-timeout: 10 min}
        model: {onnx: echo2.onnx}
        sink:
          format: json
          predictions: {kafka: {topic: predictions}}
          sequences: {kafka: {topic: sequences}}
        flink:
          execution.checkpointing.interval: 300 ms
          pipeline.%s
          parallelism.default: %d
        """
            .formatted(broker.bootstrapServers(), OFTEN, readers));
  }

  private Process start(Path pipeline) throws IOException {
    return ChildRun.start(folder, pipeline, List.of(), List.of());
  }

  private static void send(EmbeddedBroker broker, int partition, String series, long timestamp) {
    String value = "{\"s\":\"%s\",\"t\":%d,\"price\":100,\"size\":1}".formatted(series, timestamp);
    broker.produce(List.of(new ProducerRecord<>("in", partition, null, value.getBytes(UTF_8))));
  }

  /** The series of all committed events of a kind, sorted. */
  private static List<String> series(EmbeddedBroker broker, String event) throws IOException {
    List<String> series = new ArrayList<>();
    for (String line : broker.consumeText("sequences")) {
      JsonNode json = JSON.readTree(line);
      if (json.get("event").asText().equals(event)) {
        series.add(json.get("series").asText());
      }
    }
    series.sort(null);
    return series;
  }

  private interface Condition {
    boolean isMet() throws IOException;
  }

  private void await(Process child, Condition condition) throws Exception {
    while (!condition.isMet()) {
      assertTrue(child.isAlive(), () -> "ended too early: " + ChildRun.said(folder));
      Thread.sleep(50);
    }
  }
}
