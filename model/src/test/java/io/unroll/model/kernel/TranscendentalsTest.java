package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
    }
  }

  private static double softplus(double x) {
    return StrictMath.max(x, 0) + StrictMath.log1p(StrictMath.exp(-StrictMath.abs(x)));
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
    for (UnaryFunction f : UnaryFunction.values()) {
      assertTrue(Float.isNaN(f.of(Float.NaN, 0.5f, 0.5f)), f + " keeps NaN");
    }
  }

  /** A replay after a crash runs interpreted where the first run was compiled. */
  @Test
  void interpretedAndCompiledRunsHaveTheSameBits() throws IOException, InterruptedException {
    assertEquals(fork("-Xint"), fork("-Xcomp"));
  }

  private static String fork(String mode) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                mode,
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                BitsOfAStep.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the forked JVM ended");
    assertEquals(0, process.exitValue(), printed);
    assertTrue(printed.startsWith("bits "), printed);
    return printed;
  }
}
