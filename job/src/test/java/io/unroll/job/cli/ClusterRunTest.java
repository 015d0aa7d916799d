package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.job.PipelineJob;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a cluster is told, up to the submission. */
final class ClusterRunTest {
  private static final Path WEATHER = Path.of("../deploy/examples/weather.yaml");

  private static RunFailedException refused(PipelineRunner.Options options) throws Exception {
    PipelineJob job = PipelineJob.load(WEATHER);
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return assertThrows(
        RunFailedException.class, () -> new ClusterRun().run(job, options, nowhere, nowhere));
  }

  @Test
  void aClusterWithoutCheckpointsIsRefused() throws Exception {
    assertEquals(
        "weather: found no execution.checkpointing.interval, neither in the pipeline's flink: nor in"
            + " the cluster's configuration; expected one: without checkpoints no output becomes"
            + " visible and no state survives",
        refused(new PipelineRunner.Options(false, false)).getMessage());
  }

  @Test
  void optionsOfEmbeddedRunsAreRefused() throws Exception {
    assertEquals(
        "--fresh and --overwrite are for embedded runs; on a cluster flink run -s decides what a job"
            + " starts from",
        refused(new PipelineRunner.Options(true, false)).getMessage());
  }

  /** Not System.exit: in application mode main runs in the JobManager's own process. */
  @Test
  void mainThrowsInsteadOfExiting() {
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class, () -> Main.main(new String[] {"inspect", "nope.onnx"}));
    assertEquals("unroll failed with exit code 1", thrown.getMessage());
  }
}
