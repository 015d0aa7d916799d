package io.unroll.local;

import io.unroll.job.cli.Cli;
import picocli.CommandLine;

/** Entry point of {@code deploy/unroll}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    EmbeddedRun runner = new EmbeddedRun();
    return Cli.commandLine(runner).addSubcommand(new DemoCommand(runner));
  }
}
