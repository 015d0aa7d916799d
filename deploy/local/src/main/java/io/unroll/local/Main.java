package io.unroll.local;

import io.unroll.job.cli.Cli;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.Charset;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Entry point of {@code deploy/unroll}. */
public final class Main {
  /** The number of the file behind which the launcher filters nothing; unset if it does nowhere. */
  private static final String STDERR = "UNROLL_STDERR";

  private static final Set<String> RUNNING = Set.of("run", "demo");

  private Main() {}

  /** Java opens files by name only, and the launcher opens this package for Flink. */
  private static PrintStream stream(int file) {
    try {
      Constructor<FileDescriptor> of = FileDescriptor.class.getDeclaredConstructor(int.class);
      of.setAccessible(true);
      return new PrintStream(
          new FileOutputStream(of.newInstance(file)), true, Charset.defaultCharset());
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return System.err; // what is said comes too, perhaps behind results
    }
  }

  /** Ends the JVM whatever happens: the threads of a Flink would outlive this one. */
  @SuppressWarnings("CatchAndPrintStackTrace") // what nobody expected is told as the JVM would
  public static void main(String[] args) {
    int code = CommandLine.ExitCode.SOFTWARE;
    String standardError = System.getenv(STDERR);
    if (standardError != null) {
      System.setErr(stream(Integer.parseInt(standardError)));
    }
    LiveLine live = LiveLine.of(System.getenv(), System.err);
    if (live != null) {
      System.setErr(live.stream()); // the log writes there too
    }
    try {
      code = Cli.execute(commandLine(live), args);
    } catch (OutOfMemoryError e) { // outside of the heap: the JVM itself ends when that is full
      System.err.println(
          "unroll: out of memory: "
              + e.getMessage()
              + "; UNROLL_JAVA_OPTS=-Xmx4g (or more) gives it more than a quarter of the machine's");
    } catch (Error e) {
      e.printStackTrace();
    }
    System.exit(code);
  }

  /**
   * @param live null where standard error is no terminal
   */
  static CommandLine commandLine(@Nullable LiveLine live) {
    EmbeddedRun runner = new EmbeddedRun(live);
    return Cli.commandLine(runner)
        .addSubcommand(new DemoCommand(runner))
        .setExecutionStrategy(command -> execute(command, runner));
  }

  /** Ctrl-C is answered from the first moment of what starts a run. */
  @SuppressWarnings("try") // the signals are only heard
  private static int execute(ParseResult command, EmbeddedRun runner) {
    CommandLine.RunLast executor = new CommandLine.RunLast();
    if (!command.hasSubcommand() || !RUNNING.contains(command.subcommand().commandSpec().name())) {
      return executor.execute(command);
    }
    PrintWriter progress = command.commandSpec().commandLine().getErr();
    try (StopSignals signals = runner.hearBeforeStart(progress)) {
      return executor.execute(command);
    }
  }
}
