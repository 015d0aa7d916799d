package io.unroll.job.cli;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.pipeline.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll run PIPELINE...}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs a pipeline, or several in one Flink job. A bounded source ends by itself; the others"
            + " go on.")
final class RunCommand implements Callable<Integer> {
  private final PipelineRunner runner;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "1..*",
      description = "the pipeline file, or those of several pipelines")
  private List<Path> pipelines;

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
    for (Path pipeline : pipelines) {
      err.println("unroll: reading the pipeline " + pipeline);
    }
    err.flush();
    PipelineJobs jobs = PipelineJobs.load(pipelines);
    List<String> headers = new ArrayList<>();
    for (PipelineJob job : jobs.all()) {
      headers.addAll(look(job, err));
    }
    if (!headers.isEmpty()) {
      throw new RunFailedException(String.join(System.lineSeparator(), headers));
    }
    for (PipelineJob job : jobs.all()) {
      for (String warning : FilesLooked.warnings(job)) {
        err.println("warning: " + warning);
      }
    }
    return runner.run(
        jobs,
        new PipelineRunner.Options(fresh || overwrite, overwrite),
        err,
        spec.commandLine().getOut());
  }

  /** Says what may surprise; returns what is wrong with the headers of its files. */
  private static List<String> look(PipelineJob job, PrintWriter err) throws IOException {
    for (Problem warning : job.pipeline().warnings()) {
      err.println("warning: " + warning);
    }
    for (String warning : MissingColumns.warnings(job)) {
      err.println("warning: " + warning);
    }
    return Headers.problems(job);
  }
}
