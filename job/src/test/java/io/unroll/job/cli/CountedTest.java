package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class CountedTest {
  @Test
  void oneIsOne() {
    assertEquals("0 steps", Counted.of(0, "step"));
    assertEquals("1 step", Counted.of(1, "step"));
    assertEquals("2 open sequences", Counted.of(2, "open sequence"));
    assertEquals("45,005 problems", Counted.of(45_005, "problem"));
  }
}
