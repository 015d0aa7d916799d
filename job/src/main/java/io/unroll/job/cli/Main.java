package io.unroll.job.cli;

/** Entry point of the jar on a cluster: {@code flink run unroll-job.jar run PIPELINE}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int exitCode = Cli.commandLine(new ClusterRun()).execute(args);
    if (exitCode != 0) {
      // Not System.exit: in application mode this is the JobManager's own process.
      throw new IllegalStateException("unroll failed with exit code " + exitCode);
    }
  }
}
