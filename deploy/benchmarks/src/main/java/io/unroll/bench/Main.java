package io.unroll.bench;

import io.unroll.bench.fork.MeasurementException;
import io.unroll.bench.table.JobTable;
import io.unroll.bench.table.KafkaTable;
import io.unroll.bench.table.KernelTable;
import io.unroll.bench.table.SeriesTable;
import io.unroll.bench.table.UnrollTable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code deploy/bench}. */
@Command(
    name = "bench",
    description = "Measures Unroll, what it is compared with and the limit, in one run.",
    subcommands = {
      KernelTable.class,
      JobTable.class,
      KafkaTable.class,
      SeriesTable.class,
      UnrollTable.class
    },
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Main() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "found no table, expected one of " + spec.subcommands().keySet());
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof MeasurementException) {
            command.getErr().println("bench: " + e.getMessage());
            command.getErr().flush();
            return 1;
          }
          throw e;
        });
    return commandLine;
  }
}
