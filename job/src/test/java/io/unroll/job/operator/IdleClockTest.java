package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.STEPPING;
import static io.unroll.job.operator.TestSequences.at;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When every partition of the source is silent. */
final class IdleClockTest {
  private static final SequenceConfig ADVANCING =
      STEPPING.with(new SequenceConfig.Course(Order.ARRIVAL, true, null));

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void theClockStandsUnlessItIsToldOtherwise(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
      harness.observe(at("A", 5000));
      harness.watermark(4999);
      harness.idle();
      harness.wallClock(100_000);
      assertEquals(1, harness.events().size());
      assertEquals(
          List.of("A/5000 step 0 @5000 t/0@0", "watermark 4999", "idle"), harness.outputLines());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void theClockRunsOnWithTheWallClock(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ADVANCING)) {
      harness.observe(at("A", 5000));
      harness.watermark(4999);
      harness.wallClock(50_000);
      harness.idle();
      harness.wallClock(50_000 + 999);
      assertEquals(1, harness.events().size(), "due at 6000, it is 4999 + 800");
      harness.wallClock(50_000 + 1200);
      assertEquals(
          "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0", harness.eventLines().get(1));
      assertEquals(0, harness.timers());
    }
  }

  /** What comes back behind the clock is late, and its watermarks do not set it back. */
  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void aPartitionThatSpeaksAgainStopsIt(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ADVANCING)) {
      harness.watermark(5000);
      harness.idle();
      harness.wallClock(2000);
      harness.active();
      harness.observe(at("A", 5500));
      harness.watermark(5600);
      harness.wallClock(20_000);
      harness.observe(at("B", 8000));
      assertEquals(1, harness.late().size());
      assertEquals(List.of("opened B/8000 @8000 t/0@1"), harness.eventLines());
      OperatorSubtaskState snapshot = harness.snapshot();
      try (SequenceHarness restored = SequenceHarness.restore(backend, ADVANCING, snapshot)) {
        restored.observe(at("C", 5500));
        assertEquals(1, restored.late().size());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void aClockThatHasNotBegunStands(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ADVANCING)) {
      harness.observe(at("A", 5000));
      harness.idle();
      harness.wallClock(100_000);
      assertEquals(1, harness.events().size());
    }
  }
}
