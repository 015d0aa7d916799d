package io.unroll.model.kernel;

/**
 * exp, log, tanh, powers and what is made of them, from add, mul, div, compare and bit operations
 * alone, computed in double and rounded once. Java defines each of these operations to the bit, so
 * an interpreted and a compiled run agree, which the intrinsics behind {@code Math.exp} do not
 * promise.
 *
 * <p>exp: x = k ln 2 + r with |r| at most ln 2 / 2 (Cody and Waite's split of ln 2), the Taylor
 * series of degree 9 for e^r (relative error below 1e-11, a float ulp is 6e-8), then k into the
 * exponent bits. What else there is says its own error.
 */
final class Transcendentals {
  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  private static final double ROUNDER = 0x1.8p52;

  private static final double EXP_LIMIT = 708;

  /** Below it tanh is its series: 1 - e^-2x would lose the digits that a float needs. */
  private static final double SMALL_TANH = 0x1p-6;

  /** Below it e^x - 1 is its series. */
  private static final double SMALL = 0x1p-8;

  private static final double SQRT_2 = 1.4142135623730951;

  private Transcendentals() {}

  /** e^x; 0 from -709 down, infinity from 709 up, as far as a float sees it; NaN stays NaN. */
  static double exp(double x) {
    double bounded = x > EXP_LIMIT ? EXP_LIMIT : x < -EXP_LIMIT ? -EXP_LIMIT : x;
    double shifted = bounded * LOG2_E + ROUNDER;
    double k = shifted - ROUNDER;
    double r = (bounded - k * LN2_HIGH) - k * LN2_LOW;
    double p = 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    // Only the low bits of the rounder's sum reach the exponent field; NaN is carried by p.
    return p * Double.longBitsToDouble((Double.doubleToRawLongBits(shifted) + 1023) << 52);
  }

  static float sigmoid(float x) {
    return (float) (1 / (1 + exp(-(double) x)));
  }

  static float tanh(float x) {
    double a = Math.abs((double) x);
    double magnitude;
    if (a < SMALL_TANH) {
      double s = a * a;
      magnitude = a * (1 + s * (-1.0 / 3 + s * (2.0 / 15 + s * (-17.0 / 315))));
    } else {
      double e = exp(-2 * a);
      magnitude = (1 - e) / (1 + e);
    }
    return Math.copySign((float) magnitude, x); // keeps tanh(-0) = -0; NaN stays NaN
  }

  /** e^x - 1, without losing the digits of a small x. */
  static double expm1(double x) {
    if (x > -SMALL && x < SMALL) {
      return x * (1 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120)))));
    }
    return exp(x) - 1;
  }

  /**
   * ln x for x of float's range: x = m 2^k with m between sqrt(1/2) and sqrt(2), then the series of
   * the inverse hyperbolic tangent for ln m (relative error below 1e-13). ln 0 is minus infinity,
   * of less NaN.
   */
  static double log(double x) {
    if (!(x > 0)) {
      return x == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    long bits = Double.doubleToRawLongBits(x);
    int k = (int) (bits >>> 52) - 1023;
    double m = Double.longBitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
    if (m > SQRT_2) {
      m = m * 0.5;
      k = k + 1;
    }
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double p = 1.0 / 15;
    p = p * z + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    p = p * z + 1;
    return k * LN2_HIGH + (k * LN2_LOW + 2 * s * p);
  }

  /** ln(1 + e^x). */
  static float softplus(float x) {
    double e = exp(-Math.abs((double) x));
    // Below 2^-26 the square of e is lost on a float anyway, and 1 + e would lose e.
    double rest = e < 0x1p-26 ? e : log(1 + e);
    return (float) ((x > 0 ? x : 0) + rest); // e carries a NaN
  }

  /** {@code x tanh(ln(1 + e^x))}, with tanh(ln u) = (u² - 1) / (u² + 1). */
  static float mish(float x) {
    if (x > 40) {
      return x;
    }
    double e = exp(x);
    double n = e * (e + 2);
    return (float) (x * (n / (n + 2)));
  }

  /** {@code x σ(scale x)}. */
  static float swish(float x, double scale) {
    return (float) (x / (1 + exp(-scale * x)));
  }

  /** {@code x (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2}; with tanh by the logistic function. */
  static float geluTanh(float x) {
    double cubic = x * (1 + 0.044715 * x * x);
    return (float) (x / (1 + exp(-2 * 0.7978845608028654 * cubic)));
  }

  /**
   * x to the power y, with the cases that C's pow (and IEEE 754's) gives to zeros, infinities, NaN
   * and negative x: 1 to anything and anything to 0 are 1, negative x takes whole y only. Else
   * {@code e^(y ln |x|)}: where a float holds the result, |y ln |x|| is below 104, so a relative
   * error of 1e-13 in the logarithm is one of 1e-11 in the power.
   */
  static float pow(float x, float y) {
    if (y == 0 || x == 1) {
      return 1;
    }
    if (Float.isNaN(x) || Float.isNaN(y)) {
      return Float.NaN;
    }
    boolean whole = Math.abs(y) >= 0x1p24f || y == (int) y; // a float from 2^24 on is even
    boolean odd = Math.abs(y) < 0x1p24f && whole && ((int) y & 1) != 0;
    if (x < 0 && !whole && x != Float.NEGATIVE_INFINITY) {
      return Float.NaN;
    }
    double base = Math.abs((double) x);
    float magnitude = base == 1 ? 1 : (float) exp(y * log(base));
    return odd && Float.floatToRawIntBits(x) < 0 ? -magnitude : magnitude;
  }
}
