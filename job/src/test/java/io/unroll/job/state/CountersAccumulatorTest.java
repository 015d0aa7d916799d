package io.unroll.job.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.flink.runtime.accumulators.StringifiedAccumulatorResult;
import org.apache.flink.util.OptionalFailure;
import org.junit.jupiter.api.Test;

final class CountersAccumulatorTest {
  private static String inRest(CountersAccumulator accumulator) {
    return StringifiedAccumulatorResult.stringifyAccumulatorResults(
        Map.of("sequences", OptionalFailure.of(accumulator)))[0]
        .getValue();
  }

  @Test
  void readsAsTextInFlinksRestInterface() {
    Counters counters = new Counters();
    CountersAccumulator accumulator = new CountersAccumulator(counters);
    assertEquals("nothing yet", inRest(accumulator));
    counters.add(Counter.INPUTS, 7);
    counters.add(Counter.STEPS);
    counters.add(Counter.CLOSED_IDLE, 2);
    assertEquals("inputs 7, steps 1, closed.idle 2", inRest(accumulator));
  }

  @Test
  void subtasksAddUpAndWhatWasToldStays() {
    Counters one = new Counters();
    one.add(Counter.STEPS, 2);
    Counters other = new Counters();
    other.add(Counter.STEPS, 3);
    CountersAccumulator all = new CountersAccumulator(new Counters());
    all.merge(new CountersAccumulator(one));
    all.merge(new CountersAccumulator(other).clone());
    Counters told = all.getLocalValue();
    other.add(Counter.STEPS);
    assertEquals("steps 5", told.toString());
  }
}
