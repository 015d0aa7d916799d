package io.unroll.job.operator;

import java.io.Serializable;

/**
 * What happens to a raw feature before the model sees it.
 *
 * @param kind the function
 * @param times what its result is multiplied with, for example 100 for percent
 */
public record Transform(Kind kind, double times) implements Serializable {
  /** The value as it is. */
  public static final Transform NONE = new Transform(Kind.NONE, 1);

  /** The functions. */
  public enum Kind {
    /** {@code x_t} */
    NONE("none"),
    /** {@code x_t - x_{t-1}} */
    DIFF("diff"),
    /** {@code ln(x_t / x_{t-1})} */
    LOG_RETURN("log-return");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The word in the pipeline file. */
    public String label() {
      return label;
    }
  }

  public static Transform diff(double times) {
    return new Transform(Kind.DIFF, times);
  }

  public static Transform logReturn(double times) {
    return new Transform(Kind.LOG_RETURN, times);
  }

  /** True if the result depends on the previous observation's value. */
  public boolean needsPrevious() {
    return kind != Kind.NONE;
  }

  /** True if {@code value} can be used, as current or as previous value. */
  boolean accepts(double value) {
    return Double.isFinite(value) && (kind != Kind.LOG_RETURN || value > 0);
  }

  /** The transformed value; {@code previous} is unused without a memory. */
  double apply(double value, double previous) {
    return switch (kind) {
      case NONE -> times * value;
      case DIFF -> times * (value - previous);
      // StrictMath: the same bits interpreted and compiled, so that a replay is invisible.
      case LOG_RETURN -> times * StrictMath.log(value / previous);
    };
  }
}
