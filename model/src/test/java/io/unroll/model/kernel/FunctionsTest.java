package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Draws;
import io.unroll.model.Seeds;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel's sigmoid, tanh and exp: within 4 ulp, exact at their ends. */
final class FunctionsTest {

  static List<String> kernels() {
    return Kernels.names();
  }

  /** A prime step: every exponent has thousands of values, other ones at every start. */
  @ParameterizedTest
  @MethodSource("kernels")
  void areWithinFourUlpOverTheWholeRange(String kernel) {
    long seed = Seeds.seed();
    int step = Draws.thorough() ? 101 : 1999;
    Ulps.check(Kernels.named(kernel), Seeds.random(seed).nextInt(step), step);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void areExactAtZeroAndAtTheirEnds(String name) {
    Kernel kernel = Kernels.named(name);
    float inf = Float.POSITIVE_INFINITY;
    float most = Float.MAX_VALUE;
    float[] x = {0, -0f, inf, -inf, Float.NaN, most, -most, 89, -104, 20, -20, Float.MIN_VALUE};
    float nan = Float.NaN;
    assertSame(
        kernel,
        UnaryFunction.SIGMOID,
        x,
        new float[] {.5f, .5f, 1, 0, nan, 1, 0, 1, 0, 1, 2.0611537e-9f, .5f});
    assertSame(
        kernel,
        UnaryFunction.TANH,
        x,
        new float[] {0, -0f, 1, -1, nan, 1, -1, 1, -1, 1, -1, Float.MIN_VALUE});
    assertSame(
        kernel,
        UnaryFunction.EXP,
        x,
        new float[] {1, 1, inf, 0, nan, inf, 0, inf, 0, 485165184f, 2.0611537e-9f, 1});
  }

  /** Each value in each place of a vector and behind the last one. */
  private static void assertSame(Kernel kernel, UnaryFunction f, float[] x, float[] expected) {
    int places = 37;
    for (int i = 0; i < x.length; i++) {
      float[] in = new float[places];
      float[] out = new float[places];
      Arrays.fill(in, x[i]);
      kernel.apply(Activation.of(f), places, in, out);
      for (float found : out) {
        boolean rounded = expected[i] != 0 && Math.abs(expected[i]) != 1 && expected[i] != .5f;
        if (rounded && Float.isFinite(expected[i])) {
          assertTrue(
              Math.abs(found - expected[i]) <= 4 * Math.ulp(expected[i]),
              f + "(" + x[i] + ") = " + found);
        } else {
          assertEquals(expected[i], found, kernel.name() + " " + f + "(" + x[i] + ")");
        }
      }
    }
  }
}
