package io.unroll.local;

import io.unroll.job.cli.Cli;
import picocli.CommandLine;

/** Entry point of {@code deploy/unroll}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    EmbeddedRun runner = new EmbeddedRun();
    CommandLine cli = Cli.commandLine(runner).addSubcommand(new DemoCommand(runner));
    System.exit(cli.execute(args));
  }
}
