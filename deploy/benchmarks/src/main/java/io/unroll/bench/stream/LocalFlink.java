package io.unroll.bench.stream;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A Flink in this JVM, one slot, and the one job that runs on it. It ends with the JVM. */
public final class LocalFlink {
  private final MiniCluster cluster;
  private final JobID job;
  private final CompletableFuture<JobExecutionResult> end;

  private LocalFlink(MiniCluster cluster, JobClient client) {
    this.cluster = cluster;
    job = client.getJobID();
    end = client.getJobExecutionResult();
  }

  /**
   * What every measured job runs with: one slot, objects reused, no Kryo, no compression, no
   * restart.
   */
  public static Configuration defaults() {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.setString("state.backend.rocksdb.compression.per.level", "NO_COMPRESSION");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
    configuration.set(JobManagerOptions.ADDRESS, "127.0.0.1");
    configuration.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    configuration.set(TaskManagerOptions.HOST, "127.0.0.1");
    return configuration;
  }

  /** Starts Flink and the job that was defined in {@code env}. */
  public static LocalFlink start(StreamExecutionEnvironment env) throws Exception {
    MiniCluster[] started = new MiniCluster[1];
    JobClient client =
        LocalExecutor.createWithFactory(
                new Configuration(),
                settings -> {
                  started[0] = new MiniCluster(settings);
                  return started[0];
                })
            .execute(
                env.getStreamGraph(),
                Configuration.fromMap(env.getConfiguration().toMap()),
                Thread.currentThread().getContextClassLoader())
            .get();
    return new LocalFlink(started[0], client);
  }

  /**
   * Sleeps, and fails when the job does.
   *
   * @throws IllegalStateException when the job has ended by itself
   */
  public void sleep(Duration duration) throws InterruptedException, ExecutionException {
    Thread.sleep(duration.toMillis());
    if (end.isDone()) {
      end.get();
      throw new IllegalStateException("the job ended while it was measured");
    }
  }

  /** Triggers a whole checkpoint, which goes on by itself. */
  public CompletableFuture<Long> checkpoint() {
    return cluster.triggerCheckpoint(job, CheckpointType.FULL);
  }

  /** The newest complete checkpoint; null before the first. */
  public @Nullable CompletedCheckpointStats lastCheckpoint()
      throws InterruptedException, ExecutionException {
    CheckpointStatsSnapshot stats =
        cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
    return stats == null ? null : stats.getHistory().getLatestCompletedCheckpoint();
  }
}
