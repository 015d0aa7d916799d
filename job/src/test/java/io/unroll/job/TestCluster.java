package io.unroll.job;

import java.net.URI;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;

/** A Flink in the test's JVM that runs many pipelines, one after the other. */
final class TestCluster implements AutoCloseable {
  private final MiniCluster cluster;

  private TestCluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts it; no pipeline may be spread over more than {@code slots}. */
  static TestCluster start(int slots) throws Exception {
    Configuration loopback = new Configuration();
    loopback.set(RestOptions.ADDRESS, "127.0.0.1");
    loopback.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(loopback)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .withRandomPorts()
                .build());
    cluster.start();
    return new TestCluster(cluster);
  }

  /**
   * Where the pipeline is to be defined and executed.
   *
   * @param defaults options that the pipeline may override
   */
  StreamExecutionEnvironment environment(PipelineJob job, Configuration defaults, int parallelism) {
    return new TestStreamEnvironment(
        cluster, job.configuration(defaults), parallelism, List.of(), List.of());
  }

  /** Where Flink's REST interface answers. */
  URI rest() throws Exception {
    return cluster.getRestAddress().get();
  }

  @Override
  public void close() {
    cluster.closeAsync().join();
  }
}
