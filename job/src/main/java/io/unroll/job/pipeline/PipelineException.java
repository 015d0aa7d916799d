package io.unroll.job.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A pipeline file that cannot be run, with everything that is wrong with it. */
public final class PipelineException extends Exception {
  private static final long serialVersionUID = 1;

  /** Nobody reads more at once, and a file that is no pipeline has thousands. */
  private static final int MOST_TOLD = 20;

  private final List<Problem> problems;

  /** The mistakes of one file, in line order; the message has a line for each of the first. */
  public PipelineException(List<Problem> problems) {
    super(told(problems));
    this.problems = List.copyOf(problems);
  }

  private static String told(List<Problem> problems) {
    String first =
        problems.stream().limit(MOST_TOLD).map(Problem::toString).collect(Collectors.joining("\n"));
    int more = problems.size() - MOST_TOLD;
    return more > 0 ? first + "\nand " + String.format(Locale.ROOT, "%,d", more) + " more" : first;
  }

  /** Every mistake, in line order; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
