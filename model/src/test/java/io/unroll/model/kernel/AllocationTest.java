package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Allocation;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step allocates nothing. Vectors are objects until the JIT has compiled what makes them, so only
 * a warm kernel can show it: the test goes on until a run without a byte has been seen.
 */
final class AllocationTest {
  static List<String> kernels() {
    return Kernels.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void warmStepsAllocateNothing(String name) {
    Kernel kernel = Kernels.named(name);
    Random random = new Random(1);
    int rows = 18;
    for (Prepared.Kind kind : Prepared.Kind.values()) {
      Prepared cell = Prepared.of(kernel, kind, 8, 50, random);
      int stride = cell.width();
      float[] x = Prepared.values(random, rows * 8, 1);
      float[] state = Prepared.values(random, rows * stride, 1);
      float[] next = new float[state.length];
      float[] y = new float[rows * 50];
      float[] scratch = new float[cell.step().scratch(rows)];
      assertWarmsToNothing(
          name + " " + kind, () -> cell.step().run(rows, x, state, next, stride, 0, scratch, y));
    }
    DenseStep dense =
        kernel.dense(50, 21, Prepared.values(random, 1_050, 50), Prepared.values(random, 21, 1));
    float[] x = Prepared.values(random, rows * 50, 1);
    float[] y = new float[rows * 21];
    float[] scratch = new float[dense.scratch(rows)];
    assertWarmsToNothing(name + " dense", () -> dense.run(rows, x, scratch, y));
    assertWarmsToNothing(name + " softmax", () -> kernel.softmax(rows, 21, y, y));
    assertWarmsToNothing(name + " finite", () -> kernel.finite(x, 0, x.length));
  }

  private static void assertWarmsToNothing(String what, Runnable step) {
    long least =
        Allocation.warm(
            0,
            () -> {
              for (int i = 0; i < 20; i++) {
                step.run();
              }
            });
    assertTrue(least == 0, what + ": 20 steps allocate " + least + " bytes");
  }
}
