package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

final class TranscendentalsTest {

  private static void assertWithinOneUlp(float expected, float found, float x, String what) {
    assertTrue(
        expected == found || Math.abs((double) expected - found) <= Math.ulp(expected),
        () -> what + "(" + x + "): expected " + expected + ", found " + found);
  }

  @Test
  void functionsAreWithinOneUlpOfTheStrictOnes() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int i = 0; i < 300_000; i++) {
      float x = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 6));
      check(x, UnaryFunction.TANH, StrictMath::tanh, seed);
      check(x, UnaryFunction.SIGMOID, v -> 1 / (1 + StrictMath.exp(-v)), seed);
      check(x, UnaryFunction.EXP, StrictMath::exp, seed);
      check(x, UnaryFunction.LOG, StrictMath::log, seed);
      check(x, UnaryFunction.SOFTPLUS, TranscendentalsTest::softplus, seed);
      float alpha = (float) random.nextGaussian();
      assertWithinOneUlp(
          (float) (x < 0 ? alpha * StrictMath.expm1(x) : x),
          UnaryFunction.ELU.of(x, alpha, 0),
          x,
          "ELU, " + Seeds.message(seed));
      check(x, UnaryFunction.SIN, StrictMath::sin, seed);
      check(x, UnaryFunction.COS, StrictMath::cos, seed);
      check(x, UnaryFunction.ERF, Erfc::complement, seed);
      check(x, UnaryFunction.GELU, v -> 0.5 * v * Erfc.of(-v * StrictMath.sqrt(0.5)), seed);
      check(x, UnaryFunction.MISH, v -> v * StrictMath.tanh(softplus(v)), seed);
    }
  }

  private static double softplus(double x) {
    return StrictMath.max(x, 0) + StrictMath.log1p(StrictMath.exp(-StrictMath.abs(x)));
  }

  @Test
  void sinAndCosAreWithinOneUlpForEveryMagnitude() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int i = 0; i < 500_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      check(x, UnaryFunction.SIN, StrictMath::sin, seed);
      check(x, UnaryFunction.COS, StrictMath::cos, seed);
    }
    // Multiples of π/2 that a float meets most closely, from 16367173 · 2^72 on.
    for (float x : new float[] {0x1.f37a8ap95f, 0x1.2b1a0ep121f, 0x1.6ac5b2p18f, 11f, 710f}) {
      check(x, UnaryFunction.SIN, StrictMath::sin, seed);
      check(x, UnaryFunction.COS, StrictMath::cos, seed);
    }
  }

  @Test
  void powersAreWithinOneUlpOfTheStrictOnes() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int i = 0; i < 500_000; i++) {
      float x =
          i % 2 == 0
              ? Float.intBitsToFloat(random.nextInt())
              : (float) (1 + random.nextGaussian() * StrictMath.pow(10, -random.nextInt(7)));
      float y =
          i % 3 == 0
              ? random.nextInt(21) - 10
              : (float) (random.nextGaussian() * StrictMath.pow(10, random.nextInt(9) - 4));
      float expected = (float) StrictMath.pow(x, y);
      float found = BinaryFunction.POW.of(x, y);
      if (Float.isNaN(expected)) {
        assertTrue(Float.isNaN(found), x + " to " + y + ": " + found + Seeds.message(seed));
      } else {
        assertWithinOneUlp(expected, found, x, "to " + y + ", POW, " + Seeds.message(seed));
      }
    }
  }

  @Test
  void powersOfEdgesAreThoseOfC() {
    float inf = Float.POSITIVE_INFINITY;
    float[] edges = {
      0f,
      -0f,
      1f,
      -1f,
      0.5f,
      -0.5f,
      2f,
      -2f,
      3f,
      -3f,
      inf,
      -inf,
      Float.NaN,
      0x1p24f,
      -0x1p25f,
      16777215f,
      1.5f,
      -1.5f,
      Float.MIN_VALUE,
      -Float.MAX_VALUE
    };
    for (float x : edges) {
      for (float y : edges) {
        // Java's pow differs from C's in these two alone.
        double strict = x == 1 || (x == -1 && Float.isInfinite(y)) ? 1 : StrictMath.pow(x, y);
        float expected = (float) strict;
        if (Float.isFinite(expected) && expected != 0) {
          assertWithinOneUlp(expected, BinaryFunction.POW.of(x, y), x, "to " + y + ", POW");
        } else {
          assertEquals(expected, BinaryFunction.POW.of(x, y), x + " to " + y);
        }
      }
    }
  }

  @Test
  void wholeNumbersAreTruncatedAndLeaveRestsAsOnnxSays() {
    assertEquals(-2f, UnaryFunction.TRUNCATE.of(-2.9f));
    assertEquals(16777215f, UnaryFunction.TRUNCATE.of(16777215f));
    assertEquals(Float.NaN, UnaryFunction.TRUNCATE.of(-0x1p24f));
    assertEquals(-1f, BinaryFunction.FMOD.of(-4, 3));
    assertEquals(2f, BinaryFunction.MOD.of(-4, 3));
    assertEquals(-2f, BinaryFunction.MOD.of(4, -3));
    assertEquals(0f, BinaryFunction.MOD.of(6, -3));
    assertEquals(2f, UnaryFunction.ROUND.of(2.5f));
    assertEquals(4f, UnaryFunction.ROUND.of(3.5f));
  }

  private static void check(float x, UnaryFunction f, DoubleUnaryOperator strict, long seed) {
    float expected = (float) strict.applyAsDouble(x);
    if (Float.isNaN(expected)) {
      assertTrue(Float.isNaN(f.of(x)), f + "(" + x + ")");
      return;
    }
    assertWithinOneUlp(expected, f.of(x), x, f + ", " + Seeds.message(seed));
  }

  @Test
  void edgesAreExact() {
    assertEquals(0f, UnaryFunction.SIGMOID.of(Float.NEGATIVE_INFINITY));
    assertEquals(1f, UnaryFunction.SIGMOID.of(Float.POSITIVE_INFINITY));
    assertEquals(0.5f, UnaryFunction.SIGMOID.of(0f));
    assertEquals(1f, UnaryFunction.TANH.of(Float.POSITIVE_INFINITY));
    assertEquals(-1f, UnaryFunction.TANH.of(Float.NEGATIVE_INFINITY));
    assertEquals(-0f, UnaryFunction.TANH.of(-0f));
    assertEquals(0f, UnaryFunction.TANH.of(0f));
    assertEquals(0f, UnaryFunction.EXP.of(Float.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, UnaryFunction.EXP.of(Float.POSITIVE_INFINITY));
    assertEquals(1f, UnaryFunction.EXP.of(0f));
    assertEquals(Float.NEGATIVE_INFINITY, UnaryFunction.LOG.of(0f));
    assertEquals(Float.POSITIVE_INFINITY, UnaryFunction.LOG.of(Float.POSITIVE_INFINITY));
    assertEquals(0f, UnaryFunction.LOG.of(1f));
    assertEquals(-1f, UnaryFunction.ELU.of(Float.NEGATIVE_INFINITY, 1, 0));
    assertEquals(0f, UnaryFunction.SOFTPLUS.of(Float.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, UnaryFunction.SOFTPLUS.of(Float.POSITIVE_INFINITY));
    assertEquals(1f, UnaryFunction.ERF.of(Float.POSITIVE_INFINITY));
    assertEquals(-1f, UnaryFunction.ERF.of(Float.NEGATIVE_INFINITY));
    assertEquals(-0f, UnaryFunction.ERF.of(-0f));
    assertEquals(-0f, UnaryFunction.SIN.of(-0f));
    assertEquals(1f, UnaryFunction.COS.of(-0f));
    assertEquals(Float.NaN, UnaryFunction.SIN.of(Float.NEGATIVE_INFINITY));
    assertEquals(Float.NaN, UnaryFunction.COS.of(Float.POSITIVE_INFINITY));
    assertEquals(3f, UnaryFunction.CLIP.of(1f, 5, 3), "the upper bound wins");
    for (UnaryFunction f : UnaryFunction.values()) {
      assertTrue(Float.isNaN(f.of(Float.NaN, 0.5f, 0.5f)), f + " keeps NaN");
    }
  }
}
