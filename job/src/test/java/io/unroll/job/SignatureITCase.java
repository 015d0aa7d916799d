package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Savepoints of pipelines on a real broker, given to pipelines that are others. */
@Timeout(300)
final class SignatureITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODEL =
      Path.of("../deploy/examples/models/weather-temperature-gru.onnx").toAbsolutePath();
  private static final long START = 1_700_000_000_000L;
  private static final String FEATURES =
      "[precipitation, temp_max, {field: temp_min, scale: {mean: 1, std: 2}}, wind]";

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  private String backend = "";

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  private static void produce(String topic, int from, int to) {
    List<String> values = new ArrayList<>();
    for (int i = from; i < to; i++) {
      values.add(
          "{\"s\":\"A\",\"t\":%d,\"precipitation\":0,\"temp_max\":%d,\"temp_min\":1,\"wind\":2}"
              .formatted(START + i, i % 7));
    }
    broker.produce(topic, values.toArray(new String[0]));
  }

  private PipelineJob job(String topics, String features, String more) throws Exception {
    return PipelineJob.load(
        Files.writeString(
            folder.resolve("p.yaml"),
            """
            version: 1
            name: signed-%s
            kafka: {bootstrap.servers: "%s"}
            source: {kafka: {topics: %s, group.id: g, partition.discovery.interval.ms: 200}, format: json%s}
            observation: {series: s, timestamp: t, features: %s}
            model: {onnx: %s}
            sink: {predictions: {kafka: {topic: out-%s}}}
            flink:
              parallelism.default: 1
              state.backend.type: %s
              execution.checkpointing.interval: 200 ms
              execution.checkpointing.dir: %s
              restart-strategy.type: fixed-delay
              restart-strategy.fixed-delay.delay: 1 h
            """
                .formatted(
                    backend,
                    broker.bootstrapServers(),
                    topics,
                    more,
                    features,
                    MODEL,
                    backend,
                    backend,
                    folder.resolve("checkpoints").toUri())));
  }

  private static JobClient start(PipelineJob job, String savepoint) throws Exception {
    Configuration configuration = job.configuration(new Configuration());
    if (!savepoint.isEmpty()) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(configuration);
    job.define(env);
    return env.executeAsync();
  }

  /** Runs until so many predictions are committed, and stops. */
  private String stopped(PipelineJob job, String savepoint, int predictions) throws Exception {
    JobClient client = start(job, savepoint);
    while (broker.consumeText("out-" + backend).size() < predictions) {
      Thread.sleep(50);
    }
    return client
        .stopWithSavepoint(
            false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
        .get(1, TimeUnit.MINUTES);
  }

  /** What the job says that has failed, and would be restarted an hour later if it were. */
  private static List<String> differences(PipelineJob job, String savepoint) throws Exception {
    JobClient client = start(job, savepoint);
    Throwable failed =
        assertThrows(
            ExecutionException.class,
            () -> client.getJobExecutionResult().get(1, TimeUnit.MINUTES));
    while (failed.getCause() != null) {
      failed = failed.getCause();
    }
    String message = String.valueOf(failed.getMessage());
    assertTrue(message.contains("the state is of another pipeline"), message);
    assertTrue(message.contains("To go on, put it back."), message);
    return message.lines().filter(line -> line.startsWith("  ")).map(String::strip).toList();
  }

  /** The steps of the one series, in the order of its timestamps. */
  private List<Integer> steps() throws Exception {
    List<JsonNode> predictions = new ArrayList<>();
    for (String line : broker.consumeText("out-" + backend)) {
      predictions.add(JSON.readTree(line));
    }
    predictions.sort(
        (a, b) -> Long.compare(a.get("timestamp").asLong(), b.get("timestamp").asLong()));
    return predictions.stream().map(prediction -> prediction.get("step").asInt()).toList();
  }

  @Test
  void anotherPipelineIsRefusedAndAnotherSourceNeedsAGeneration() throws Exception {
    giveTheSavepointToOthers("hashmap");
  }

  @Tag("thorough")
  @Test
  void onRocksDbToo() throws Exception {
    giveTheSavepointToOthers("rocksdb");
  }

  private void giveTheSavepointToOthers(String type) throws Exception {
    backend = type;
    String in = "in-" + type;
    String more = "more-" + type;
    for (String topic : List.of(in, more, "out-" + type)) {
      broker.createTopic(topic, 1);
    }
    produce(in, 0, 4);
    String savepoint = stopped(job("[" + in + "]", FEATURES, ""), "", 4);

    String swapped = "[precipitation, {field: temp_min, scale: {mean: 1, std: 2}}, temp_max, wind]";
    assertEquals(
        List.of(
            "features[1]: was temp_max, is temp_min (scale mean 1 std 2)",
            "features[2]: was temp_min (scale mean 1 std 2), is temp_max"),
        differences(job("[" + in + "]", swapped, ""), savepoint));
    assertEquals(
        List.of("features[3]: was wind, is wind (scale mean 0.5 std 3)"),
        differences(
            job(
                "[" + in + "]",
                FEATURES.replace("wind", "{field: wind, scale: {mean: 0.5, std: 3}}"),
                ""),
            savepoint));
    assertEquals(
        List.of(
            "features[2]: was temp_min (scale mean 1 std 2), is temp_min (scale mean 1 std 2.5)"),
        differences(job("[" + in + "]", FEATURES.replace("std: 2", "std: 2.5"), ""), savepoint));
    assertEquals(
        List.of("source.kafka.topics: was %s, is %s".formatted(in, more)),
        differences(job("[" + more + "]", FEATURES, ""), savepoint));

    // One that is added is read from its start.
    produce(more, 4, 6);
    String both = "[" + in + ", " + more + "]";
    savepoint = stopped(job(both, FEATURES, ""), savepoint, 6);
    assertEquals(List.of(0, 1, 2, 3, 4, 5), steps());

    // The topics are deleted and created anew, and one is gone.
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.deleteTopics(List.of(in, more)).all().get();
    }
    broker.createTopic(more, 1);
    produce(more, 6, 8);
    stopped(job("[" + more + "]", FEATURES, ", generation: 2"), savepoint, 8);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), steps());
  }
}
