package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sink that fails in the middle of a job, on a cluster of one TaskManager: the job fails with a
 * reason and may start again, and the job beside it does not notice.
 */
@Tag("thorough")
final class SinkFailureITCase {
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx").toAbsolutePath();
  private static final long START = 1_700_000_000_000L;
  private static final int SMALL = 5;
  private static final int LARGE = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static EmbeddedBroker broker;

  private MiniCluster cluster;
  private JobID beside;

  @TempDir Path folder;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  @BeforeEach
  void startCluster() throws Exception {
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .withRandomPorts()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
    cluster.start();
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(settings);
    env.setParallelism(1);
    env.fromSequence(0, Long.MAX_VALUE)
        .map(
            number -> {
              Thread.sleep(1);
              return number;
            })
        .sinkTo(new DiscardingSink<>());
    beside = submit(env);
    await(() -> cluster.getJobStatus(beside).get() == JobStatus.RUNNING);
  }

  @AfterEach
  void stopCluster() throws Exception {
    cluster.close();
  }

  @Test
  void aLimitThatIsLoweredWhileTheJobRunsFailsItWithTheLimit() throws Exception {
    JobID job = startAndLower("lowered", "none");

    String why = failure(job);
    assertBesideGoesOn();
    assertTrue(
        why.matches(
            "(?s).*topic 'lowered-predictions': refused a record, the largest one sent has at most"
                + " 6\\d{3} bytes; it takes now at most 3000 bytes \\(max.message.bytes\\), stamped"
                + " at most 1 h ahead of the clock, which the job's next start will read.*"),
        why);
  }

  @Test
  void aRestartReadsTheLoweredLimitAndTheJobGoesOn() throws Exception {
    JobID job = startAndLower("restarted", "fixed-delay");

    await(() -> broker.consumeText("restarted-rejected").size() == LARGE);
    await(() -> broker.consumeText("restarted-predictions").size() == SMALL - 1 + LARGE);
    assertEquals(JobStatus.RUNNING, cluster.getJobStatus(job).get());
    broker.produce(List.of(observation("restarted", SMALL + 2 * LARGE, "")));
    await(() -> broker.consumeText("restarted-predictions").size() == SMALL + LARGE);
    assertBesideGoesOn();
    cluster.cancelJob(job).get();
  }

  /** The topic's own bounds change too: what lies too far behind is refused at once. */
  @Test
  void timestampsThatARunningJobsTopicNoLongerTakesFailItWithTheBounds() throws Exception {
    String name = "stamped";
    JobID job = start(name, "none");
    broker.configure(name + "-predictions", Map.of("message.timestamp.before.max.ms", "3600000"));
    broker.produce(IntStream.range(SMALL, 100).mapToObj(i -> observation(name, i, "")).toList());

    String why = failure(job);
    assertBesideGoesOn();
    assertTrue(
        why.contains("topic 'stamped-predictions': refused a record, those sent are stamped 2023-"),
        why);
    assertTrue(why.contains("stamped at most 1 h before and 1 h ahead of the clock"), why);
  }

  /** Kafka's own timeouts run out. */
  /** Without a restart strategy it would have failed with its TaskManager. */
  @Tag("thorough")
  @Test
  void aTopicThatIsGoneFailsItsOwnJobAlone() throws Exception {
    String name = "deleted";
    JobID job = start(name, "none");
    broker.deleteTopic(name + "-predictions");
    broker.produce(IntStream.range(SMALL, 100).mapToObj(i -> observation(name, i, "")).toList());

    String why = failure(job);
    assertBesideGoesOn();
    assertTrue(why.contains("topic 'deleted-predictions': "), why);
  }

  private String failure(JobID job) throws Exception {
    return cluster
        .requestJobResult(job)
        .get()
        .getSerializedThrowable()
        .orElseThrow()
        .getFullStringifiedStackTrace();
  }

  /** Starts a job that has written its first predictions. */
  private JobID start(String name, String restart) throws Exception {
    topics(name);
    broker.produce(IntStream.range(0, SMALL).mapToObj(i -> observation(name, i, "")).toList());
    JobID job = submit(pipeline(name, restart));
    // The first observation only primes.
    await(() -> broker.consumeText(name + "-predictions").size() == SMALL - 1);
    return job;
  }

  /** Then the limit falls, and large records come with small ones between them. */
  private JobID startAndLower(String name, String restart) throws Exception {
    JobID job = start(name, restart);
    broker.configure(name + "-predictions", Map.of("max.message.bytes", "3000"));
    broker.produce(
        IntStream.range(SMALL, SMALL + 2 * LARGE)
            .mapToObj(i -> observation(name, i, i % 2 == 0 ? "x".repeat(6000) : ""))
            .toList());
    return job;
  }

  private static void topics(String name) throws Exception {
    broker.createTopic(name, 1);
    broker.createTopic(name + "-predictions", 4);
    broker.createTopic(name + "-rejected", 1);
  }

  private static ProducerRecord<byte[], byte[]> observation(String name, int i, String note) {
    String json =
        "{\"s\":\"a\",\"t\":%d,\"price\":%d,\"note\":\"%s\"}".formatted(START + i, 100 + i, note);
    return new ProducerRecord<>(name, json.getBytes(UTF_8));
  }

  private StreamExecutionEnvironment pipeline(String name, String restart) throws Exception {
    Path file = folder.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%1$s], group.id: %1$s, start: earliest}
          format: json
        observation:
          series: s
          timestamp: t
          features: [{field: price, transform: log-return, multiply-by: 100}]
          keep: {note: note}
        sequence: {}
        model: {onnx: %3$s}
        sink:
          predictions: {kafka: {topic: %1$s-predictions, batch.size: 1, max.block.ms: 5000}}
          rejected: {kafka: {topic: %1$s-rejected, batch.size: 1, max.block.ms: 5000}}
        flink: {parallelism.default: 1}
        """
            .formatted(name, broker.bootstrapServers(), MODEL));
    PipelineJob job = PipelineJob.load(file);
    Configuration defaults = new Configuration();
    defaults.setString("execution.checkpointing.interval", "200 ms");
    defaults.setString("restart-strategy.type", restart);
    defaults.setString("restart-strategy.fixed-delay.attempts", "3");
    defaults.setString("restart-strategy.fixed-delay.delay", "10 ms");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(defaults));
    job.define(env);
    return env;
  }

  private JobID submit(StreamExecutionEnvironment env) throws Exception {
    JobGraph graph = env.getStreamGraph().getJobGraph();
    return cluster.submitJob(graph).get().getJobID();
  }

  private void assertBesideGoesOn() throws Exception {
    assertEquals(JobStatus.RUNNING, cluster.getJobStatus(beside).get());
    assertEquals(
        1, cluster.requestClusterOverview().get().getNumTaskManagersConnected(), "TaskManagers");
    cluster.cancelJob(beside).get();
    assertEquals(
        JobStatus.CANCELED, cluster.requestJobResult(beside).get().getJobStatus().orElse(null));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < until, "does not come within " + PATIENCE);
      Thread.sleep(50);
    }
  }
}
