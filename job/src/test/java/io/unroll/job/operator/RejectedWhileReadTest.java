package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.ORDERED;
import static io.unroll.job.operator.TestSequences.ORDERED_ENDLESS;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.end;
import static io.unroll.job.operator.TestSequences.nothingIsLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Records that a source rejected: they change nothing, and keep their place among the rejected
 * records of their series.
 */
final class RejectedWhileReadTest {
  private static Observation unread(String input) {
    Rejected rejected = new Rejected();
    rejected.input = input;
    rejected.series = "A";
    rejected.reason = "not read";
    rejected.raw = new RawRecord(null, new byte[] {1, 2});
    return Observation.ofRejected(rejected);
  }

  private static Observation unusable(long timestamp) {
    return Observation.of("A", timestamp, Double.NaN, 1, 1);
  }

  private static List<String> inputs(SequenceHarness harness) {
    return harness.rejected().stream().map(rejected -> rejected.input).toList();
  }

  @ParameterizedTest
  @OnBackends
  void waitBehindWhatWaits(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
      harness.observe(unusable(5003), 0);
      harness.observe(unread("x"), 1);
      harness.observe(unusable(5001), 2);
      harness.observe(unusable(5004), 3);
      harness.observe(unread("y"), 4);
      harness.observe(unread("z"), 5);
      harness.observe(unusable(5004), 6);
      assertEquals(List.of(), inputs(harness));
      assertEquals(7, harness.count(Counter.HELD_BACK));
      harness.watermark(5002);
      assertEquals(List.of("t/0@2"), inputs(harness));
      harness.watermark(5003);
      assertEquals(List.of("t/0@2", "t/0@0", "x"), inputs(harness));
      harness.watermark(5004);
      assertEquals(List.of("t/0@2", "t/0@0", "x", "t/0@3", "t/0@6", "y", "z"), inputs(harness));
      assertEquals(0, harness.count(Counter.HELD_BACK));
      assertEquals(7, harness.count(Counter.INPUTS));
      assertEquals(7, harness.count(Counter.REJECTED));
      nothingIsLeft(harness);
    }
  }

  /** An end marker that waits is one of those that came before. */
  @ParameterizedTest
  @OnBackends
  void waitBehindAnEndMarkerToo(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
      harness.observe(at(5000), 0);
      harness.observe(end(5000), 1);
      harness.observe(unread("x"), 2);
      harness.watermark(5000);
      List<String> lines = harness.outputLines();
      assertEquals(List.of("x"), inputs(harness));
      assertEquals(2, harness.eventLines().size(), lines::toString);
      nothingIsLeft(harness);
    }
  }

  @ParameterizedTest
  @OnBackends
  void goAtOnceWhereNothingWaits(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
      harness.observe(unread("x"), 0);
      assertEquals(List.of("x"), inputs(harness));
      assertEquals(0, harness.sequences());
      assertEquals(0, harness.timers());
      harness.observe(at(5000), 1);
      harness.watermark(5000);
      harness.observe(unread("y"), 2);
      assertEquals(List.of("x", "y"), inputs(harness));
      assertEquals(List.of("opened A/5000 @5000 t/0@1"), harness.eventLines());
      harness.endOfInput();
      assertEquals(3, harness.count(Counter.INPUTS));
      assertEquals(2, harness.count(Counter.REJECTED));
      nothingIsLeft(harness);
    }
  }

  /** A step that waits for its batch may be rejected when it runs: it came first. */
  @ParameterizedTest
  @OnBackends
  void comeBehindARowThatWaits(Backend backend) throws Exception {
    SequenceConfig config =
        TestModels.config(TestModels.overflowing(), Boundaries.NO_TIMEOUT, 100, Emit.STEP);
    try (SequenceHarness harness = SequenceHarness.waiting(backend, config, null, 0)) {
      harness.observe(Observation.of("A", 5000, 1e38, 1e38, 1e38, 1e38), 0);
      harness.observe(unread("x"), 1);
      assertEquals(List.of("t/0@0", "x"), inputs(harness));
    }
  }

  @ParameterizedTest
  @OnBackends
  void areWholeInASavepoint(Backend backend) throws Exception {
    OperatorSubtaskState savepoint;
    try (SequenceHarness before = SequenceHarness.open(backend, ORDERED)) {
      before.observe(at(5000), 0);
      before.observe(unread("x"), 1);
      savepoint = before.savepoint();
    }
    Backend other = backend.onHeap() ? Backend.ROCKSDB : Backend.HEAP;
    for (Backend reading : List.of(backend, other)) {
      try (SequenceHarness after = SequenceHarness.restore(reading, ORDERED, savepoint)) {
        after.watermark(5000);
        Rejected rejected = after.rejected().get(0);
        assertEquals("x", rejected.input);
        assertEquals("A", rejected.series);
        assertEquals("not read", rejected.reason);
        assertNull(rejected.timestamp);
        assertArrayEquals(new byte[] {1, 2}, rejected.raw.value);
        after.endOfInput();
        nothingIsLeft(after);
      }
    }
  }

  @Test
  void haveASeries() {
    Rejected rejected = new Rejected();
    rejected.input = "f:1";
    assertEquals(
        "rejected record f:1: found no series, expected one to be ordered by",
        assertThrows(IllegalArgumentException.class, () -> Observation.ofRejected(rejected))
            .getMessage());
  }
}
