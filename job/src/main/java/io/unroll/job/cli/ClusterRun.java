package io.unroll.job.cli;

import io.unroll.job.CheckpointedTopics;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Submits pipelines as one job to the cluster that {@code flink run} speaks to. */
final class ClusterRun implements PipelineRunner {
  @Override
  public int run(PipelineJobs jobs, Options options, PrintWriter progress, PrintWriter results)
      throws RunFailedException, InterruptedException {
    if (options.fresh() || options.overwrite()) {
      throw new RunFailedException(
          "--fresh and --overwrite are for embedded runs; on a cluster flink run -s decides what a"
              + " job starts from");
    }
    String name = jobs.name();
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(jobs.configuration(new Configuration()));
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      throw new RunFailedException(
          name
              + ": found no execution.checkpointing.interval, neither in the pipeline's flink: nor in"
              + " the cluster's configuration; expected one: without checkpoints no output becomes"
              + " visible and no state survives");
    }
    for (PipelineJob job : jobs.all()) {
      List<String> changed = CheckpointedTopics.obstacles(job, env.getConfiguration());
      if (!changed.isEmpty()) {
        throw new RunFailedException(
            job.pipeline().name() + ": not submitted: " + String.join("\n", changed));
      }
    }
    jobs.define(env);
    refuseOthers(jobs, Configuration.fromMap(env.getConfiguration().toMap()), progress);
    try {
      JobClient client = env.executeAsync(name);
      results.println(name + ": submitted as job " + client.getJobID());
      return 0;
    } catch (Exception e) {
      throw new RunFailedException(name + ": not submitted: " + e.getMessage(), e);
    }
  }

  /** A second run of a pipeline that has begun one already; see {@link FreshStart}. */
  private static void refuseOthers(
      PipelineJobs jobs, Configuration configuration, PrintWriter progress)
      throws RunFailedException, InterruptedException {
    String name = jobs.name();
    try {
      if (!FreshStart.is(configuration)) {
        return;
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // whatever keeps the jobs of a cluster throws what it likes
      progress.println(
          name
              + ": cannot tell whether this is a recovery, so it is taken for a first start: "
              + e);
      progress.flush();
    }
    ClusterJobs.refuseSameName(name, configuration, progress);
    OtherRuns.refuse(jobs, "", configuration, progress);
  }
}
