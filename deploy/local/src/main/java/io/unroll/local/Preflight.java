package io.unroll.local;

import io.unroll.job.CheckpointedTopics;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.cli.TopicCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.DynamicCodeLoadingException;

/**
 * What would fail a run at its start, asked before anything is started or deleted: what Flink says
 * of the pipeline's options together, whether its broker is there, and whether its topics are those
 * of the checkpoint.
 */
final class Preflight {
  private Preflight() {}

  /**
   * Does nothing if all is well.
   *
   * @param configuration what the run is to be started with
   * @param progress for a person who waits
   */
  static void check(PipelineJobs jobs, Configuration configuration, PrintWriter progress)
      throws RunFailedException, InterruptedException {
    String name = jobs.name();
    try {
      StateBackendLoader.fromApplicationOrConfigOrDefault(
          null, configuration, new Configuration(), Preflight.class.getClassLoader(), null);
    } catch (DynamicCodeLoadingException
        | IOException
        | IllegalArgumentException
        | IllegalConfigurationException e) {
      throw new RunFailedException(
          name
              + ": not started: flink: found a state backend that cannot be used here: "
              + e.getMessage(),
          e);
    }
    try {
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(configuration);
      jobs.define(env);
      env.getStreamGraph().getJobGraph();
    } catch (RuntimeException e) { // Flink declares none and has one of its own for each option
      throw new RunFailedException(
          name + ": not started: flink: found options that Flink refuses: " + Causes.innermost(e),
          e);
    }
    if (jobs.all().stream().anyMatch(job -> TopicCheck.isNeeded(job.pipeline()))) {
      progress.println(name + ": asking the broker");
      progress.flush();
    }
    List<String> problems = new ArrayList<>();
    for (PipelineJob job : jobs.all()) {
      List<String> obstacles = TopicCheck.obstacles(job);
      if (obstacles.isEmpty()) { // the broker answers
        obstacles = CheckpointedTopics.obstacles(job, configuration);
      }
      if (!obstacles.isEmpty()) {
        problems.add(job.pipeline().name() + ": not started: " + String.join("\n", obstacles));
      }
    }
    if (!problems.isEmpty()) {
      throw new RunFailedException(String.join("\n", problems));
    }
  }
}
