package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.state.Counter;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CountsTest {
  /** A run that goes on has read already when its operator has restored nothing yet. */
  @Test
  void halfOfTheTasksAreNotAllThatWasCounted() {
    long[] counts = new long[Counter.values().length];
    assertFalse(Counts.areIn(Map.of()));
    assertFalse(Counts.areIn(Map.of("readings", counts)));
    assertTrue(Counts.areIn(Map.of("readings", counts, "sequences", counts)));
  }
}
