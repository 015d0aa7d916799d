package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sink that throws again while it closes, on a cluster of one TaskManager: without its guard it
 * ends the TaskManager, and with it the job beside.
 */
final class GuardedSinkITCase {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private MiniCluster cluster;
  private JobID beside;

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
    StreamExecutionEnvironment env = environment();
    endless(env).sinkTo(new DiscardingSink<>());
    beside = submit(env);
    await(() -> cluster.getJobStatus(beside).get() == JobStatus.RUNNING);
  }

  @AfterEach
  void stopCluster() throws Exception {
    cluster.close();
  }

  /** What the guarded sink does. */
  enum Failing {
    IN_WRITE,
    IN_MAIL,
    WHEN_CANCELLED
  }

  /** Fails as Flink's Kafka sink does: in a write or a mail, and again when it is closed. */
  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(Failing.class)
  void whatFailsAgainAtTheCloseFailsNobodyElse(Failing failing) throws Exception {
    run(GuardedSink.of(new FailingSink(failing), Map.of(), committer -> committer), failing);

    assertEquals(JobStatus.RUNNING, cluster.getJobStatus(beside).get());
    assertEquals(1, taskManagers());
    cluster.cancelJob(beside).get();
    assertEquals(
        JobStatus.CANCELED, cluster.requestJobResult(beside).get().getJobStatus().orElse(null));
  }

  /** What the guard is there for; when Flink mends it, this test says so. */
  @Tag("thorough")
  @Test
  void withoutItsGuardTheSinkEndsTheTaskManager() throws Exception {
    submitFailing(new FailingSink(Failing.IN_WRITE));
    await(() -> taskManagers() == 0);
  }

  private void run(Sink<OutboundRecord> sink, Failing failing) throws Exception {
    JobID job = submitFailing(sink);
    if (failing == Failing.WHEN_CANCELLED) {
      await(() -> cluster.getJobStatus(job).get() == JobStatus.RUNNING);
      cluster.cancelJob(job).get();
    }
    var result = cluster.requestJobResult(job).get();
    assertEquals(
        failing == Failing.WHEN_CANCELLED ? JobStatus.CANCELED : JobStatus.FAILED,
        result.getJobStatus().orElse(null));
    if (failing != Failing.WHEN_CANCELLED) {
      String why = result.getSerializedThrowable().orElseThrow().getFullStringifiedStackTrace();
      assertTrue(why.contains("topic 't': the first failure"), why);
    }
  }

  private JobID submitFailing(Sink<OutboundRecord> sink) throws Exception {
    StreamExecutionEnvironment env = environment();
    endless(env)
        .map(
            number -> {
              OutboundRecord record = new OutboundRecord();
              record.topic = "t";
              return record;
            })
        .returns(OutboundRecord.class)
        .sinkTo(sink)
        .uid("sink");
    return submit(env);
  }

  private int taskManagers() throws Exception {
    return cluster.requestClusterOverview().get().getNumTaskManagersConnected();
  }

  private static StreamExecutionEnvironment environment() {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(settings);
    env.setParallelism(1);
    return env;
  }

  private static DataStream<Long> endless(StreamExecutionEnvironment env) {
    return env.fromSequence(0, Long.MAX_VALUE)
        .assignTimestampsAndWatermarks(WatermarkStrategy.noWatermarks())
        .map(
            number -> {
              Thread.sleep(1);
              return number;
            });
  }

  private JobID submit(StreamExecutionEnvironment env) throws Exception {
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < until, "does not come within " + PATIENCE);
      Thread.sleep(50);
    }
  }

  private record FailingSink(Failing failing)
      implements TwoPhaseCommittingStatefulSink<OutboundRecord, String, String>,
          SupportsPostCommitTopology<String> {

    @Override
    public PrecommittingStatefulSinkWriter<OutboundRecord, String, String> createWriter(
        WriterInitContext context) {
      return new FailingWriter(failing, context);
    }

    @Override
    public PrecommittingStatefulSinkWriter<OutboundRecord, String, String> restoreWriter(
        WriterInitContext context, Collection<String> state) {
      return createWriter(context);
    }

    @Override
    public SimpleVersionedSerializer<String> getWriterStateSerializer() {
      return new Texts();
    }

    @Override
    public Committer<String> createCommitter(CommitterInitContext context) {
      return new Committer<>() {
        @Override
        public void commit(Collection<CommitRequest<String>> requests) {}

        @Override
        public void close() throws IOException {
          throw new IOException("the committer's");
        }
      };
    }

    @Override
    public SimpleVersionedSerializer<String> getCommittableSerializer() {
      return new Texts();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<String>> committables) {}
  }

  private static final class Texts implements SimpleVersionedSerializer<String> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(String text) {
      return text.getBytes(UTF_8);
    }

    @Override
    public String deserialize(int version, byte[] bytes) {
      return new String(bytes, UTF_8);
    }
  }

  private record FailingWriter(Failing failing, WriterInitContext context)
      implements TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter<
          OutboundRecord, String, String> {

    @Override
    public void write(OutboundRecord record, Context unused) throws IOException {
      if (failing == Failing.IN_WRITE) {
        fail();
      } else if (failing == Failing.IN_MAIL) {
        context.getMailboxExecutor().execute(FailingWriter::fail, "what the producer said");
      }
    }

    private static void fail() throws IOException {
      throw new IOException(
          "requests have encountered exception",
          new IllegalStateException(
              "Failed to send data to Kafka t-0@-1 with a producer",
              new IllegalStateException("the first failure")));
    }

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public Collection<String> prepareCommit() {
      return List.of();
    }

    @Override
    public List<String> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public void close() throws IOException {
      throw new IOException("and again");
    }
  }
}
