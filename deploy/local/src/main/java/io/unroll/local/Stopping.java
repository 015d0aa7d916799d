package io.unroll.local;

import io.unroll.job.cli.PipelineRunner;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.state.Accounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * Ends a job so that the same command goes on from where it stood. The job takes a savepoint, which
 * makes all of its outputs visible: a checkpoint that is only left behind would keep Kafka's
 * transactions open, and the broker ends those after a while.
 */
final class Stopping {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final JobClient client;
  private final Path checkpoints;
  private final PipelineRunner.Options options;
  private final Map<String, Accounts> pipelines;

  /**
   * @param checkpoints where an unfinished run is looked for
   * @param options of the command that is to be given again
   * @param pipelines how the accumulators of each are called
   */
  Stopping(
      JobClient client,
      Path checkpoints,
      PipelineRunner.Options options,
      Map<String, Accounts> pipelines) {
    this.client = client;
    this.checkpoints = checkpoints;
    this.options = options;
    this.pipelines = pipelines;
  }

  /**
   * Stopped, or finished where the input came to its end first: then all outputs are written, and a
   * run that went on from a checkpoint would write some of them twice.
   *
   * @param newest what was last counted of each pipeline
   * @param exitCode of the signal
   */
  RunResult stop(Map<String, Counts> newest, int exitCode)
      throws RunFailedException, InterruptedException {
    try {
      client
          .stopWithSavepoint(
              false, RunFolder.stopped(checkpoints).toUri().toString(), SavepointFormatType.NATIVE)
          .get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      JobExecutionResult result =
          client.getJobExecutionResult().get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return RunResult.stopped(
          Counts.all(pipelines, result.getAllAccumulatorResults()),
          exitCode,
          sameCommand() + " goes on from here");
    } catch (TimeoutException slow) {
      cancel(); // it may still take its savepoint, so that its end would not be that of the input
    } catch (ExecutionException | IllegalStateException notNow) {
      cancel();
      Optional<Map<String, Counts>> all = countsIfFinished();
      if (all.isPresent()) {
        return RunResult.finished(all.get());
      }
    }
    return fromLastCheckpoint(newest, exitCode);
  }

  /** It is starting, or failing, or has just come to an end by itself. */
  private void cancel() throws InterruptedException {
    try {
      client.cancel().get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      // It has ended, its Flink too, or ends with this process.
    }
  }

  /** All counts if the job came to the end of its input before it could be stopped. */
  private Optional<Map<String, Counts>> countsIfFinished() throws InterruptedException {
    try {
      JobExecutionResult result =
          client.getJobExecutionResult().get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(Counts.all(pipelines, result.getAllAccumulatorResults()));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty(); // cancelled as asked, or failed
    }
  }

  /** What was complete before is still there. */
  private RunResult fromLastCheckpoint(Map<String, Counts> counts, int exitCode)
      throws RunFailedException {
    Optional<Path> last = RunFolder.newestCheckpoint(checkpoints);
    return RunResult.stopped(
        counts,
        exitCode,
        last.map(path -> sameCommand() + " goes on from the last checkpoint, " + path)
            .orElse("there was no checkpoint yet: the same command begins anew"));
  }

  private String sameCommand() {
    if (options.overwrite()) {
      return "the same command without --overwrite";
    }
    return options.fresh() ? "the same command without --fresh" : "the same command";
  }
}
