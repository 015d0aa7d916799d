package io.unroll.job.cli;

import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll run PIPELINE}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a pipeline. A bounded source ends by itself.")
final class RunCommand implements Callable<Integer> {
  private final PipelineRunner runner;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", description = "the pipeline file")
  private Path pipeline;

  @Option(
      names = "--fresh",
      description =
          "start over, instead of continuing an unfinished run from its newest checkpoint")
  private boolean fresh;

  @Option(
      names = "--overwrite",
      description = "delete the parts that stand in the folders of file sinks; implies --fresh")
  private boolean overwrite;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  RunCommand(PipelineRunner runner) {
    this.runner = runner;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    err.println("unroll: reading the pipeline " + pipeline);
    err.flush();
    PipelineJob job = PipelineJob.load(pipeline);
    for (Problem warning : job.pipeline().warnings()) {
      err.println("warning: " + warning);
    }
    for (String warning : MissingColumns.warnings(job)) {
      err.println("warning: " + warning);
    }
    List<String> headers = Headers.problems(job);
    if (!headers.isEmpty()) {
      throw new RunFailedException(String.join(System.lineSeparator(), headers));
    }
    for (String warning : FilesLooked.warnings(job)) {
      err.println("warning: " + warning);
    }
    return runner.run(
        job,
        new PipelineRunner.Options(fresh || overwrite, overwrite),
        err,
        spec.commandLine().getOut());
  }
}
