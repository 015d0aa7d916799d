package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kernel of this JVM must do. */
final class KernelTest {
  private static final int BEFORE = 2; // floats of a state row before the cell's, not its own
  private static final int BEHIND = 3;
  private static final float FOREIGN = 17;

  private static final List<UnaryFunction> IN_LANES =
      List.of(
          UnaryFunction.SIGMOID,
          UnaryFunction.TANH,
          UnaryFunction.EXP,
          UnaryFunction.RELU,
          UnaryFunction.LEAKY_RELU,
          UnaryFunction.HARD_SIGMOID,
          UnaryFunction.CLIP);

  private final long seed = Seeds.seed();
  private final Random random = Seeds.random(seed);

  static List<String> kernels() {
    return Kernels.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void cellsComputeTheirEquationsInEverySmallShape(String kernel) {
    for (int in = 1; in <= 9; in++) {
      for (int n = 1; n <= 19; n++) {
        for (Prepared.Kind kind : Prepared.Kind.values()) {
          Prepared cell = Prepared.of(Kernels.named(kernel), kind, in, n, random);
          for (int rows = 1; rows <= 10; rows++) {
            checkCell(cell, rows);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void cellsComputeTheirEquationsInLargerShapes(String kernel) {
    int[][] shapes = {{8, 64, 17}, {3, 100, 6}, {140, 33, 5}, {70, 65, 12}, {1, 200, 4}};
    for (int[] shape : shapes) {
      for (Prepared.Kind kind : Prepared.Kind.values()) {
        checkCell(Prepared.of(Kernels.named(kernel), kind, shape[0], shape[1], random), shape[2]);
      }
    }
  }

  private void checkCell(Prepared cell, int rows) {
    int stride = BEFORE + cell.width() + BEHIND;
    float[] x = Prepared.values(random, rows * cell.in(), 1);
    float[] state = Prepared.values(random, rows * stride, 1);
    float[] next = new float[rows * stride];
    Arrays.fill(next, FOREIGN);
    float[] y = new float[rows * cell.n()];
    float[] before = state.clone();
    cell.step().run(rows, x, state, next, stride, BEFORE, scratch(cell, rows), y);
    assertArrayEquals(before, state, "the state is read only");
    for (int row = 0; row < rows; row++) {
      int at = row * stride;
      double[] expected = cell.oracle().next(x, row * cell.in(), state, at + BEFORE);
      String where =
          "%s (%d, %d), row %d of %d, %s"
              .formatted(cell.kind(), cell.in(), cell.n(), row, rows, Seeds.message(seed));
      for (int j = 0; j < cell.width(); j++) {
        assertEquals(expected[j], next[at + BEFORE + j], 3e-6, where);
      }
      for (int j = 0; j < cell.n(); j++) {
        assertEquals(next[at + BEFORE + j], y[row * cell.n() + j], where);
      }
      for (int j = 0; j < BEFORE; j++) {
        assertEquals(FOREIGN, next[at + j], where);
      }
      for (int j = BEFORE + cell.width(); j < stride; j++) {
        assertEquals(FOREIGN, next[at + j], where);
      }
    }
  }

  /** Exactly what was asked for, full of what must not matter. */
  private static float[] scratch(Prepared cell, int rows) {
    float[] scratch = new float[cell.step().scratch(rows)];
    Arrays.fill(scratch, Float.NaN);
    return scratch;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void denseLayersComputeTheirSumsInEverySmallShape(String kernel) {
    for (int in = 1; in <= 9; in++) {
      for (int out = 1; out <= 19; out++) {
        for (int rows = 1; rows <= 10; rows++) {
          checkDense(kernel, in, out, rows);
        }
      }
    }
    checkDense(kernel, 64, 1, 64);
    checkDense(kernel, 300, 1_000, 9);
    checkDense(kernel, 129, 70, 23);
  }

  private void checkDense(String kernel, int in, int out, int rows) {
    float[] w = Prepared.values(random, in * out, in);
    float[] bias = Prepared.values(random, out, 1);
    float[] x = Prepared.values(random, rows * in, 1);
    float[] y = new float[rows * out];
    DenseStep step = Kernels.named(kernel).dense(in, out, w, bias);
    float[] scratch = new float[step.scratch(rows)];
    Arrays.fill(scratch, Float.NaN);
    step.run(rows, x, scratch, y);
    for (int row = 0; row < rows; row++) {
      double[] expected = KernelOracle.dense(x, row, in, out, w, bias);
      for (int j = 0; j < out; j++) {
        assertEquals(
            expected[j],
            y[row * out + j],
            roundings(x, row, in, w, bias, out, j),
            "dense (%d, %d), row %d of %d, %s".formatted(in, out, row, rows, Seeds.message(seed)));
      }
    }
  }

  /** What the roundings of a sum in order can come to at most: half an ulp of all of it each. */
  private static double roundings(
      float[] x, int row, int in, float[] w, float[] bias, int out, int j) {
    double all = Math.abs(bias[j]);
    for (int k = 0; k < in; k++) {
      all += Math.abs((double) x[row * in + k] * w[k * out + j]);
    }
    return 2 * in * 0x1p-24 * all; // a product and a sum for each input
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aRowHasTheSameBitsInEveryBatch(String kernel) {
    for (int rows = 1; rows <= 70; rows++) {
      int in = 1 + random.nextInt(20);
      int n = 1 + random.nextInt(rows % 7 == 0 ? 150 : 40);
      for (Prepared.Kind kind : Prepared.Kind.values()) {
        Prepared cell = Prepared.of(Kernels.named(kernel), kind, in, n, random);
        int stride = cell.width();
        float[] x = Prepared.values(random, rows * in, 1);
        float[] state = Prepared.values(random, rows * stride, 1);
        float[] next = new float[rows * stride];
        float[] y = new float[rows * n];
        cell.step().run(rows, x, state, next, stride, 0, scratch(cell, rows), y);
        for (int row = 0; row < rows; row++) {
          float[] alone = new float[stride];
          float[] out = new float[n];
          cell.step()
              .run(
                  1,
                  Arrays.copyOfRange(x, row * in, row * in + in),
                  Arrays.copyOfRange(state, row * stride, row * stride + stride),
                  alone,
                  stride,
                  0,
                  scratch(cell, 1),
                  out);
          String where =
              "%s (%d, %d), row %d of %d, %s"
                  .formatted(kind, in, n, row, rows, Seeds.message(seed));
          assertArrayEquals(
              Arrays.copyOfRange(next, row * stride, row * stride + stride), alone, where);
          assertArrayEquals(Arrays.copyOfRange(y, row * n, row * n + n), out, where);
        }
      }
      checkDenseBits(kernel, in, n, rows);
    }
  }

  private void checkDenseBits(String kernel, int in, int out, int rows) {
    DenseStep step =
        Kernels.named(kernel)
            .dense(in, out, Prepared.values(random, in * out, in), Prepared.values(random, out, 1));
    float[] x = Prepared.values(random, rows * in, 1);
    float[] y = new float[rows * out];
    step.run(rows, x, new float[step.scratch(rows)], y);
    for (int row = 0; row < rows; row++) {
      float[] alone = new float[out];
      step.run(
          1, Arrays.copyOfRange(x, row * in, row * in + in), new float[step.scratch(1)], alone);
      assertArrayEquals(
          Arrays.copyOfRange(y, row * out, row * out + out),
          alone,
          "dense (%d, %d), row %d of %d, %s".formatted(in, out, row, rows, Seeds.message(seed)));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void stepsAgreeWithThePlainKernel(String kernel) {
    for (int round = 0; round < 60; round++) {
      int in = 1 + random.nextInt(40);
      int n = 1 + random.nextInt(130);
      int rows = 1 + random.nextInt(20);
      long weights = random.nextLong();
      for (Prepared.Kind kind : Prepared.Kind.values()) {
        Prepared plain =
            Prepared.of(Kernels.named(Kernels.PLAIN), kind, in, n, new Random(weights));
        Prepared other = Prepared.of(Kernels.named(kernel), kind, in, n, new Random(weights));
        int stride = plain.width();
        float[] x = Prepared.values(random, rows * in, 1);
        float[] state = Prepared.values(random, rows * stride, 1);
        float[] expected = new float[rows * stride];
        float[] found = new float[rows * stride];
        float[] y = new float[rows * n];
        plain.step().run(rows, x, state, expected, stride, 0, scratch(plain, rows), y);
        other.step().run(rows, x, state, found, stride, 0, scratch(other, rows), y);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(
              expected[i],
              found[i],
              1e-6 * Math.max(1, Math.abs(expected[i])),
              "%s (%d, %d), %s".formatted(kind, in, n, Seeds.message(seed)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void elementwiseFunctionsAgreeWithTheirDefinition(String kernel) {
    Kernel one = Kernels.named(kernel);
    for (int count : new int[] {0, 1, 5, 16, 61}) {
      float[] x = Prepared.values(random, count, 1);
      float[] other = Prepared.values(random, count, 1);
      float[] y = new float[count];
      for (UnaryFunction f : UnaryFunction.values()) {
        Activation activation = new Activation(f, 0.7f, 0.9f);
        one.apply(activation, count, x, y);
        for (int i = 0; i < count; i++) {
          float expected = activation.of(x[i]);
          assertTrue(
              Float.isNaN(expected)
                  ? Float.isNaN(y[i])
                  : Math.abs(expected - y[i]) <= 4 * Math.ulp(expected),
              f + "(" + x[i] + ") = " + y[i] + ", " + Seeds.message(seed));
        }
        float[] same = x.clone();
        one.apply(activation, count, same, same);
        assertArrayEquals(y, same, f + " in place");
      }
      for (BinaryFunction f : BinaryFunction.values()) {
        one.combine(f, count, x, other, y);
        for (int i = 0; i < count; i++) {
          assertEquals(f.of(x[i], other[i]), y[i], f + ", " + Seeds.message(seed));
        }
      }
    }
  }

  /** Whole vectors and what is left over, of every width. */
  @ParameterizedTest
  @MethodSource("kernels")
  void aValueHasTheSameBitsAloneAndAmongOthers(String kernel) {
    Kernel one = Kernels.named(kernel);
    float[] x = Prepared.values(random, 70, 1);
    float[] special = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1e-40f, -90, 90, 200
    };
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 4 == 3 ? special[i / 4 % special.length] : x[i] * (i % 5) * 4;
    }
    float[] value = new float[1];
    float[] alone = new float[1];
    for (UnaryFunction f : IN_LANES) {
      Activation activation = new Activation(f, 0.2f, 0.5f);
      for (int count = 1; count <= x.length; count++) {
        float[] y = new float[count];
        one.apply(activation, count, x, y);
        for (int i = 0; i < count; i++) {
          value[0] = x[i];
          one.apply(activation, 1, value, alone);
          assertEquals(
              Float.floatToIntBits(alone[0]),
              Float.floatToIntBits(y[i]),
              "%s(%s), %d of %d, %s".formatted(f, x[i], i, count, Seeds.message(seed)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void oneValueOutOfBoundsIsFoundWhereverItStands(String kernel) {
    Kernel one = Kernels.named(kernel);
    float[] wrong = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int count = 0; count < 70; count++) {
      float[] x = new float[count + 2];
      for (int i = 0; i < count; i++) {
        x[1 + i] = i % 2 == 0 ? Float.MAX_VALUE : -Float.MAX_VALUE;
      }
      x[0] = Float.NaN;
      x[count + 1] = Float.NaN;
      assertTrue(one.finite(x, 1, count), count + " values");
      for (int i = 0; i < count; i++) {
        float kept = x[1 + i];
        x[1 + i] = wrong[i % wrong.length];
        assertFalse(one.finite(x, 1, count), i + " of " + count + " values");
        x[1 + i] = kept;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void softmaxIsWithinFourUlpAndKeepsMaskedValuesAtZero(String kernel) {
    for (int width : new int[] {1, 2, 7, 16, 33, 1_000}) {
      float[] x = new float[2 * width];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (random.nextGaussian() * 20);
      }
      x[width / 2] = width > 2 ? Float.NEGATIVE_INFINITY : x[width / 2];
      float[] y = new float[x.length];
      Kernels.named(kernel).softmax(2, width, x, y);
      for (int row = 0; row < 2; row++) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < width; j++) {
          max = Math.max(max, x[row * width + j]);
        }
        double sum = 0;
        for (int j = 0; j < width; j++) {
          sum += StrictMath.exp(x[row * width + j] - max);
        }
        for (int j = 0; j < width; j++) {
          double expected = StrictMath.exp(x[row * width + j] - max) / sum;
          assertEquals(
              expected,
              y[row * width + j],
              4 * Math.ulp((float) expected),
              "width " + width + ", " + Seeds.message(seed));
        }
      }
    }
    float[] y = new float[20];
    float[] x = new float[20];
    x[3] = Float.NaN;
    Kernels.named(kernel).softmax(1, 20, x, y);
    for (float value : y) {
      assertTrue(Float.isNaN(value), "a NaN spoils its row");
    }
  }
}
