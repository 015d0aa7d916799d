package io.unroll.local;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * How a run ended that did not fail.
 *
 * @param counts the final ones
 * @param exitCode 0; 1 if every record was rejected; that of the signal which stopped it
 * @param next what the same command does next; null where the input was read to its end
 */
record Ending(Counts counts, int exitCode, @Nullable String next) {

  static Ending finished(Counts counts) {
    return new Ending(counts, counts.allRejected() ? ExitCode.SOFTWARE : ExitCode.OK, null);
  }

  static Ending stopped(Counts counts, int exitCode, String next) {
    return new Ending(counts, exitCode, next);
  }

  boolean isFinished() {
    return next == null;
  }

  /** {@code finished}, {@code stopped}. */
  String state() {
    return isFinished() ? "finished" : "stopped";
  }
}
