package io.unroll.local;

import io.unroll.job.cli.Cli;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Entry point of {@code deploy/unroll}. */
public final class Main {
  private Main() {}

  /** Ends the JVM whatever happens: the threads of a Flink would outlive this one. */
  @SuppressWarnings("CatchAndPrintStackTrace") // what nobody expected is told as the JVM would
  public static void main(String[] args) {
    int code = CommandLine.ExitCode.SOFTWARE;
    LiveLine live = LiveLine.of(System.getenv(), System.err);
    if (live != null) {
      System.setErr(live.stream()); // the log writes there too
    }
    try {
      code = commandLine(live).execute(args);
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
    return Cli.commandLine(runner).addSubcommand(new DemoCommand(runner));
  }
}
