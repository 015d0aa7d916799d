package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.cli.PipelineRunner;
import io.unroll.job.state.Accounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stop says of a job that takes no savepoint any more. */
final class StoppingTest {
  private static final int CTRL_C = 130;

  @TempDir private Path checkpoints;

  /**
   * A job as a client sees it whose Flink has let go of it, which an embedded one does by {@link
   * IllegalStateException}.
   *
   * @param result how it ended
   */
  private record Ended(CompletableFuture<JobExecutionResult> result) implements JobClient {
    @Override
    public JobID getJobID() {
      return new JobID(0, 1);
    }

    @Override
    public CompletableFuture<JobStatus> getJobStatus() {
      throw new IllegalStateException("has already been shut down");
    }

    @Override
    public CompletableFuture<Void> cancel() {
      throw new IllegalStateException("has already been shut down");
    }

    @Override
    public CompletableFuture<String> stopWithSavepoint(
        boolean drain, String directory, SavepointFormatType format) {
      throw new IllegalStateException("has already been shut down");
    }

    @Override
    public CompletableFuture<String> triggerSavepoint(
        String directory, SavepointFormatType format) {
      throw new IllegalStateException("has already been shut down");
    }

    @Override
    public CompletableFuture<Map<String, Object>> getAccumulators() {
      throw new IllegalStateException("has already been shut down");
    }

    @Override
    public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
      return result;
    }
  }

  private RunResult stop(CompletableFuture<JobExecutionResult> result) throws Exception {
    return new Stopping(
            new Ended(result),
            checkpoints,
            new PipelineRunner.Options(false, false),
            Map.of("p", Accounts.ALONE))
        .stop(Map.of(), CTRL_C);
  }

  /** Else its checkpoint would stay, and the next run write again what came behind it. */
  @Test
  void aRunWhoseInputHasJustEndedIsFinished() throws Exception {
    checkpoint();
    RunResult result =
        stop(
            CompletableFuture.completedFuture(
                new JobExecutionResult(new JobID(0, 1), 1, Map.of())));
    assertTrue(result.isFinished(), result.toString());
    assertEquals(0, result.exitCode());
  }

  @Test
  void aRunThatFailsGoesOnFromItsLastCheckpoint() throws Exception {
    Path last = checkpoint();
    RunResult result = stop(CompletableFuture.failedFuture(new IllegalStateException("failed")));
    assertEquals("stopped", result.state("p"));
    assertEquals(CTRL_C, result.exitCode());
    assertEquals(
        "the same command goes on from the last checkpoint, " + last,
        Objects.requireNonNull(result.next()));
  }

  private Path checkpoint() throws Exception {
    Path checkpoint = Files.createDirectories(checkpoints.resolve("0001/chk-1"));
    Files.createFile(checkpoint.resolve("_metadata"));
    return checkpoint;
  }
}
