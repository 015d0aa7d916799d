package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.BY_ARRIVAL;
import static io.unroll.job.operator.TestSequences.ORDERED;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.end;
import static io.unroll.job.operator.TestSequences.nothingIsLeft;
import static io.unroll.job.operator.TestSequences.start;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/** The one timer of a series whose observations wait for the watermark. */
final class EventTimeTimersTest {
  @ParameterizedTest
  @OnBackends
  void standsAtTheFirstHeldBack(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
      harness.observe(at(5000));
      harness.watermark(5000); // due at 6000
      harness.observe(at(5500));
      assertEquals(1, harness.timers());
      harness.observe(at(5300));
      assertEquals(1, harness.timers());
      harness.watermark(5299);
      assertEquals(1, harness.predictions().size());
      harness.watermark(5300);
      assertEquals("A/5000 step 1 @5300 t/0@2", harness.predictionLines().get(1));
      assertEquals(1, harness.timers());
      harness.watermark(5500);
      assertEquals("A/5000 step 2 @5500 t/0@1", harness.predictionLines().get(2));
      assertEquals(1, harness.timers());
      harness.watermark(6499);
      assertEquals(1, harness.eventLines().size());
      harness.watermark(6500);
      assertEquals(
          "closed A/5000 idle steps 3 5000..5500 @6500 t/0@1", harness.eventLines().get(1));
      nothingIsLeft(harness);
    }
  }

  @ParameterizedTest
  @OnBackends
  void standsAtTheCloseWhereThatIsEarlier(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
      harness.observe(at(5000));
      harness.watermark(5000);
      harness.observe(at(6500));
      assertEquals(1, harness.timers());
      harness.watermark(5999);
      assertEquals(1, harness.eventLines().size());
      harness.watermark(6000);
      assertEquals(
          "closed A/5000 idle steps 1 5000..5000 @6000 t/0@0", harness.eventLines().get(1));
      assertEquals(1, harness.sequences(), "what is held back");
      assertEquals(1, harness.timers());
      harness.watermark(6499);
      assertEquals(2, harness.eventLines().size());
      harness.watermark(6500);
      assertEquals("opened A/6500 @6500 t/0@1", harness.eventLines().get(2));
      assertEquals(1, harness.timers());
    }
  }

  /** One watermark passes both: the same as when it comes in small steps. */
  @ParameterizedTest
  @OnBackends
  void givesTheSameHoweverFarTheWatermarkGoes(Backend backend) throws Exception {
    long[] timestamps = {6000, 5000, 8500, 5999, 7400, 6999, 9500};
    try (SequenceHarness far = SequenceHarness.open(backend, ORDERED);
        SequenceHarness near = SequenceHarness.open(backend, ORDERED)) {
      for (SequenceHarness harness : List.of(far, near)) {
        for (long timestamp : timestamps) {
          harness.observe(at(timestamp));
        }
      }
      far.watermark(20_000);
      for (long watermark = 4900; watermark <= 20_000; watermark += 100) {
        near.watermark(watermark);
      }
      assertEquals(
          List.of(
              "opened A/5000 @5000 t/0@1",
              "closed A/5000 idle steps 5 5000..7400 @8400 t/0@4",
              "opened A/8500 @8500 t/0@2",
              "closed A/8500 idle steps 1 8500..8500 @9500 t/0@2",
              "opened A/9500 @9500 t/0@6",
              "closed A/9500 idle steps 1 9500..9500 @10500 t/0@6"),
          far.eventLines());
      assertEquals(far.eventLines(), near.eventLines());
      assertEquals(far.predictionLines(), near.predictionLines());
      nothingIsLeft(far);
      nothingIsLeft(near);
    }
  }

  /** An end marker, a rejected one, a bare start: after each of them nothing is left. */
  @ParameterizedTest
  @OnBackends
  void goesWithTheLastThatWaitsWhereNothingOpens(Backend backend) throws Exception {
    for (Observation alone :
        List.of(
            end(5000),
            Observation.of("A", 5001, Double.NaN, 1, 1),
            start(5002),
            at(5003).andEnd())) {
      try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
        harness.observe(alone);
        assertEquals(1, harness.sequences());
        assertEquals(1, harness.timers());
        harness.watermark(5003);
        nothingIsLeft(harness);
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void staysWithWhatWaitsWhenTheSequenceCloses(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, ORDERED)) {
      harness.observe(at(5000));
      harness.observe(end(5001));
      harness.observe(at(9000));
      harness.watermark(5001);
      assertEquals("closed A/5000 end steps 1 5000..5001 @5001 t/0@1", harness.eventLines().get(1));
      assertEquals(1, harness.sequences());
      assertEquals(1, harness.timers());
      assertEquals(1, harness.count(Counter.HELD_BACK));
      harness.watermark(9000);
      assertEquals("opened A/9000 @9000 t/0@2", harness.eventLines().get(2));
      assertEquals(1, harness.timers());
    }
  }

  /** Beside the alarm of the wall clock. */
  @ParameterizedTest
  @OnBackends
  void letsGoAlsoWhereTheWallClockCloses(Backend backend) throws Exception {
    SequenceConfig config = BY_ARRIVAL.with(Order.EVENT_TIME);
    try (SequenceHarness harness = SequenceHarness.open(backend, config).patient()) {
      harness.wallClock(100_000);
      harness.observe(at(5001));
      harness.observe(at(5000));
      harness.observe(at(9000));
      harness.wallClock(200_000); // what waits has not arrived yet
      harness.watermark(5001);
      assertEquals(List.of("opened A/5000 @5000 t/0@1"), harness.eventLines());
      assertEquals(1, harness.timers());
      harness.wallClock(201_000);
      assertEquals(
          "closed A/5000 idle steps 2 5000..5001 @201000 t/0@0", harness.eventLines().get(1));
      assertEquals(1, harness.sequences());
      assertEquals(1, harness.timers());
      harness.endOfInput();
      assertEquals(
          List.of(
              "opened A/9000 @9000 t/0@2",
              "closed A/9000 end-of-input steps 1 9000..9000 @9000 t/0@2"),
          harness.eventLines().subList(2, 4));
      nothingIsLeft(harness);
    }
  }
}
