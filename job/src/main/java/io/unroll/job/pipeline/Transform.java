package io.unroll.job.pipeline;

import java.io.Serializable;

/**
 * What is done to a feature's raw value before the model sees it.
 *
 * @param kind how the value and the one before it are combined
 * @param times what the result is multiplied by; finite, not 0
 */
public record Transform(Kind kind, double times) implements Serializable {

  /** How a value becomes a feature. */
  public enum Kind {
    /** The value itself. */
    NONE("none"),
    /** {@code x(t) - x(t-1)}; the first observation of a sequence primes. */
    DIFF("diff"),
    /** {@code ln(x(t) / x(t-1))}; the first observation of a sequence primes. */
    LOG_RETURN("log-return");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The word in the pipeline file. */
    public String label() {
      return label;
    }

    /** True if the first observation of a sequence is no step. */
    public boolean needsPrevious() {
      return this != NONE;
    }
  }

  /** The value as it comes. */
  public static final Transform NONE = new Transform(Kind.NONE, 1);
}
