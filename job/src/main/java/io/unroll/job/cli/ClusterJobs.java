package io.unroll.job.cli;

import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.deployment.StandaloneClientFactory;
import org.apache.flink.client.deployment.application.executors.EmbeddedExecutor;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.runtime.client.JobStatusMessage;

/** The jobs of the cluster that a pipeline is submitted to. */
final class ClusterJobs {
  private static final long PATIENCE_SECONDS = 20;

  private ClusterJobs() {}

  /**
   * Fails if a job of this name, or one that has a pipeline of it, has not ended there.
   *
   * @param name of the job that is to be submitted
   * @param configuration what the job is submitted with: it says where the cluster is
   * @param progress is told if the cluster does not say
   */
  static void refuseSameName(String name, Configuration configuration, PrintWriter progress)
      throws RunFailedException, InterruptedException {
    String target = configuration.get(DeploymentOptions.TARGET);
    if (target == null || target.equalsIgnoreCase(LocalExecutor.NAME)) {
      return; // the cluster starts with the job
    }
    Optional<JobStatusMessage> other;
    try {
      other =
          target.equalsIgnoreCase(EmbeddedExecutor.NAME) // main runs in the JobManager
              ? find(name, configuration, new StandaloneClientFactory())
              : find(
                  name,
                  configuration,
                  new DefaultClusterClientServiceLoader().getClusterClientFactory(configuration));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // what there is to be thrown differs from cluster to cluster
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      String reason =
          e instanceof TimeoutException
              ? "no answer within " + PATIENCE_SECONDS + " s"
              : String.valueOf(cause.getMessage());
      progress.println(
          name + ": cannot tell whether this cluster has a job of this name already: " + reason);
      progress.flush();
      return;
    }
    if (other.isPresent()) {
      JobStatusMessage job = other.get();
      throw new RunFailedException(
          name
              + ": not submitted: job "
              + job.getJobId()
              + (job.getJobName().equals(name)
                  ? " of this name"
                  : " '" + job.getJobName() + "', which has a pipeline of it,")
              + " has been in this cluster since "
              + Instant.ofEpochMilli(job.getStartTime())
              + " and has not ended ("
              + job.getJobState()
              + "); "
              + OtherRuns.WHY
              + ". To take over from it, stop it first: 'flink stop "
              + job.getJobId()
              + "', then 'flink run -s SAVEPOINT' goes on from its state, or 'flink cancel "
              + job.getJobId()
              + "', then this command starts over. To run beside it, give this pipeline another"
              + " name");
    }
  }

  private static <T> Optional<JobStatusMessage> find(
      String name, Configuration configuration, ClusterClientFactory<T> factory) throws Exception {
    T id = factory.getClusterId(configuration);
    if (id == null) {
      return Optional.empty(); // a cluster of its own, which is still to come
    }
    try (ClusterDescriptor<T> descriptor = factory.createClusterDescriptor(configuration);
        ClusterClient<T> client = descriptor.retrieve(id).getClusterClient()) {
      return client.listJobs().get(PATIENCE_SECONDS, TimeUnit.SECONDS).stream()
          .filter(
              job ->
                  !Collections.disjoint(
                      PipelineJobs.names(job.getJobName()), PipelineJobs.names(name)))
          .filter(job -> !job.getJobState().isGloballyTerminalState())
          .findFirst();
    }
  }
}
