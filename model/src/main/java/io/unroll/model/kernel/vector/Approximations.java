package io.unroll.model.kernel.vector;

/**
 * exp, the logistic function and tanh as the lanes compute them, one value at a time: the same
 * operations in the same order, so the same bits. Serves what is left over behind the last vector;
 * the vector loops read the constants.
 *
 * <p>All three take e^x = 2^k e^r with |r| at most ln 2 / 2, and a polynomial of degree 6 for e^r
 * (minimax, relative error 3e-9, the first two coefficients being 1). k comes from adding 1.5 ·
 * 2^23, which leaves it in the low bits; ln 2 is taken off in two parts by fma.
 */
final class Approximations {
  static final float LOG2_E = 0x1.715476p0f;
  static final float LN2_HIGH = 0x1.62e430p-1f;
  static final float LN2_LOW = -0x1.05c610p-29f;

  /** Adding it rounds to an integer, which then stands in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = 0x4b400000;
  static final int EXPONENT_BIAS = 127;
  static final int EXPONENT_AT = 23;

  /** e^r = 1 + r + C2 r² + ... + C6 r^6. */
  static final float C2 = 0x1.fffffcp-2f;

  static final float C3 = 0x1.555492p-3f;
  static final float C4 = 0x1.5558f2p-5f;
  static final float C5 = 0x1.1239e0p-7f;
  static final float C6 = 0x1.6a243ap-10f;

  /** 1 - e^-2r = r (2 + T2 r + ... + T6 r^5): the same polynomial at -2r. */
  static final float T2 = -4 * C2;

  static final float T3 = 8 * C3;
  static final float T4 = -16 * C4;
  static final float T5 = 32 * C5;
  static final float T6 = -64 * C6;

  /** e^x is 0 for a float from here down. */
  static final float LOWEST = -104;

  /** e^x is infinite for a float from here up. */
  static final float HIGHEST = 89;

  /** The logistic function is 1 for a float long before. */
  static final float SIGMOID_HIGHEST = 40;

  /** The logistic function's 1 and e^-x are scaled by it, so that e^104 fits. */
  static final float SIGMOID_SCALE = 0x1p-30f;

  static final int SIGMOID_BIAS = EXPONENT_BIAS - 30;

  /** tanh is 1 for a float from 9.011 on. */
  static final float TANH_HIGHEST = 9.02f;

  private Approximations() {}

  /**
   * {@code e^(x - shift)}, within 0.9 ulp; 0 and infinity at its ends; NaN stays NaN. The rounding
   * of the difference is kept and taken into r.
   */
  static float exp(float x, float shift) {
    float d = x - shift;
    float b = d - x;
    float lost = (x - (d - b)) - (b + shift);
    float a = d < LOWEST ? LOWEST : d;
    lost = d < LOWEST || d > HIGHEST ? 0 : lost; // of infinities NaN
    a = a > HIGHEST ? HIGHEST : a;
    float s = Math.fma(a, LOG2_E, ROUNDER);
    float k = s - ROUNDER;
    float r = Math.fma(k, -LN2_HIGH, a);
    r = Math.fma(k, -LN2_LOW, r + lost);
    float p = Math.fma(C6, r, C5);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, 1);
    p = Math.fma(p, r, 1);
    int exponent = Float.floatToRawIntBits(s) - ROUNDER_BITS; // -150 to 128: in two halves
    int half = exponent >> 1;
    return p * power(half + EXPONENT_BIAS) * power(exponent - half + EXPONENT_BIAS);
  }

  /** 1 / (1 + e^-x), within 2.3 ulp; σ(-∞) is 0, σ(0) is 0.5; NaN stays NaN. */
  static float sigmoid(float x) {
    float a = x < LOWEST ? LOWEST : x;
    a = a > SIGMOID_HIGHEST ? SIGMOID_HIGHEST : a;
    float s = Math.fma(a, -LOG2_E, ROUNDER);
    float k = s - ROUNDER;
    float r = Math.fma(k, -LN2_HIGH, -a);
    r = Math.fma(k, -LN2_LOW, r);
    float p = Math.fma(C6, r, C5);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, 1);
    p = Math.fma(p, r, 1);
    float e = p * power(Float.floatToRawIntBits(s) + SIGMOID_BIAS);
    return SIGMOID_SCALE / (SIGMOID_SCALE + e);
  }

  /**
   * (1 - e^-2|x|) / (1 + e^-2|x|) with x's sign, within 2.6 ulp; the difference is computed without
   * loss as 1 - 2^k + 2^k (1 - e^-2r). ±1 from 9.02 on, -0 at -0; NaN stays NaN.
   */
  static float tanh(float x) {
    float b = Math.abs(x);
    b = b > TANH_HIGHEST ? TANH_HIGHEST : b;
    float s = Math.fma(b, -2 * LOG2_E, ROUNDER);
    float k = s - ROUNDER;
    float r = Math.fma(k, LN2_HIGH / 2, b);
    r = Math.fma(k, LN2_LOW / 2, r);
    float p = Math.fma(T6, r, T5);
    p = Math.fma(p, r, T4);
    p = Math.fma(p, r, T3);
    p = Math.fma(p, r, T2);
    p = Math.fma(p, r, 2);
    p = p * r;
    float e = power(Float.floatToRawIntBits(s) + EXPONENT_BIAS);
    float t = Math.fma(e, p, 1 - e);
    float y = t / (2 - t);
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(y) | (Float.floatToRawIntBits(x) & 1 << 31));
  }

  /** 2^(biased - 127); only the low bits count. */
  private static float power(int biased) {
    return Float.intBitsToFloat(biased << EXPONENT_AT);
  }
}
