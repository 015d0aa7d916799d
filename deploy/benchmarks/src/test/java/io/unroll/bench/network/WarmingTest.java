package io.unroll.bench.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.bench.peer.Shape;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import org.junit.jupiter.api.Test;

/** What has been done before a benchmark's first call is measured. */
final class WarmingTest {
  private static RecurrentModel model(int neurons, String kernel) {
    return Networks.model(Shape.Cell.LSTM, neurons, kernel);
  }

  @Test
  void aKernelOfVectorsIsWarmed() {
    String vector = Kernels.best().name(); // the tests run with its module
    assertEquals((1 << 14) / 64, Warming.up(model(16, vector), 64));
    long products = 4L * 256 * (8 + 256 + 2);
    assertEquals((1 << 28) / (1 + products) / 64, Warming.up(model(256, vector), 64));
  }

  @Test
  void plainLoopsNeedNothing() {
    assertEquals(0, Warming.up(model(16, Kernels.PLAIN), 64));
  }
}
