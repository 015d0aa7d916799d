package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import java.lang.management.ManagementFactory;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Static unrolling's memory grows with the number of steps; dynamic's and the stream's do not. */
final class MemoryTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * On the plain kernel: vectors are objects until they are compiled, and this is not about them.
   */
  private final RecurrentModel model;

  MemoryTest() throws OnnxException {
    model = GoldenCase.load("03-lstm-dense-every-step").onnx().read(Kernels.named(Kernels.PLAIN));
  }

  @Test
  void staticGrowsWithTheSteps() {
    long ten = allocated(() -> new StaticUnroll(model, 10, 4));
    long thousand = allocated(() -> new StaticUnroll(model, 1000, 4));
    assertTrue(thousand > 80 * ten, thousand + " bytes for 1000 steps, " + ten + " for 10");
  }

  @Test
  void dynamicNeedsTheSameForAnyNumberOfSteps() {
    float[][][] ten = new float[1][10][model.inputSize()];
    float[][][] thousand = new float[1][1000][model.inputSize()];
    DynamicUnroll dynamic = new DynamicUnroll(model);
    long forTen = allocated(() -> dynamic.run(ten)) - outputs(10);
    long forThousand = allocated(() -> dynamic.run(thousand)) - outputs(1000);
    assertTrue(
        forThousand < forTen + 10_000,
        forThousand + " bytes for 1000 steps, " + forTen + " for 10");
  }

  /** The result itself is an array of outputs per step, which is what was asked for. */
  private long outputs(int steps) {
    return allocated(() -> new float[1][steps][model.outputSize()]);
  }

  @Test
  void theStreamNeedsNothingMorePerStep() {
    var workspace = model.workspace(1);
    FMatrixRMaj input = new FMatrixRMaj(1, model.inputSize());
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    model.step(input, state, workspace);
    long bytes =
        allocated(
            () -> {
              for (int t = 0; t < 100_000; t++) {
                model.step(input, state, workspace);
              }
              return state;
            });
    assertTrue(bytes < 10_000, bytes + " bytes for 100000 steps");
  }

  private interface Work {
    Object run();
  }

  /** Bytes that this thread allocates; the first run loads classes and is not counted. */
  private static long allocated(Work work) {
    work.run();
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    Object kept = work.run();
    long bytes = THREADS.getThreadAllocatedBytes(thread) - before;
    assertTrue(kept != null);
    return bytes;
  }
}
