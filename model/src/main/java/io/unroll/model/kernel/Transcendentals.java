package io.unroll.model.kernel;

/**
 * exp, tanh and the logistic function from add, mul, div, compare and bit operations alone,
 * computed in double and rounded once. Java defines each of these operations to the bit, so an
 * interpreted and a compiled run agree, which the intrinsics behind {@code Math.exp} do not
 * promise.
 *
 * <p>exp: x = k ln 2 + r with |r| at most ln 2 / 2 (Cody and Waite's split of ln 2), the Taylor
 * series of degree 9 for e^r (relative error below 1e-11, a float ulp is 6e-8), then k into the
 * exponent bits.
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
}
