package io.unroll.job.cli;

import io.unroll.job.CheckpointedTopics;
import io.unroll.job.PipelineJob;
import java.io.PrintWriter;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Submits a pipeline to the cluster that {@code flink run} speaks to. */
final class ClusterRun implements PipelineRunner {
  @Override
  public void run(PipelineJob job, Options options, PrintWriter progress, PrintWriter results)
      throws RunFailedException, InterruptedException {
    if (options.fresh() || options.overwrite()) {
      throw new RunFailedException(
          "--fresh and --overwrite are for embedded runs; on a cluster flink run -s decides what a"
              + " job starts from");
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(job.configuration(new Configuration()));
    if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
      throw new RunFailedException(
          job.pipeline().name()
              + ": found no execution.checkpointing.interval, neither in the pipeline's flink: nor in"
              + " the cluster's configuration; expected one: without checkpoints no output becomes"
              + " visible and no state survives");
    }
    List<String> changed = CheckpointedTopics.obstacles(job, env.getConfiguration());
    if (!changed.isEmpty()) {
      throw new RunFailedException(
          job.pipeline().name() + ": not submitted: " + String.join("\n", changed));
    }
    job.define(env);
    try {
      JobClient client = env.executeAsync(job.pipeline().name());
      results.println(job.pipeline().name() + ": submitted as job " + client.getJobID());
    } catch (Exception e) {
      throw new RunFailedException(job.pipeline().name() + ": not submitted: " + e.getMessage(), e);
    }
  }
}
