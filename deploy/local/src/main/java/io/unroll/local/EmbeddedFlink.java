package io.unroll.local;

import io.unroll.job.state.Accounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.filter.DefaultReporterFilters;
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
  private final Lag lag = new Lag();
  private final Map<String, Accounts> pipelines;

  /**
   * @param pipelines of the job: how the accumulators of each are called
   */
  EmbeddedFlink(Map<String, Accounts> pipelines) {
    this.pipelines = pipelines;
  }

  /** What is left for the last moment. */
  interface Preparation {
    void run() throws Exception;
  }

  /** How the accumulators of each pipeline of the job are called. */
  Map<String, Accounts> pipelines() {
    return pipelines;
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
              MiniCluster started = new PreparedCluster(settings, prepare, lag);
              cluster.set(started);
              return started;
            })
        .execute(
            env.getStreamGraph(),
            Configuration.fromMap(configuration.toMap()),
            Thread.currentThread().getContextClassLoader())
        .get();
  }

  /**
   * How far each pipeline is: none of whose tasks not all kinds have said something, nor where the
   * job has just ended.
   *
   * @param patience for each answer
   */
  Map<String, RunStatus> statuses(JobClient client, Duration patience) throws InterruptedException {
    MiniCluster started = cluster.get();
    if (started == null) {
      return Map.of();
    }
    try {
      Map<String, Object> accumulators =
          client.getAccumulators().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      Map<String, Counts> counts = Counts.all(pipelines, accumulators);
      if (counts.isEmpty()) {
        return Map.of();
      }
      AccessExecutionGraph graph =
          started
              .getExecutionGraph(client.getJobID())
              .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      RunStatus.Checkpoint checkpoint = newest(graph.getCheckpointStatsSnapshot());
      Map<String, RunStatus> statuses = new LinkedHashMap<>();
      counts.forEach(
          (name, counted) ->
              statuses.put(
                  name,
                  new RunStatus(counted, lag.records(name), checkpoint, isWarmingUp(graph, name))));
      return statuses;
    } catch (ExecutionException | TimeoutException | IllegalStateException ended) {
      return Map.of();
    }
  }

  /** It has counters, so its state is there; what it then does before it takes records is that. */
  private static boolean isWarmingUp(AccessExecutionGraph graph, String pipeline) {
    String operator = pipeline + ": sequences";
    for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
      String name = vertex.getName();
      if (name.equals(operator)
          || name.startsWith(operator + " ->")) { // with what is chained to it
        return Arrays.stream(vertex.getTaskVertices())
            .anyMatch(task -> task.getExecutionState() == ExecutionState.INITIALIZING);
      }
    }
    return false;
  }

  private static RunStatus.@Nullable Checkpoint newest(@Nullable CheckpointStatsSnapshot all) {
    CompletedCheckpointStats newest =
        all == null ? null : all.getHistory().getLatestCompletedCheckpoint();
    return newest == null
        ? null
        : new RunStatus.Checkpoint(newest.getCheckpointId(), newest.getLatestAckTimestamp());
  }

  /** Flink's executor starts a cluster and gives it the job: this is in between. */
  @SuppressWarnings("try") // close() is Flink's own and may be interrupted
  private static final class PreparedCluster extends MiniCluster {
    private final MiniClusterConfiguration settings;
    private final Preparation prepare;
    private final Lag lag;

    PreparedCluster(MiniClusterConfiguration settings, Preparation prepare, Lag lag) {
      super(settings);
      this.settings = settings;
      this.prepare = prepare;
      this.lag = lag;
    }

    @Override
    public void start() throws Exception {
      super.start();
      prepare.run();
    }

    /** As Flink's own, with one more listener. */
    @Override
    protected MetricRegistryImpl createMetricRegistry(Configuration options, long longest) {
      List<ReporterSetup> reporters =
          new ArrayList<>(
              ReporterSetupBuilder.METRIC_SETUP_BUILDER.fromConfiguration(
                  options,
                  DefaultReporterFilters::metricsFromConfiguration,
                  settings.getPluginManager()));
      reporters.add(ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter("unroll-lag", lag));
      return new MetricRegistryImpl(
          MetricRegistryConfiguration.fromConfiguration(options, longest),
          reporters,
          ReporterSetupBuilder.TRACE_SETUP_BUILDER.fromConfiguration(
              options,
              DefaultReporterFilters::tracesFromConfiguration,
              settings.getPluginManager()),
          ReporterSetupBuilder.EVENT_SETUP_BUILDER.fromConfiguration(
              options,
              DefaultReporterFilters::eventsFromConfiguration,
              settings.getPluginManager()));
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
