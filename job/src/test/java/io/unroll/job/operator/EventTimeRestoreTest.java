package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.ORDERED;
import static io.unroll.job.operator.TestSequences.ORDERED_ENDLESS;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.nothingIsLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.RawRecord;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;

/** Observations that wait for the watermark, over a restore and on other subtasks. */
final class EventTimeRestoreTest {
  @ParameterizedTest
  @OnBackends
  void whatWaitsStillDoes(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, ORDERED)) {
      before.observe(at(5000), 0);
      before.watermark(5000);
      before.observe(at(5200), 1);
      before.observe(at(5100), 2);
      snapshot = before.snapshot();
      before.watermark(5150); // after the snapshot: must not be in it
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, ORDERED, snapshot)) {
      assertEquals(2, after.count(Counter.HELD_BACK));
      assertEquals(1, after.timers());
      assertEquals(1, after.sequences());
      after.observe(at(5150), 3);
      after.observe(at(4999), 4); // behind the watermark from before
      after.watermark(5200);
      assertEquals(
          List.of(
              "A/5000 step 1 @5100 t/0@2",
              "A/5000 step 2 @5150 t/0@3",
              "A/5000 step 3 @5200 t/0@1"),
          after.predictionLines());
      assertEquals(1, after.late().size());
      after.endOfInput();
      nothingIsLeft(after);
    }
  }

  /** More than are kept together, of two timestamps, and rejected records behind them. */
  @ParameterizedTest
  @OnBackends
  void manyOfOneTimestampStayInTheOrderInWhichTheyCame(Backend backend) throws Exception {
    int each = 200;
    List<String> expected = new ArrayList<>();
    OperatorSubtaskState snapshot;
    long position = 0;
    try (SequenceHarness before = SequenceHarness.open(backend, ORDERED)) {
      for (int i = 0; i < each; i++) {
        before.observe(at(5001), position++);
        before.observe(at(5000), position++);
      }
      snapshot = before.snapshot();
    }
    Backend other = backend.onHeap() ? Backend.ROCKSDB : Backend.HEAP;
    try (SequenceHarness after = SequenceHarness.restore(backend, ORDERED, snapshot)) {
      for (int i = 0; i < each; i++) {
        after.observe(at(5001), position++);
      }
      snapshot = after.savepoint();
    }
    for (int i = 0; i < each; i++) {
      expected.add("A/5000 step " + i + " @5000 t/0@" + (2 * i + 1));
    }
    for (int i = 0; i < 2 * each; i++) {
      long at = i < each ? 2L * i : each + (long) i;
      expected.add("A/5000 step " + (each + i) + " @5001 t/0@" + at);
    }
    for (Backend reading : List.of(backend, other)) {
      try (SequenceHarness after = SequenceHarness.restore(reading, ORDERED, snapshot)) {
        assertEquals(3L * each, after.count(Counter.HELD_BACK));
        after.watermark(5000);
        assertEquals(expected.subList(0, each), after.predictionLines());
        assertEquals(2L * each, after.count(Counter.HELD_BACK));
        after.watermark(5001);
        assertEquals(expected, after.predictionLines());
        assertEquals(0, after.count(Counter.HELD_BACK));
        after.endOfInput();
        nothingIsLeft(after);
      }
    }
  }

  /** Without a sequence, and as they came with everything they carry. */
  @ParameterizedTest
  @OnBackends
  void observationsAreWhole(Backend backend) throws Exception {
    OperatorSubtaskState savepoint;
    try (SequenceHarness before = SequenceHarness.open(backend, ORDERED)) {
      Observation first = at(5000).by("red");
      first.keep = new String[] {"\"k\""};
      before.observe(first, 0);
      before.observe(at(5001).by("red").andStart().andEnd(), 1);
      Observation broken = Observation.endOf("A", 5002);
      broken.unusable = "feature 'x0': found text";
      broken.raw = new RawRecord(null, new byte[] {1, 2});
      before.observe(broken, 2);
      before.observe(Observation.of("A", 5003, Double.NaN, 1, 1), 3);
      savepoint = before.savepoint();
    }
    Backend other = backend.onHeap() ? Backend.ROCKSDB : Backend.HEAP;
    for (Backend reading : List.of(backend, other)) {
      try (SequenceHarness after = SequenceHarness.restore(reading, ORDERED, savepoint)) {
        after.watermark(5003);
        assertEquals(
            List.of(
                "opened A/red @5000 t/0@0",
                "closed A/red restarted steps 1 5000..5000 @5001 t/0@1",
                "opened A/red @5001 t/0@1",
                "closed A/red end steps 1 5001..5001 @5001 t/0@1"),
            after.eventLines());
        assertArrayEquals(new String[] {"\"k\""}, after.predictions().get(0).keep);
        assertNull(after.predictions().get(1).keep);
        assertEquals(
            List.of(
                "t/0@2: feature 'x0': found text",
                "t/0@3: feature 'x0': found NaN, expected a finite number"),
            after.rejectedLines());
        assertNotNull(after.rejected().get(0).raw);
        assertArrayEquals(new byte[] {1, 2}, after.rejected().get(0).raw.value);
        nothingIsLeft(after);
      }
    }
  }

  /** 1 to 3 to 2 subtasks, with something that waits each time. */
  @ParameterizedTest
  @OnBackends
  void onOtherSubtasksNothingIsLost(Backend backend) throws Exception {
    List<String> series = IntStream.range(0, 30).mapToObj(i -> "S" + i).toList();
    Map<String, ReferenceSeries> expected = new HashMap<>();
    series.forEach(name -> expected.put(name, new ReferenceSeries(ORDERED)));
    long position = 0;
    try (Fleet fleet = new Fleet(backend, ORDERED, 1, 3, 2)) {
      for (int round = 0; round < 3; round++) {
        if (round > 0) {
          fleet.restart();
          for (int subtask = 0; subtask < fleet.size(); subtask++) {
            int mine = fleet.of(subtask, series).size();
            assertEquals(mine, fleet.subtask(subtask).timers());
            assertEquals(mine, fleet.subtask(subtask).sequences());
          }
        }
        long from = 5000 + 1000L * round;
        long firstPosition = position;
        for (long later : new long[] {900, 100, 500}) { // 900 waits beyond the round
          for (String name : series) {
            Observation o = at(name, from + later + series.indexOf(name)).at("t/0@", position);
            expected.get(name).observe(o);
            fleet.observe(at(name, o.timestamp).at("t/0@", position++));
          }
        }
        assertEquals(
            position - firstPosition + (round == 0 ? 0 : series.size()),
            fleet.count(Counter.HELD_BACK));
        long watermark = round == 2 ? Long.MAX_VALUE : from + 800;
        expected.values().forEach(reference -> reference.watermark(watermark));
        fleet.watermark(watermark);
      }
      assertEquals(2, fleet.size());
      assertEquals(0, fleet.count(Counter.HELD_BACK));
      assertEquals(0, fleet.sequences());
      assertEquals(0, fleet.timers());
      fleet.collect();
      assertEquals(Map.of(), fleet.late);
      for (String name : series) {
        assertEquals(9, fleet.predictions.get(name).size(), name);
        assertEquals(expected.get(name).predictions, fleet.predictions.get(name), name);
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void anotherLimitMovesTheTimerButNotBeyondWhatWaits(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, ORDERED_ENDLESS)) {
      before.observe(at(5000), 0);
      before.watermark(5000);
      before.observe(at(8000), 1);
      before.observe(at("B", 7000), 2); // nothing is open
      snapshot = before.snapshot();
    }
    try (SequenceHarness after = SequenceHarness.restore(backend, ORDERED, snapshot)) {
      assertEquals(2, after.timers());
      after.watermark(6000);
      assertEquals(
          List.of("closed A/5000 idle steps 1 5000..5000 @6000 t/0@0"), after.eventLines());
      after.watermark(8000);
      assertEquals(
          List.of("B/7000 step 0 @7000 t/0@2", "A/8000 step 0 @8000 t/0@1"),
          after.predictionLines());
    }
  }
}
