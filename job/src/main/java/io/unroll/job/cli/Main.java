package io.unroll.job.cli;

import picocli.CommandLine;

/** Entry point of the jar on a cluster: {@code flink run unroll-job.jar run PIPELINE}. */
public final class Main {
  private static final String FLINK =
      "org.apache.flink.streaming.api.environment.StreamExecutionEnvironment";

  private Main() {}

  public static void main(String[] args) {
    if (!isThere(FLINK)) { // it comes with a cluster, and is not in the jar
      System.err.println(
          "unroll-job.jar needs Flink's classes: start it with flink run unroll-job.jar "
              + (args.length == 0 ? "run PIPELINE" : String.join(" ", args))
              + ", or use deploy/unroll, which brings them");
      System.exit(CommandLine.ExitCode.USAGE); // so this is no process of Flink's
    }
    int exitCode = Cli.execute(Cli.commandLine(new ClusterRun()), args);
    if (exitCode != 0) {
      // Not System.exit: in application mode this is the JobManager's own process.
      throw new IllegalStateException("unroll failed with exit code " + exitCode);
    }
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, Main.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
