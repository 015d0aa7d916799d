package io.unroll.model.kernel;

import java.math.BigInteger;

/**
 * sin and cos of every float, within one ulp, with integer arithmetic and the operations that
 * {@link Transcendentals} allows itself.
 *
 * <p>Beyond π/4, x = m 2^e with a whole m below 2^24. Quarter turns are {@code x · 2/π}, of which
 * only the value modulo 4 counts: m times the 96 bits of {@code 2/π · 2^e} from weight 2 down, in
 * wrapping integers (after Payne and Hanek, 1983). The rest is right to 2^-61 of a quarter turn; no
 * float but 0 is closer than 2^-31 to a multiple of π/2.
 */
final class Trigonometry {
  private static final double QUARTER_PI = 0.7853981633974483;

  /** Radians in 2^-62 of a quarter turn. */
  private static final double UNIT = 1.5707963267948966 * 0x1p-62;

  private static final int MIN_EXPONENT = -24; // of 0.5 with a whole m
  private static final int MAX_EXPONENT = 104;

  /** Bits of weight 2^1 to 2^-62, and the next 32, of 2/π · 2^e, by e from MIN_EXPONENT on. */
  private static final long[] HIGH = new long[MAX_EXPONENT - MIN_EXPONENT + 1];

  private static final long[] LOW = new long[HIGH.length];

  static {
    BigInteger bits = new BigInteger("a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe", 16);
    for (int i = 0; i < HIGH.length; i++) {
      BigInteger window = bits.shiftRight(106 - (i + MIN_EXPONENT)); // of 200 bits behind the point
      HIGH[i] = window.shiftRight(32).longValue();
      LOW[i] = window.longValue() & 0xFFFFFFFFL;
    }
  }

  private Trigonometry() {}

  /** NaN of infinities and NaN. */
  static float sin(float x) {
    double a = Math.abs((double) x);
    if (a <= QUARTER_PI) {
      return (float) sine(x);
    }
    if (!(a <= Float.MAX_VALUE)) {
      return Float.NaN;
    }
    long turns = turns(x);
    float magnitude = (float) quarter(turns, quarters(turns));
    return x < 0 ? -magnitude : magnitude;
  }

  /** NaN of infinities and NaN. */
  static float cos(float x) {
    double a = Math.abs((double) x);
    if (a <= QUARTER_PI) {
      return (float) cosine(x);
    }
    if (!(a <= Float.MAX_VALUE)) {
      return Float.NaN;
    }
    long turns = turns(x);
    return (float) quarter(turns, quarters(turns) + 1);
  }

  /** |x| in units of 2^-62 quarter turns, modulo 4 quarter turns. */
  private static long turns(float x) {
    int bits = Float.floatToRawIntBits(x);
    int at = ((bits >>> 23) & 0xFF) - 150 - MIN_EXPONENT;
    long m = (bits & 0x7FFFFF) | 0x800000;
    return m * HIGH[at] + ((m * LOW[at]) >>> 32);
  }

  /** The nearest whole number of quarter turns, 0 to 3. */
  private static int quarters(long turns) {
    return (int) ((turns + (1L << 61)) >>> 62);
  }

  /** sin of what is left of the nearest quarter turn, moved on by {@code phase} quarter turns. */
  private static double quarter(long turns, int phase) {
    double r = (turns - ((long) quarters(turns) << 62)) * UNIT;
    double value = (phase & 1) == 0 ? sine(r) : cosine(r);
    return (phase & 2) == 0 ? value : -value;
  }

  /** For |r| up to π/4: the series to r^13, relative error below 1e-13. */
  private static double sine(double r) {
    double z = r * r;
    double p = 1.0 / 6227020800.0;
    p = p * z - 1.0 / 39916800;
    p = p * z + 1.0 / 362880;
    p = p * z - 1.0 / 5040;
    p = p * z + 1.0 / 120;
    p = p * z - 1.0 / 6;
    return r * (1 + z * p); // -0 stays -0
  }

  /** For |r| up to π/4: the series to r^14, relative error below 1e-14. */
  private static double cosine(double r) {
    double z = r * r;
    double p = -1.0 / 87178291200.0;
    p = p * z + 1.0 / 479001600;
    p = p * z - 1.0 / 3628800;
    p = p * z + 1.0 / 40320;
    p = p * z - 1.0 / 720;
    p = p * z + 1.0 / 24;
    p = p * z - 0.5;
    return 1 + z * p;
  }
}
