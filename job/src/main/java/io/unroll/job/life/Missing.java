package io.unroll.job.life;

import java.io.Serializable;

/**
 * What becomes of an observation that has no value for a feature.
 *
 * @param kind what
 * @param value instead, with {@link Kind#VALUE}
 */
public record Missing(Kind kind, double value) implements Serializable {
  /** The observation is rejected. */
  public static final Missing REJECT = new Missing(Kind.REJECT, 0);

  /** The last value of the sequence stands in; without one the observation is rejected. */
  public static final Missing PREVIOUS = new Missing(Kind.PREVIOUS, 0);

  /** The model sees 0, and in an input of its own behind it whether there was a value: 1 or 0. */
  public static final Missing MASK = new Missing(Kind.MASK, 0);

  /** What can become of it. */
  public enum Kind {
    REJECT,
    PREVIOUS,
    VALUE,
    MASK
  }

  public Missing {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("missing: found " + value + ", expected a finite number");
    }
  }

  /** A value stands in, as if the record had it. */
  public static Missing value(double value) {
    return new Missing(Kind.VALUE, value);
  }
}
