package io.unroll.model.kernel;

/** erfc and erf in double: a sum without cancellation up to 2.5, a continued fraction beyond. */
final class Erfc {
  private Erfc() {}

  static double of(double x) {
    if (x < 0) {
      return 2 - of(-x);
    }
    if (!(x < 2.5)) {
      double fraction = x;
      for (int k = 200; k > 0; k--) {
        fraction = x + k / 2.0 / fraction;
      }
      return StrictMath.exp(-x * x) / StrictMath.sqrt(StrictMath.PI) / fraction;
    }
    return 1 - complement(x);
  }

  /** erf x. */
  static double complement(double x) {
    if (!(x > -2.5 && x < 2.5)) {
      return x < 0 ? of(-x) - 1 : 1 - of(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 100; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / StrictMath.sqrt(StrictMath.PI) * StrictMath.exp(-x * x) * sum;
  }
}
