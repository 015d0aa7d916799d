package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CountsTest {
  /** A run that goes on has read already when its operator has restored nothing yet. */
  @Test
  void halfOfTheTasksAreNotAllThatWasCounted() {
    Counters counts = new Counters();
    assertFalse(Counts.areIn(Accounts.ALONE, Map.of()));
    assertFalse(Counts.areIn(Accounts.ALONE, Map.of("readings", counts)));
    assertTrue(Counts.areIn(Accounts.ALONE, Map.of("readings", counts, "sequences", counts)));
  }

  @Test
  void unwritableOutputsAreCountedByTheirNames() {
    Counts counts =
        Counts.of(
            Accounts.ALONE,
            Map.of(
                "unwritable.sequences", 1L,
                "unwritable.predictions", 2000L,
                "unwritable.late", 0L));
    assertEquals(Map.of("predictions", 2000L, "sequences", 1L), counts.unwritable());
    assertEquals(
        "2,001: 2,000 predictions, 1 sequences; rejected with the reason",
        Summary.unwritable(counts));
    assertEquals(Map.of(), Counts.of(Accounts.ALONE, Map.of()).unwritable());
  }

  /** How many sequences are open follows from it. */
  @Test
  void everyWayToCloseIsOne() {
    assertEquals(
        Arrays.stream(Counter.values())
            .filter(counter -> counter.name().startsWith("CLOSED_"))
            .collect(Collectors.toSet()),
        Set.copyOf(Counts.CLOSINGS));
  }
}
