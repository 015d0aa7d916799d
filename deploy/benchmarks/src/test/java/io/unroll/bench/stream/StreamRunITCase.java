package io.unroll.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.kernel.Kernels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The measured jobs run, in JVMs of their own, and say every figure that they are asked for. */
final class StreamRunITCase {
  private static final int HEAP_MEGABYTES = 512;

  @TempDir private Path folder;

  private static JobSpec spec() {
    return JobSpec.ours(Kernels.best().name(), 8, 50, 0.1, 0.3);
  }

  @Test
  void oursSaysRateCheckpointLatencyAndPause() throws Exception {
    Map<String, Double> figures =
        spec()
            .on(JobSpec.Backend.ROCKSDB)
            .weighed(true, true)
            .measure("ours", folder, HEAP_MEGABYTES);
    assertEquals(
        Set.of(
            JobSpec.EVENTS,
            JobSpec.CHECKPOINT_BYTES,
            JobSpec.CHECKPOINT_SECONDS,
            JobSpec.P50,
            JobSpec.P99,
            JobSpec.P999,
            JobSpec.PAUSE),
        figures.keySet());
    assertTrue(figures.get(JobSpec.EVENTS) > 0);
    assertTrue(figures.get(JobSpec.CHECKPOINT_BYTES) > 50 * 2 * 8 * Float.BYTES);
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(names = {"CLOSING", "CLOSING_DECODED"})
  void closingSaysHowLongItTookAndHowLongABarrierWaited(JobSpec.Operator operator)
      throws Exception {
    Map<String, Double> figures =
        spec().through(operator).measure("closing", folder, HEAP_MEGABYTES);
    assertEquals(Set.of(JobSpec.CLOSED, JobSpec.BARRIER), figures.keySet());
    assertTrue(figures.get(JobSpec.CLOSED) > 0);
  }
}
