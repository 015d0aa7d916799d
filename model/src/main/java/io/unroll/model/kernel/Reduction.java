package io.unroll.model.kernel;

/**
 * One value of many, as the ONNX operator of the same name (with Reduce in front) defines it. Sums
 * are in double and rounded once. NaN among the values gives NaN.
 */
public enum Reduction {
  SUM,
  MEAN,
  MAX,
  MIN,
  PROD,
  /** Sum of magnitudes. */
  L1,
  /** Root of the sum of squares. */
  L2,
  SUM_SQUARE,
  LOG_SUM,
  /** Shifted by the largest value. */
  LOG_SUM_EXP,
  /** The place of the largest value, the first of equal ones. */
  ARG_MAX,
  /** The place of the largest value, the last of equal ones. */
  ARG_MAX_LAST,
  /** The place of the smallest value, the first of equal ones. */
  ARG_MIN,
  /** The place of the smallest value, the last of equal ones. */
  ARG_MIN_LAST;

  /** Of the n values from {@code at} on, n above 0. */
  float of(float[] x, int at, int n) {
    return switch (this) {
      case SUM -> (float) sum(x, at, n);
      case MEAN -> (float) (sum(x, at, n) / n);
      case MAX -> max(x, at, n);
      case MIN -> {
        float min = x[at];
        for (int j = at + 1; j < at + n; j++) {
          min = Math.min(min, x[j]);
        }
        yield min;
      }
      case PROD -> {
        double product = 1;
        for (int j = at; j < at + n; j++) {
          product *= x[j];
        }
        yield (float) product;
      }
      case L1 -> {
        double sum = 0;
        for (int j = at; j < at + n; j++) {
          sum += Math.abs(x[j]);
        }
        yield (float) sum;
      }
      case L2 -> (float) Math.sqrt(squares(x, at, n));
      case SUM_SQUARE -> (float) squares(x, at, n);
      case LOG_SUM -> (float) Transcendentals.log(sum(x, at, n));
      case LOG_SUM_EXP -> {
        float max = max(x, at, n);
        // Infinity less itself would be NaN where the answer is infinite.
        yield Float.isInfinite(max) ? max : (float) (max + logOfShifted(x, at, n, max));
      }
      case ARG_MAX -> place(x, at, n, true, false);
      case ARG_MAX_LAST -> place(x, at, n, true, true);
      case ARG_MIN -> place(x, at, n, false, false);
      case ARG_MIN_LAST -> place(x, at, n, false, true);
    };
  }

  private static double sum(float[] x, int at, int n) {
    double sum = 0;
    for (int j = at; j < at + n; j++) {
      sum += x[j];
    }
    return sum;
  }

  private static double squares(float[] x, int at, int n) {
    double sum = 0;
    for (int j = at; j < at + n; j++) {
      sum += (double) x[j] * x[j];
    }
    return sum;
  }

  static float max(float[] x, int at, int n) {
    float max = x[at];
    for (int j = at + 1; j < at + n; j++) {
      max = Math.max(max, x[j]);
    }
    return max;
  }

  /** The logarithm of the sum of e^(x - max). */
  static double logOfShifted(float[] x, int at, int n, float max) {
    double sum = 0;
    for (int j = at; j < at + n; j++) {
      sum += Transcendentals.exp((double) x[j] - max);
    }
    return Transcendentals.log(sum);
  }

  private static float place(float[] x, int at, int n, boolean largest, boolean last) {
    int best = 0;
    for (int j = 0; j < n; j++) {
      float value = x[at + j];
      if (Float.isNaN(value)) {
        return Float.NaN;
      }
      float chosen = x[at + best];
      if ((largest ? value > chosen : value < chosen) || (last && value == chosen)) {
        best = j;
      }
    }
    return best;
  }
}
