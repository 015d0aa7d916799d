package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines on a real broker that share a job, and part again. */
@Timeout(600)
final class SeveralPipelinesITCase {
  private static final Path MODEL =
      Path.of("../deploy/examples/models/weather-temperature-gru.onnx").toAbsolutePath();
  private static final long START = 1_700_000_000_000L;

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

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
          "{\"s\":\"S%d\",\"t\":%d,\"precipitation\":0,\"temp_max\":%d,\"temp_min\":1,\"wind\":2}"
              .formatted(i % 2, START + 1000L * i, i % 7));
    }
    broker.produce(topic, values.toArray(new String[0]));
  }

  private static String input(String topic, String group, String more) {
    return ("kafka: {bootstrap.servers: \"%s\"}\n"
            + "source: {kafka: {topics: [%s], group.id: %s%s}, format: json}")
        .formatted(broker.bootstrapServers(), topic, group, more);
  }

  private static String output(String topic) {
    return "kafka: {bootstrap.servers: \"%s\", topic: %s}"
        .formatted(broker.bootstrapServers(), topic);
  }

  private PipelineJob job(String name, String source, String sink, String backend)
      throws Exception {
    return PipelineJob.load(
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            version: 1
            name: %s
            %s
            observation: {series: s, timestamp: t, features: [precipitation, temp_max, temp_min, wind]}
            sequence: {idle-timeout: 1 min}
            model: {onnx: %s}
            sink:
              %s
            flink:
              parallelism.default: 1
              state.backend.type: %s
              execution.checkpointing.interval: 200 ms
              execution.checkpointing.dir: %s
            """
                .formatted(
                    name, source, MODEL, sink, backend, folder.resolve("checkpoints").toUri())));
  }

  private static JobClient start(PipelineJobs jobs, String savepoint, boolean dropsOthers)
      throws Exception {
    Configuration configuration = jobs.configuration(new Configuration());
    if (!savepoint.isEmpty()) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
      configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, dropsOthers);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(configuration);
    jobs.define(env);
    return env.executeAsync(jobs.name());
  }

  private static void await(String topic, int predictions) throws Exception {
    while (broker.consumeText(topic).size() < predictions) {
      Thread.sleep(50);
    }
  }

  private String stop(JobClient client) throws Exception {
    return client
        .stopWithSavepoint(
            false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
        .get(1, TimeUnit.MINUTES);
  }

  private static long steps(JobClient ended, Accounts accounts) throws Exception {
    Map<String, Object> accumulators =
        ended.getJobExecutionResult().get().getAllAccumulatorResults();
    Counters counters = (Counters) Objects.requireNonNull(accumulators.get(accounts.sequences()));
    return counters.get(Counter.STEPS);
  }

  /** A alone, A beside B, each alone again: as if they had never met. */
  @Test
  void aPipelineJoinsAnotherAndLeavesItAgain() throws Exception {
    joinAndLeave("hashmap");
  }

  @Tag("thorough")
  @Test
  void onRocksDbToo() throws Exception {
    joinAndLeave("rocksdb");
  }

  private void joinAndLeave(String backend) throws Exception {
    String in = "in-" + backend;
    String outA = "a-" + backend;
    String outB = "b-" + backend;
    String reference = "reference-" + backend;
    for (String topic : List.of(in, outA, outB, reference)) {
      broker.createTopic(topic, 1);
    }
    PipelineJob a =
        job("a", input(in, "a", ""), "predictions: {%s}".formatted(output(outA)), backend);
    PipelineJob b =
        job("b", input(in, "b", ""), "predictions: {%s}".formatted(output(outB)), backend);
    PipelineJobs both = new PipelineJobs(List.of(b, a));

    produce(in, 0, 10);
    JobClient client = start(PipelineJobs.of(a), "", false);
    await(outA, 10);
    String alone = stop(client);

    produce(in, 10, 20);
    client = start(both, alone, false); // all that is in the savepoint is claimed
    await(outA, 20);
    await(outB, 20);
    String together = stop(client);
    assertEquals(20, steps(client, Accounts.of("a")));
    assertEquals(20, steps(client, Accounts.of("b")));

    Throwable refused =
        assertThrows(FlinkException.class, () -> start(PipelineJobs.of(a), together, false));
    while (refused.getCause() != null) {
      refused = refused.getCause();
    }
    assertTrue(
        String.valueOf(refused.getMessage()).contains("--allowNonRestoredState"),
        "b's state is dropped only where somebody says so: " + refused);
    produce(in, 20, 30);
    client = start(PipelineJobs.of(a), together, true);
    await(outA, 30);
    stop(client);
    assertEquals(30, steps(client, Accounts.ALONE));
    client = start(PipelineJobs.of(b), together, true);
    await(outB, 30);
    stop(client);

    PipelineJob whole =
        job(
            "a",
            input(in, "a", ", stop: latest"),
            "predictions: {%s}".formatted(output(reference)),
            backend);
    start(PipelineJobs.of(whole), "", false).getJobExecutionResult().get(1, TimeUnit.MINUTES);
    List<String> expected = broker.consumeText(reference);
    assertEquals(30, expected.size());
    assertEquals(expected, broker.consumeText(outA));
    assertEquals(expected, broker.consumeText(outB));
  }

  /** One reads a short file with a bad record, one a topic, and one a topic without records. */
  @Test
  void theEndTheRejectsAndTheSilenceOfOneAreNoOthers() throws Exception {
    for (String topic : List.of("going", "out-going", "silent", "out-silent")) {
      broker.createTopic(topic, 1);
    }
    Files.writeString(
        folder.resolve("in.csv"),
        """
        s,t,precipitation,temp_max,temp_min,wind
        A,1700000000000,0,1,2,3
        A,1700000001000,0,much,2,3
        A,1700000002000,0,2,2,3
        """);
    String files =
        "predictions: {file: {path: %1$s/p}}\n  sequences: {file: {path: %1$s/s}}\n"
            + "  rejected: {file: {path: %1$s/r}}";
    String csv = "source: {file: {path: in.csv}, format: csv}";
    PipelineJob ends = job("ends", csv, files.formatted("beside"), "hashmap");
    PipelineJob goes =
        job(
            "goes",
            input("going", "g", ""),
            "predictions: {%s}\n  sequences: {file: {path: goes}}".formatted(output("out-going")),
            "hashmap");
    PipelineJob silent =
        job(
            "silent",
            input("silent", "s", ""),
            "predictions: {%s}".formatted(output("out-silent")),
            "hashmap");
    JobClient client = start(new PipelineJobs(List.of(ends, goes, silent)), "", false);
    while (lines("beside/s").size() < 2) { // opened, and closed by its end of input
      Thread.sleep(50);
    }
    assertFalse(client.getJobExecutionResult().isDone());
    produce("going", 0, 5);
    await("out-going", 5);
    produce("going", 100, 101); // more than a minute later: what the watermark closes is S1's
    produce("going", 1000, 1001);
    while (lines("goes").stream().noneMatch(line -> line.contains("\"idle\""))) {
      Thread.sleep(50);
    }
    stop(client);
    Map<String, Object> beside = client.getJobExecutionResult().get().getAllAccumulatorResults();
    assertEquals(7, steps(client, Accounts.of("goes")));
    assertEquals(0, steps(client, Accounts.of("silent")));

    JobClient alone =
        start(PipelineJobs.of(job("ends", csv, files.formatted("alone"), "hashmap")), "", false);
    Map<String, Object> counted = alone.getJobExecutionResult().get().getAllAccumulatorResults();
    Accounts own = Accounts.of("ends");
    for (List<String> names :
        List.of(
            List.of(Accounts.ALONE.readings(), own.readings()),
            List.of(Accounts.ALONE.readingsRejected(), own.readingsRejected()),
            List.of(Accounts.ALONE.sequences(), own.sequences()),
            List.of(Accounts.ALONE.sequencesRejected(), own.sequencesRejected()))) {
      String expected = String.valueOf(counted.get(names.get(0)));
      assertTrue(counted.containsKey(names.get(0)), counted.toString());
      assertEquals(expected, String.valueOf(beside.get(names.get(1))), names.get(1));
    }
    for (String output : List.of("p", "s", "r")) {
      assertEquals(lines("alone/" + output), lines("beside/" + output));
      assertFalse(lines("alone/" + output).isEmpty(), output);
    }
  }

  /** Of the parts that are visible. */
  private List<String> lines(String output) throws Exception {
    List<String> lines = new ArrayList<>();
    if (Files.isDirectory(folder.resolve(output))) {
      try (Stream<Path> parts = Files.list(folder.resolve(output))) {
        for (Path part :
            parts.filter(p -> p.getFileName().toString().startsWith("part")).toList()) {
          lines.addAll(Files.readAllLines(part));
        }
      }
    }
    return lines;
  }
}
