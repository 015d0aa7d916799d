package io.unroll.job.pipeline;

import java.util.List;
import java.util.stream.Collectors;

/** A pipeline file that cannot be run, with everything that is wrong with it. */
public final class PipelineException extends Exception {
  private static final long serialVersionUID = 1;

  private final List<Problem> problems;

  /** The mistakes of one file, in line order; the message has one line for each. */
  public PipelineException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake, in line order; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
