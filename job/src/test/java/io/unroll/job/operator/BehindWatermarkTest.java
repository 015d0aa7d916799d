package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.ORDERED;
import static io.unroll.job.operator.TestSequences.STEPPING;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.end;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;

/** Observations that event time has passed already, and that are used all the same. */
final class BehindWatermarkTest {
  private static void assertBehind(SequenceHarness harness, long stepped, long opened, long other)
      throws Exception {
    harness.barrier(); // whatever waits in a batch is settled
    assertEquals(stepped, harness.count(Counter.BEHIND_STEPPED), "stepped");
    assertEquals(opened, harness.count(Counter.BEHIND_OPENED), "opened");
    assertEquals(other, harness.count(Counter.BEHIND_OTHER), "other");
  }

  @ParameterizedTest
  @OnBackends
  void theyAreCountedByWhatTheyDid(Backend backend) throws Exception {
    OperatorSubtaskState state;
    try (SequenceHarness harness = SequenceHarness.open(backend, STEPPING)) {
      harness.observe(at(5000));
      harness.watermark(5500);
      harness.observe(at(5501));
      assertBehind(harness, 0, 0, 0);
      harness.observe(at(5500)); // event time has come to it: it has passed
      assertBehind(harness, 1, 0, 0);
      harness.observe(at(5200));
      harness.observe(at("B", 5000));
      assertBehind(harness, 2, 1, 0);
      harness.observe(at("C", 4500)); // late
      harness.observe(withoutANumber("B", 5100)); // rejected
      harness.observe(end(5300)); // a marker is no step
      assertBehind(harness, 2, 1, 2);
      assertEquals(1, harness.count(Counter.LATE));
      assertEquals(1, harness.count(Counter.REJECTED));
      assertEquals(5, harness.count(Counter.STEPS));
      state = harness.snapshot();
    }
    try (SequenceHarness harness = SequenceHarness.restore(backend, STEPPING, state)) {
      assertBehind(harness, 2, 1, 2);
      harness.observe(at("B", 5400)); // behind the watermark of before
      assertBehind(harness, 3, 1, 2);
    }
  }

  private static Observation withoutANumber(String series, long timestamp) {
    Observation observation = at(series, timestamp);
    observation.features[0] = Double.NaN;
    return observation;
  }

  @ParameterizedTest
  @OnBackends
  void whatIsHeldBackIsNotBehindWhenItIsLetGo(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
      harness.observe(at(5100));
      harness.observe(at(5000));
      harness.watermark(5100);
      assertBehind(harness, 0, 0, 0);
      harness.observe(at(5100));
      harness.observe(at("B", 5100));
      assertBehind(harness, 1, 1, 0);
      assertEquals(4, harness.count(Counter.STEPS));
    }
  }
}
