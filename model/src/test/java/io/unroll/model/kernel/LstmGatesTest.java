package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an LSTM makes of its gate sums: {@code i tanh(g)} and {@code o tanh(c)}, which a kernel may
 * compute as one, over the whole range of a float. A cell of one neuron whose four inputs are its
 * gate sums.
 */
final class LstmGatesTest {
  /** Of a product of two functions within 4 ulp each, the vector kernel's bound is 5. */
  private static final double MOST = 5;

  private static final float OPEN = 200; // a gate that is 1
  private static final float SHUT = -200; // a gate that is 0

  static List<String> kernels() {
    return Kernels.names();
  }

  /** The next {h, c} of gate sums i, o, f, g. */
  private static float[] step(Kernel kernel, int rows, float c, float... sums) {
    float[] identity = new float[4 * 4];
    for (int gate = 0; gate < 4; gate++) {
      identity[gate * 4 + gate] = 1;
    }
    CellWeights weights =
        new CellWeights("gates", 4, 1, identity, new float[4], new float[4], new float[4]);
    CellStep cell = kernel.cell(LstmForm.STANDARD, weights);
    float[] x = new float[4 * rows];
    float[] state = new float[2 * rows];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(sums, 0, x, 4 * row, 4);
      state[2 * row + 1] = c;
    }
    float[] next = new float[2 * rows];
    cell.run(rows, x, state, next, 2, 0, new float[cell.scratch(rows)], new float[rows]);
    return new float[] {next[2 * rows - 2], next[2 * rows - 1]};
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void productsOfGatesAreWithinFiveUlp(String name) {
    Kernel kernel = Kernels.named(name);
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int round = 0; round < 100_000; round++) {
      float gate = anything(random, 80);
      float value = anything(random, 1e6f);
      String what = "gate %s, value %s, %s".formatted(gate, value, Seeds.message(seed));
      double exact = KernelOracle.sigmoid(gate) * StrictMath.tanh(value);
      int rows = 1 + round % 5;
      assertClose(exact, step(kernel, rows, 0, gate, SHUT, SHUT, value)[1], "i tanh(g), " + what);
      assertClose(exact, step(kernel, rows, value, SHUT, gate, OPEN, 0)[0], "o tanh(c), " + what);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void areExactAtZeroAndAtTheirEnds(String name) {
    Kernel kernel = Kernels.named(name);
    for (int rows : new int[] {1, 4, 7}) {
      assertEquals(1, step(kernel, rows, 0, OPEN, SHUT, SHUT, OPEN)[1]);
      assertEquals(-1, step(kernel, rows, 0, OPEN, SHUT, SHUT, SHUT)[1]);
      assertEquals(0, step(kernel, rows, 0, SHUT, SHUT, SHUT, OPEN)[1]);
      assertEquals(0, step(kernel, rows, 5, OPEN, OPEN, SHUT, 0)[1]);
      assertEquals(1, step(kernel, rows, 1e30f, SHUT, OPEN, OPEN, 0)[0]);
      assertEquals(-0f, step(kernel, rows, -1e-30f, SHUT, SHUT, OPEN, 0)[0]);
      assertEquals(.5f, step(kernel, rows, 0, 0, OPEN, SHUT, OPEN)[1]);
      for (int gate = 0; gate < 4; gate++) {
        float[] sums = {1, 1, 1, 1};
        sums[gate] = Float.NaN;
        float[] result = step(kernel, rows, 1, sums);
        assertTrue(Float.isNaN(result[0]), "h of a gate " + gate + " that is not a number");
      }
    }
  }

  /** Of every magnitude up to the limit. */
  private static float anything(Random random, float limit) {
    float value = Float.intBitsToFloat(random.nextInt());
    return Math.abs(value) <= limit ? value : (random.nextFloat() - .5f) * 40;
  }

  private static void assertClose(double expected, float found, String what) {
    double ulp = Math.ulp((float) expected);
    // Where the gate all but vanishes, SHUT adds the last bits of 1e-38 to the sum.
    if (!(Math.abs(found - expected) <= MOST * ulp + 4 * Float.MIN_NORMAL)) {
      assertEquals((float) expected, found, what);
    }
  }
}
