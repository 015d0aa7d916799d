package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples from topic to topic, on a real broker. */
final class KafkaExamplesITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WEATHER =
      List.of("precipitation", "temp_max", "temp_min", "wind");
  private static final List<String> MACHINE = List.of("x0", "x1", "x2", "x3", "x4");

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  private ExampleRuns examples;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  @BeforeEach
  void copiesTheExamples() throws IOException {
    examples = ExampleRuns.in(folder);
  }

  /** Changes an example where a test has to: its broker, and what else is given. */
  private void change(String example, String... pairs) throws IOException {
    Path pipeline = examples.pipeline(example);
    String text = Files.readString(pipeline).replace("localhost:9092", broker.bootstrapServers());
    for (int i = 0; i < pairs.length; i += 2) {
      String changed = text.replace(pairs[i], pairs[i + 1]);
      assertNotEquals(text, changed, pairs[i] + " is not in " + pipeline);
      text = changed;
    }
    Files.writeString(pipeline, text);
  }

  /** Lets an example end where its topics end now. */
  private void bound(String example) throws IOException {
    change(example, "start: earliest", "start: earliest, stop: latest");
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, String row, List<String> features) {
    String[] values = row.split(",", -1);
    StringBuilder json = new StringBuilder("{\"series\":\"" + values[0] + "\"");
    json.append(",\"timestamp\":").append(values[1]);
    for (int i = 0; i < features.size(); i++) {
      json.append(",\"").append(features.get(i)).append("\":").append(values[2 + i]);
    }
    return new ProducerRecord<>(
        topic, partition, values[0].getBytes(UTF_8), json.append('}').toString().getBytes(UTF_8));
  }

  private static List<JsonNode> consume(String topic) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (String line : broker.consumeText(topic)) {
      records.add(JSON.readTree(line));
    }
    return records;
  }

  private static List<JsonNode> closed(String topic) throws IOException {
    return consume(topic).stream()
        .filter(event -> event.get("event").asText().equals("closed"))
        .toList();
  }

  @Test
  void theWeatherFromATopicIsThatFromAFile() throws Exception {
    broker.createTopic("weather", 2);
    for (String output : List.of("predictions", "sequences", "rejected", "late")) {
      broker.createTopic(output, 1);
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String row : examples.rows("feeds/weather.csv")) {
      records.add(record("weather", row.startsWith("Seattle") ? 0 : 1, row, WEATHER));
    }
    broker.produce(records);
    bound("kafka/weather");
    assertEquals(
        List.of(
            "weather-kafka: finished",
            "inputs       2,922 = 2,922 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    2 opened; closed: 2 idle",
            "predictions  2,922"),
        examples.runWithRejects("kafka/weather"));
    examples.run("weather");
    assertEquals(examples.predictions("weather"), ExampleRuns.predictions(consume("predictions")));
    assertEquals(2, closed("sequences").size());
    assertEquals(List.of(), consume("rejected"));
    assertEquals(List.of(), consume("late"));
  }

  /** Seattle has a month of backlog, New York its last week only; nothing is late or lost. */
  @Tag("thorough")
  @Test
  void thePresentBesideABacklog() throws Exception {
    broker.createTopic("backlog", 2);
    for (String output : List.of("forecasts", "cities", "stragglers")) {
      broker.createTopic(output, 1);
    }
    List<String> whole = examples.rows("feeds/weather.csv").subList(0, 60);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < whole.size(); i++) {
      if (whole.get(i).startsWith("Seattle") || i >= 60 - 2 * 7) {
        rows.add(whole.get(i));
      }
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String row : rows) {
      records.add(record("backlog", row.startsWith("Seattle") ? 0 : 1, row, WEATHER));
    }
    broker.produce(records);
    bound("kafka/drift");
    assertEquals(
        List.of(
            "drift: finished",
            "inputs       37 = 37 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    2 opened; closed: 2 idle",
            "predictions  37"),
        examples.runWithRejects("kafka/drift"));
    assertEquals(List.of(), consume("stragglers"));

    rows.add(0, "series,timestamp," + String.join(",", WEATHER));
    Files.write(examples.folder().resolve("feeds/weather.csv"), rows);
    examples.run("weather");
    assertEquals(examples.predictions("weather"), ExampleRuns.predictions(consume("forecasts")));
  }

  /** The run does not end: what closes the sequences is the clock that goes on. */
  @Tag("thorough")
  @Test
  @Timeout(180)
  void aSilenceOfAllMachinesClosesTheirSequences() throws Exception {
    broker.createTopic("machines", 2);
    broker.createTopic("stops", 1);
    broker.createTopic("runs", 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<String, String> last = new TreeMap<>(); // the last record of each machine, as a prediction
    examples.run("own");
    Map<String, String> outputs = new TreeMap<>();
    for (String line : examples.lines("own", "predictions")) {
      String[] row = line.split(",", -1); // series, sequence, step, timestamp, kind, y0, y1, ...
      outputs.put(row[0] + " " + row[2], "{\"y0\":" + row[5] + ",\"y1\":" + row[6] + "}");
    }
    Map<String, Integer> steps = new TreeMap<>();
    for (String row : examples.rows("own/input.csv")) {
      String series = row.substring(0, row.indexOf(','));
      int step = steps.merge(series, 1, Integer::sum) - 1;
      if ((series.equals("s0") && step < 3) || (series.equals("s1") && step < 5)) {
        String[] values = row.split(",", 3);
        long timestamp = 1_700_000_000_000L + 100L * step;
        records.add(
            record(
                "machines",
                series.charAt(1) - '0',
                series + "," + timestamp + "," + values[2],
                MACHINE));
        last.put(series, timestamp + " " + step + " " + outputs.get(series + " " + step));
      }
    }
    broker.produce(records);
    change(
        "kafka/silence",
        "idle-after: 30 s",
        "idle-after: 2 s",
        "idle-timeout: 2 min",
        "idle-timeout: 2 s",
        "checkpointing.interval: 10 s",
        "checkpointing.interval: 300 ms\n  parallelism.default: 1");

    FutureTask<Said> run =
        new FutureTask<>(() -> Said.by("run", examples.pipeline("kafka/silence")));
    Thread thread = new Thread(run, "run");
    thread.start();
    try {
      while (closed("runs").size() < 2) {
        if (run.isDone()) {
          fail("the run ended before the sequences did: " + run.get().err());
        }
        Thread.sleep(100);
      }
    } finally {
      thread.interrupt();
      run.get();
    }

    Map<String, String> found = new TreeMap<>();
    for (JsonNode prediction : consume("stops")) {
      assertEquals("final", prediction.get("kind").asText());
      found.put(
          prediction.get("series").asText(),
          prediction.get("timestamp").asText()
              + " "
              + prediction.get("step").asText()
              + " "
              + prediction.get("output"));
    }
    assertEquals(last, found);
    for (JsonNode event : closed("runs")) {
      assertEquals("idle", event.get("reason").asText());
      assertEquals(event.get("last").asLong() + 2000, event.get("timestamp").asLong());
      assertTrue(last.containsKey(event.get("series").asText()), event.toString());
    }
    assertEquals(2, closed("runs").size());
  }
}
