package io.unroll.bench.fork;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * How much is measured.
 *
 * @param quick only what feeds a ratio, once or twice and shortly
 * @param forks JVMs per row that feeds a ratio
 * @param warmSeconds before each window
 * @param seconds of each window
 * @param only rows whose name has a match; every row with an empty pattern
 * @param folder for logs and temporary files
 */
public record Plan(
    boolean quick, int forks, double warmSeconds, double seconds, Pattern only, Path folder) {

  public Plan {
    if (forks < 1) {
      throw new IllegalArgumentException("--forks: found " + forks + ", expected 1 or more");
    }
    if (!(seconds > 0) || !(warmSeconds > 0)) {
      throw new IllegalArgumentException("--seconds: found " + seconds + ", expected above 0");
    }
  }

  /** A shorter plan for rows that feed no ratio. */
  public double shortSeconds() {
    return Math.min(2, seconds);
  }
}
