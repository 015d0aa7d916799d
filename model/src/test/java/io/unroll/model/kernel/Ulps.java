package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;

/**
 * Holds a kernel's functions of one value against double precision, in units of float's last place.
 */
final class Ulps {
  /** What the design promises. */
  private static final double MOST = 4;

  private static final int BLOCK = 1 << 16;

  private Ulps() {}

  /**
   * Checks sigmoid, tanh and exp for every {@code step}-th bit pattern of a float from first on.
   */
  static void check(Kernel kernel, int first, int step) {
    check(kernel, UnaryFunction.SIGMOID, KernelOracle::sigmoid, first, step);
    check(kernel, UnaryFunction.TANH, StrictMath::tanh, first, step);
    check(kernel, UnaryFunction.EXP, StrictMath::exp, first, step);
  }

  private static void check(
      Kernel kernel, UnaryFunction f, DoubleUnaryOperator exact, int first, int step) {
    float[] x = new float[BLOCK];
    float[] y = new float[BLOCK];
    long bits = first;
    while (bits < 1L << 32) {
      int count = 0;
      for (; count < BLOCK && bits < 1L << 32; bits += step) {
        x[count++] = Float.intBitsToFloat((int) bits);
      }
      kernel.apply(Activation.of(f), count, x, y);
      for (int i = 0; i < count; i++) {
        check(kernel.name() + " " + f, x[i], exact.applyAsDouble(x[i]), y[i]);
      }
    }
  }

  private static void check(String what, float x, double expected, float found) {
    float nearest = (float) expected;
    if (Float.isNaN(nearest) || Float.isInfinite(nearest) || nearest == 0 || nearest == 1) {
      if (Float.isNaN(nearest)) {
        assertTrue(Float.isNaN(found), what + "(" + x + "): NaN expected, found " + found);
        return;
      }
      if (nearest != 1) {
        assertEquals(nearest, found, what + "(" + x + ")");
        return;
      }
    }
    double error = Math.abs(found - expected) / Math.ulp(nearest);
    if (!(error <= MOST)) {
      assertEquals(nearest, found, what + "(" + x + "), " + error + " ulp");
    }
  }
}
