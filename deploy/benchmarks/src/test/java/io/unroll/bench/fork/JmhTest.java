package io.unroll.bench.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.bench.network.StepBenchmark;
import io.unroll.bench.network.UnrollBenchmark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark runs and says both figures; what they are is another matter. */
final class JmhTest {
  @TempDir private Path folder;

  private Map<String, Double> measure(Class<?> benchmark, Map<String, String> parameters)
      throws MeasurementException {
    return Jmh.measure(benchmark, parameters, 0.01, 0.03, 64, folder, 0, ForkedJvm.deadline(0));
  }

  @Test
  void aStepGivesNanosecondsAndBytes() throws Exception {
    for (String cell : new String[] {"LSTM", "GRU"}) {
      Map<String, Double> figures =
          measure(
              StepBenchmark.class,
              Map.of("cell", cell, "neurons", "5", "rows", "3", "kernel", "plain"));
      assertEquals(Set.of(Jmh.NANOS, Jmh.BYTES), figures.keySet());
      assertTrue(figures.get(Jmh.NANOS) > 0);
    }
  }

  @Test
  void everyWayUnrolls() throws Exception {
    double stream = 0;
    for (String way : new String[] {"static", "dynamic", "stream"}) {
      Map<String, Double> figures =
          measure(UnrollBenchmark.class, Map.of("unroll", way, "steps", "10"));
      stream = figures.get(Jmh.BYTES);
    }
    assertTrue(stream > 0);
  }

  @Test
  void aForkThatTakesTooLongIsKilled() {
    Map<String, String> parameters =
        Map.of("cell", "LSTM", "neurons", "5", "rows", "3", "kernel", "plain");
    Duration deadline = Duration.ofSeconds(2);
    MeasurementException failed =
        assertThrows(
            MeasurementException.class,
            () -> Jmh.measure(StepBenchmark.class, parameters, 300, 1, 64, folder, 1, deadline));
    assertTrue(
        String.valueOf(failed.getMessage()).contains(": no result after 2 s, killed, see "),
        failed.getMessage());
  }

  @Test
  void aKernelThatIsNotThereIsAFailure() {
    assertThrows(
        MeasurementException.class, () -> measure(StepBenchmark.class, Map.of("kernel", "abacus")));
  }
}
