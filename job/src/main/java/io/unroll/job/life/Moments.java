package io.unroll.job.life;

/**
 * Mean and variance of a feature's values so far, kept as three doubles: the weight of the values,
 * their mean, and the sum of squared distances from it. Welford's update, with West's weights where
 * older values are forgotten. The variance is the population's.
 */
final class Moments {
  /** Doubles per feature. */
  static final int SIZE = 3;

  private static final int WEIGHT = 0;
  private static final int MEAN = 1;
  private static final int SQUARES = 2;

  private Moments() {}

  /**
   * The value in standard deviations from the mean, as it is when the value is one of those it is
   * held against; 0 where all are the same, NaN where it is no float32.
   *
   * @param from where the feature's three doubles stand in {@code moments}; not modified
   */
  static double scaled(double value, Scale.Online scale, double[] moments, int from) {
    if (!Float.isFinite((float) value)) { // one far enough off would spoil them for ever
      return Double.NaN;
    }
    double before = kept(scale) * moments[from + WEIGHT];
    double weight = before + 1;
    double delta = value - moments[from + MEAN];
    double mean = moments[from + MEAN] + delta / weight;
    double squares = kept(scale) * moments[from + SQUARES] + delta * (value - mean);
    double std = Math.sqrt(Math.max(0, squares) / weight);
    return std > 0 ? (value - mean) / std : 0;
  }

  /** Takes a value in. Modified: {@code moments} from {@code from}. */
  static void add(double value, Scale.Online scale, double[] moments, int from) {
    double weight = kept(scale) * moments[from + WEIGHT] + 1;
    double delta = value - moments[from + MEAN];
    double mean = moments[from + MEAN] + delta / weight;
    // Rounding may leave less than nothing.
    moments[from + SQUARES] =
        Math.max(0, kept(scale) * moments[from + SQUARES] + delta * (value - mean));
    moments[from + MEAN] = mean;
    moments[from + WEIGHT] = weight;
  }

  /** The value that is {@code scaled} standard deviations from the mean. */
  static double undone(double scaled, double[] moments, int from) {
    double weight = moments[from + WEIGHT];
    double std = weight > 0 ? Math.sqrt(moments[from + SQUARES] / weight) : 0;
    return scaled * std + moments[from + MEAN];
  }

  /** What is left of a value's weight at the next one. */
  private static double kept(Scale.Online scale) {
    return scale.halfLife() == Scale.Online.FOREVER ? 1 : StrictMath.pow(0.5, 1 / scale.halfLife());
  }
}
