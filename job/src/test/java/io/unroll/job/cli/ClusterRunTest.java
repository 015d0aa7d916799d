package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.job.ExamplePaths;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.DefaultExecutorServiceLoader;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster is told, up to the submission. */
final class ClusterRunTest {
  private static final Path WEATHER = Path.of("../deploy/examples/weather.yaml").normalize();

  @TempDir private Path folder;

  private static RunFailedException refused(PipelineRunner.Options options) throws Exception {
    PipelineJob job = PipelineJob.load(WEATHER);
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return assertThrows(
        RunFailedException.class,
        () -> new ClusterRun().run(PipelineJobs.of(job), options, nowhere, nowhere));
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

  /**
   * {@code flink run -s} says that all state must be claimed; a pipeline whose source has another
   * generation says that it need not be, and is heard.
   */
  @ParameterizedTest
  @CsvSource({"1, false", "2, true"})
  void theStateOfASourceBeforeNeedNotBeClaimed(int generation, boolean ignores) throws Exception {
    Path examples = WEATHER.toAbsolutePath().getParent();
    PipelineJob job =
        PipelineJob.load(
            Files.writeString(
                folder.resolve("p.yaml"),
                ExamplePaths.absolute(Files.readString(WEATHER), examples)
                    .replace(
                        "\n  format: csv", "\n  generation: " + generation + "\n  format: csv")));
    Configuration cluster = new Configuration();
    cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, "file:///savepoint");
    cluster.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, false);
    StreamContextEnvironment.setAsContext(
        new DefaultExecutorServiceLoader(),
        cluster,
        ClusterRunTest.class.getClassLoader(),
        1,
        1,
        false,
        null,
        null,
        List.of());
    try {
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.getExecutionEnvironment(
              job.configuration(new Configuration()));
      job.define(env);
      SavepointRestoreSettings from = env.getStreamGraph().getSavepointRestoreSettings();
      assertEquals("file:///savepoint", from.getRestorePath());
      assertEquals(ignores, from.allowNonRestoredState());
    } finally {
      StreamContextEnvironment.unsetAsContext();
    }
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
