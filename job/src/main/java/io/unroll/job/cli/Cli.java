package io.unroll.job.cli;

import io.unroll.connectors.file.CsvTable.UnreadableTableException;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.verify.UnfitException;
import io.unroll.model.onnx.OnnxException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0, 1 (failed), 2 (wrong use), 130 and 143 (stopped). */
public final class Cli {
  private Cli() {}

  /** The commands, with {@code runner} behind {@code run}. */
  public static CommandLine commandLine(PipelineRunner runner) {
    CommandLine cli =
        new CommandLine(new Unroll())
            .addSubcommand(new RunCommand(runner))
            .addSubcommand(new CheckCommand(runner))
            .addSubcommand(new InspectCommand())
            .addSubcommand(new VerifyCommand())
            .addSubcommand(new CommandLine.HelpCommand());
    return cli.setExecutionExceptionHandler((e, line, result) -> explain(e, line));
  }

  /**
   * Runs what the words say, and fails where its results could not be written, as on a full disk:
   * Java's printers swallow that.
   *
   * @return the exit code
   */
  public static int execute(CommandLine cli, String... words) {
    int code = cli.execute(words);
    boolean results = cli.getOut().checkError();
    boolean standardOutput = System.out.checkError(); // what a command's own printer wraps
    if (results || standardOutput) {
      cli.getErr().println("unroll: standard output could not be written: its results are missing");
      cli.getErr().flush();
      return code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
    }
    return code;
  }

  /**
   * Expected failures are told in their own words; anything else is a defect and shows its trace.
   */
  static int explain(Exception e, CommandLine line) {
    if (e instanceof PipelineException
        || e instanceof OnnxException
        || e instanceof UnfitException
        || e instanceof UnreadableTableException
        || e instanceof RunFailedException) {
      line.getErr().println(e.getMessage());
    } else if (e instanceof NoSuchFileException missing) {
      line.getErr().println(missing.getFile() + ": no such file");
    } else if (e instanceof FileSystemException file) {
      String reason = file.getReason() != null ? file.getReason() : e.getClass().getSimpleName();
      line.getErr().println(file.getFile() + ": " + reason);
    } else if (e instanceof IOException) {
      line.getErr().println(e.getMessage() + " (" + e.getClass().getSimpleName() + ")");
    } else {
      e.printStackTrace(line.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Command(
      name = "unroll",
      mixinStandardHelpOptions = true,
      version = "unroll 0.1.0",
      description =
          "Runs a trained recurrent network over live keyed streams: one timestep per event, one"
              + " hidden state per series, exactly once.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done",
        "1:failed, or every record was rejected",
        "2:wrong use",
        "130, 143:stopped by Ctrl-C, by a signal"
      })
  private static final class Unroll implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "Missing a command");
    }
  }
}
