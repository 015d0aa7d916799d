package io.unroll.local;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A Flink in this process for one job. As {@code executeAsync} of a local environment, which lets
 * go of its cluster: a process that exits then would leave the cluster's temporary files behind.
 */
final class EmbeddedFlink implements AutoCloseable {
  private final AtomicReference<@Nullable MiniCluster> cluster = new AtomicReference<>();

  /** What is left for the last moment. */
  interface Preparation {
    void run() throws Exception;
  }

  /**
   * Starts Flink and the job that was defined in {@code env}.
   *
   * @param prepare runs when Flink has started, right before it is given the job
   */
  JobClient start(StreamExecutionEnvironment env, Preparation prepare) throws Exception {
    ReadableConfig configuration = env.getConfiguration();
    return LocalExecutor.createWithFactory(
            new Configuration(),
            settings -> {
              MiniCluster started = new PreparedCluster(settings, prepare);
              cluster.set(started);
              return started;
            })
        .execute(
            env.getStreamGraph(),
            Configuration.fromMap(configuration.toMap()),
            Thread.currentThread().getContextClassLoader())
        .get();
  }

  /** Flink's executor starts a cluster and gives it the job: this is in between. */
  @SuppressWarnings("try") // close() is Flink's own and may be interrupted
  private static final class PreparedCluster extends MiniCluster {
    private final Preparation prepare;

    PreparedCluster(MiniClusterConfiguration settings, Preparation prepare) {
      super(settings);
      this.prepare = prepare;
    }

    @Override
    public void start() throws Exception {
      super.start();
      prepare.run();
    }
  }

  /** Returns when everything has stopped and cleaned up. */
  @Override
  public void close() {
    MiniCluster started = cluster.get();
    if (started != null) {
      started.closeAsync().join();
    }
  }
}
