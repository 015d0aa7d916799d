package io.unroll.local;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * How a run ended that did not fail.
 *
 * @param counts the final ones of each pipeline, by its name; one without has counted nothing
 * @param before names of pipelines whose input had ended before this run
 * @param exitCode 0; 1 if every record of a pipeline was rejected; that of the signal which stopped
 *     it
 * @param next what the same command does next; null where the input was read to its end
 */
record RunResult(
    Map<String, Counts> counts, Set<String> before, int exitCode, @Nullable String next) {

  static RunResult finished(Map<String, Counts> counts) {
    boolean useless = counts.values().stream().anyMatch(Counts::allRejected);
    return new RunResult(counts, Set.of(), useless ? ExitCode.SOFTWARE : ExitCode.OK, null);
  }

  static RunResult stopped(Map<String, Counts> counts, int exitCode, String next) {
    return new RunResult(counts, Set.of(), exitCode, next);
  }

  /** The same with the names of pipelines whose input had ended before this run. */
  RunResult after(Set<String> before) {
    return new RunResult(counts, before, exitCode, next);
  }

  /** The final counts of one pipeline. */
  Counts of(String pipeline) {
    return counts.getOrDefault(pipeline, Counts.NONE);
  }

  boolean isFinished() {
    return next == null;
  }

  /** What became of a pipeline: {@code finished}, {@code stopped}. */
  String state(String pipeline) {
    if (before.contains(pipeline)) {
      return "had finished before";
    }
    return isFinished() ? "finished" : "stopped";
  }
}
