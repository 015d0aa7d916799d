package io.unroll.job.cli;

import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.util.List;

/** Runs checked pipelines somewhere, in one job. */
public interface PipelineRunner {
  /**
   * What {@code run} was told.
   *
   * @param fresh start over instead of continuing an unfinished run
   * @param overwrite delete what stands in the output folders
   */
  record Options(boolean fresh, boolean overwrite) {}

  /**
   * Runs or submits a job of these pipelines. Returns when it has ended, or, where it goes on
   * without us, when it is submitted.
   *
   * @param progress for a person who waits
   * @param results what came out
   * @return the exit code: 0; 1 if every record of a pipeline was rejected; 128 and the signal's
   *     number if a signal stopped it
   * @throws RunFailedException if it cannot start or failed for good
   */
  int run(PipelineJobs jobs, Options options, PrintWriter progress, PrintWriter results)
      throws RunFailedException, InterruptedException;

  /**
   * Why {@code run} without options would not start because of what an earlier run left here, lines
   * of one reason; nothing if it would, or where nothing of it is known. Changes nothing.
   */
  default List<String> obstacles(PipelineJobs jobs) {
    return List.of();
  }
}
