package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.unroll.connectors.kafka.EmbeddedBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run over a topic that goes on says while nothing comes in. */
final class KafkaProgressITCase {
  private static EmbeddedBroker broker;

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @Test
  @Timeout(180)
  void theLastLineIsTrueWhileTheInputPauses() throws Exception {
    for (String topic : List.of("weather", "predictions", "sequences", "rejected", "late")) {
      broker.createTopic(topic, 1);
    }
    Path example = Examples.copy(folder).resolve("kafka/weather.yaml");
    Files.writeString(
        example, Files.readString(example).replace("localhost:9092", broker.bootstrapServers()));
    broker.produce(days(0, 4));
    FutureTask<Integer> run =
        new FutureTask<>(
            () ->
                Main.commandLine(null)
                    .setOut(new PrintWriter(new StringWriter()))
                    .setErr(new PrintWriter(err, true))
                    .execute("run", example.toString()));
    Thread thread = new Thread(run, "run");
    thread.start();
    try {
      waitFor(run, "weather-kafka: asking the broker");
      waitFor(run, "weather-kafka: starting an embedded Flink");
      waitForLast(
          run,
          "weather-kafka: running, 8 inputs, .* lag 0, 2 open sequences, .* 8 steps, 8 pred.*");
      broker.produce(days(4, 7));
      waitForLast(
          run, "weather-kafka: running, 14 inputs, .* lag 0, 2 open sequences, .* 14 steps, 14 .*");
    } finally {
      thread.interrupt();
      run.get();
    }
  }

  /** Until the line that a person sees last is this one. */
  private void waitForLast(FutureTask<Integer> run, String line) throws Exception {
    waitFor(run, line);
    List<String> said = err.toString().lines().toList();
    String last = said.get(said.size() - 1);
    assertTrue(last.matches(line), () -> "the last line is " + last + "\n" + err);
  }

  private void waitFor(FutureTask<Integer> run, String line) throws Exception {
    while (err.toString().lines().noneMatch(said -> said.matches(line))) {
      if (run.isDone()) {
        fail("the run ended before it said " + line + ":\n" + err);
      }
      Thread.sleep(50);
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> days(int from, int to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int day = from; day < to; day++) {
      for (String city : List.of("Seattle", "New York")) {
        String json =
            """
            {"series":"%s","timestamp":%d,"precipitation":0.0,"temp_max":12.8,"temp_min":5.0,"wind":4.7}
            """
                .formatted(city, 1325376000000L + day * 86_400_000L);
        records.add(
            new ProducerRecord<>(
                "weather", 0, null, city.getBytes(UTF_8), json.strip().getBytes(UTF_8)));
      }
    }
    return records;
  }
}
