package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Batch;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Features;
import io.unroll.job.life.Row;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.ServedModel;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When rows that wait advance, and that nothing they could be seen by passes them. */
final class BatchTest {
  private static final int SIZE = 3;
  private static final long DELAY = 10;

  private static final SequenceConfig CONFIG =
      batches(TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP));

  private static SequenceConfig batches(SequenceConfig config) {
    return TestModels.batches(config, SIZE, DELAY);
  }

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.3, timestamp % 5 * 0.1, -0.4);
  }

  private static SequenceHarness open(Backend backend) throws Exception {
    return open(backend, CONFIG);
  }

  private static SequenceHarness open(Backend backend, SequenceConfig config) throws Exception {
    return SequenceHarness.open(backend, config).patient();
  }

  private static void assertFlushed(SequenceHarness harness, Flush cause, long rows) {
    for (Flush one : Flush.values()) {
      assertEquals(one == cause ? 1 : 0, harness.batches().flushes(one), one.label());
    }
    assertEquals(rows, harness.batches().rows());
    assertEquals(rows, harness.count(Counter.STEPS));
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void runsWhenItIsFull(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.observe(at("B", 5001));
      assertEquals(List.of(), harness.outputLines());
      assertEquals(0, harness.timers()); // no sequence is stored
      harness.observe(at("C", 5002));
      assertEquals(
          List.of(
              "A/5000 step 0 @5000 t/0@0",
              "B/5001 step 0 @5001 t/0@1",
              "C/5002 step 0 @5002 t/0@2"),
          harness.outputLines());
      assertFlushed(harness, Flush.SIZE, 3);
      assertEquals(3, harness.sequences());
      assertEquals(3, harness.timers());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void runsWhenItsFirstRowHasWaited(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.wallClock(100);
      harness.observe(at("A", 5000));
      harness.wallClock(105);
      harness.observe(at("B", 5000));
      harness.wallClock(108);
      assertEquals(List.of(), harness.outputLines());
      harness.wallClock(109); // Flink fires what stands here at 110
      assertEquals(2, harness.outputLines().size());
      assertFlushed(harness, Flush.DELAY, 2);
      assertEquals(0, harness.clockTimers());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void oneTimerMovesOnToTheBatchAtHand(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.wallClock(100);
      for (String series : List.of("A", "B", "C")) {
        harness.observe(at(series, 5000));
      }
      harness.wallClock(105);
      harness.observe(at("D", 5000));
      assertEquals(1, harness.clockTimers());
      harness.wallClock(112); // past the first batch's delay; the second one is younger
      assertEquals(3, harness.outputLines().size());
      assertEquals(1, harness.clockTimers());
      harness.wallClock(113); // fires at 114: a millisecond more could be over the delay
      assertEquals(4, harness.outputLines().size());
      assertEquals(1, harness.batches().flushes(Flush.DELAY));
      assertEquals(0, harness.clockTimers());

      harness.wallClock(200);
      harness.observe(at("A", 5001));
      harness.barrier();
      harness.wallClock(209); // finds nothing
      assertEquals(0, harness.clockTimers());
      assertEquals(1, harness.batches().flushes(Flush.DELAY));
    }
  }

  /** Somebody sets the clock forward before the first row and back after it. */
  @Test
  void aClockThatIsSetBackDoesNotHoldABatch() throws Exception {
    TestProcessingTimeService clock = new TestProcessingTimeService();
    ServedModel served =
        ServedModel.of(
            CONFIG,
            new Features(CONFIG.features()),
            TestModels.read(CONFIG.model()),
            null,
            SIZE,
            new Nothing());
    Batch batch = served.batch();
    List<Integer> flushed = new ArrayList<>();
    BatchDelay delay = new BatchDelay(clock, DELAY, batch::size, () -> flushed.add(batch.flush()));
    clock.setCurrentTime(100);
    assertTrue(
        batch.add(
            new Row(
                served,
                "A",
                at("A", 5000),
                new double[] {1, 2, 3},
                new double[0],
                new double[0],
                null,
                null,
                5000,
                null,
                false)));
    delay.start();
    clock.setCurrentTime(50);
    delay.onProcessingTime(60); // as if a timer of the batch before had stood here
    assertEquals(List.of(1), flushed);
  }

  @Test
  void aDelayOfOneMillisecondIsOne() throws Exception {
    SequenceConfig config = TestModels.batches(CONFIG, SIZE, 1);
    try (SequenceHarness harness = open(Backend.HEAP, config)) {
      harness.wallClock(100);
      harness.observe(at("A", 5000));
      assertEquals(0, harness.outputLines().size());
      harness.wallClock(100); // Flink fires what stands here at 101
      assertEquals(1, harness.outputLines().size());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void runsBeforeAWatermarkPasses(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.barrier();
      harness.observe(at("A", 5500));
      harness.observe(at("B", 5100));
      harness.watermark(6000); // due, had A's second step not waited
      assertEquals(
          List.of(
              "A/5000 step 0 @5000 t/0@0",
              "A/5000 step 1 @5500 t/0@1",
              "B/5100 step 0 @5100 t/0@2",
              "watermark 6000"),
          harness.outputLines());
      assertEquals(1, harness.batches().flushes(Flush.WATERMARK));
      harness.watermark(6500);
      assertEquals(
          List.of(
              "opened A/5000 @5000 t/0@0",
              "opened B/5100 @5100 t/0@2",
              "closed B/5100 idle steps 1 5100..5100 @6100 t/0@2",
              "closed A/5000 idle steps 2 5000..5500 @6500 t/0@1"),
          harness.eventLines());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void runsBeforeTheStreamTurnsIdle(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.idle();
      assertEquals(List.of("A/5000 step 0 @5000 t/0@0", "idle"), harness.outputLines());
      assertFlushed(harness, Flush.WATERMARK, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void runsBeforeTheBarrierAndIsInTheCheckpoint(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = open(backend)) {
      before.observe(at("A", 5000), 0);
      before.observe(at("B", 5000), 1);
      before.barrier();
      assertEquals(2, before.outputLines().size());
      assertFlushed(before, Flush.BARRIER, 2);
      snapshot = before.snapshot();
      before.observe(at("A", 5001), 2); // after the snapshot: must not be in it
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot).patient()) {
      assertEquals(2, after.sequences());
      assertEquals(2, after.timers());
      assertEquals(2, after.count(Counter.STEPS));
      after.observe(at("A", 5001), 2);
      after.finish();
      assertEquals(List.of("A/5000 step 1 @5001 t/0@2"), after.outputLines());
      assertArrayEquals(
          TestModels.alone(TestModels.rnn(), at("A", 5000).features, at("A", 5001).features)[1],
          after.predictions().get(0).output);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void runsAtTheEnd(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.finish();
      assertEquals(1, harness.outputLines().size());
      assertFlushed(harness, Flush.END, 1);
    }
    try (SequenceHarness harness = open(backend)) {
      harness.observe(at("A", 5000));
      harness.endOfInput();
      assertEquals(
          List.of("A/5000 step 0 @5000 t/0@0", "watermark " + Long.MAX_VALUE),
          harness.outputLines());
      assertEquals(
          "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0", harness.eventLines().get(1));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void atTheEndOfASequenceTheFinalPredictionIsOfTheRowThatWaited(Backend backend) throws Exception {
    SequenceConfig config =
        batches(TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.END));
    try (SequenceHarness harness = open(backend, config)) {
      harness.observe(at("A", 5000));
      harness.observe(at("B", 5000).andEnd());
      harness.observe(Observation.endOf("A", 5001));
      assertEquals(
          List.of("B/5000 final 0 @5000 t/0@1", "A/5000 final 0 @5000 t/0@0"),
          harness.outputLines());
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void aSizeOfOneWaitsForNothing(Backend backend) throws Exception {
    try (SequenceHarness harness = open(backend, TestModels.batches(CONFIG, 1, DELAY))) {
      for (int i = 0; i < 3; i++) {
        harness.observe(at("A", 5000 + i));
        assertEquals(i + 1, harness.outputLines().size());
        assertEquals(0, harness.clockTimers());
      }
      assertEquals(3, harness.batches().flushes(Flush.SIZE));
    }
  }

  @Test
  void aKernelThatTheSlotCannotRunFailsTheJobAtItsStart() {
    SequenceConfig config = CONFIG.with(CONFIG.tuning().withKernel("abacus"));
    String message =
        String.valueOf(
            assertThrows(
                    IllegalStateException.class,
                    () -> SequenceHarness.open(Backend.HEAP, config).close())
                .getMessage());
    assertTrue(
        message.startsWith(
            "model.kernel: the job was submitted with 'abacus', which the JVM of this slot cannot"
                + " run: "),
        message);
  }

  /** Lets go of results. */
  private static final class Nothing implements Batch.Settler {
    @Override
    public void settle(Row row, int index) {}

    @Override
    public void reject(Row row, String reason) {}
  }
}
