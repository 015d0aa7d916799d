package io.unroll.job.life;

import java.io.Serializable;

/**
 * Where the values of a feature lie.
 *
 * @param mean finite
 * @param std standard deviation, finite and above 0
 */
public record Norm(double mean, double std) implements Serializable {
  public Norm {
    if (!Double.isFinite(mean)) {
      throw new IllegalArgumentException("mean: found " + mean + ", expected a finite number");
    }
    if (!(Double.isFinite(std) && std > 0)) {
      throw new IllegalArgumentException(
          "std: found " + std + ", expected a finite number above 0");
    }
  }

  /** The value in standard deviations from the mean. */
  double apply(double value) {
    return (value - mean) / std;
  }

  /** The value that {@link #apply} made {@code scaled} of. */
  double undo(double scaled) {
    return scaled * std + mean;
  }
}
