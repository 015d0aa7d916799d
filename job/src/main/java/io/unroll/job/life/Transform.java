package io.unroll.job.life;

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
    LOG_RETURN("log-return"),
    /** {@code ln(1 + x_t)} */
    LOG1P("log1p");

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

  public static Transform log1p(double times) {
    return new Transform(Kind.LOG1P, times);
  }

  public static Transform logReturn(double times) {
    return new Transform(Kind.LOG_RETURN, times);
  }

  /** True if the result depends on the previous observation's value. */
  public boolean needsPrevious() {
    return kind == Kind.DIFF || kind == Kind.LOG_RETURN;
  }

  /** True if {@code value} can be used, as current or as previous value. */
  boolean accepts(double value) {
    return Double.isFinite(value)
        && switch (kind) {
          case NONE, DIFF -> true;
          case LOG_RETURN -> value > 0;
          case LOG1P -> value > -1;
        };
  }

  /** What it expects besides a finite number, in words. */
  String domain() {
    return switch (kind) {
      case NONE, DIFF -> "";
      case LOG_RETURN -> " above zero for log-return";
      case LOG1P -> " above -1 for log1p";
    };
  }

  /** The transformed value; {@code previous} is unused without a memory. */
  double apply(double value, double previous) {
    return switch (kind) {
      case NONE -> times * value;
      case DIFF -> times * (value - previous);
      // StrictMath: the same bits interpreted and compiled, so that a replay is invisible.
      case LOG_RETURN -> times * StrictMath.log(value / previous);
      case LOG1P -> times * StrictMath.log1p(value);
    };
  }

  /**
   * The value that {@link #apply} made {@code transformed} of.
   *
   * @param previous the value before it, unused without a memory
   */
  double undo(double transformed, double previous) {
    double value = transformed / times;
    return switch (kind) {
      case NONE -> value;
      case DIFF -> previous + value;
      case LOG_RETURN -> previous * StrictMath.exp(value);
      case LOG1P -> StrictMath.expm1(value);
    };
  }
}
