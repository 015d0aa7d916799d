package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {
  @Test
  void countsInsertionsDeletionsChangesAndSwaps() {
    assertEquals(0, Spelling.distance("topic", "topic"));
    assertEquals(1, Spelling.distance("topc", "topic"));
    assertEquals(1, Spelling.distance("topiic", "topic"));
    assertEquals(1, Spelling.distance("topik", "topic"));
    assertEquals(1, Spelling.distance("toipc", "topic"));
    assertEquals(3, Spelling.distance("kitten", "sitting"));
    assertEquals(5, Spelling.distance("", "topic"));
  }

  @Test
  void findsTheNearestThatIsNearEnough() {
    List<String> words = List.of("delivery", "format", "late", "predictions", "max-steps");
    assertEquals("delivery", Spelling.closest("delivry", words));
    assertEquals("late", Spelling.closest("lat", words));
    assertEquals("max-steps", Spelling.closest("MAX_STEPS", words));
    assertNull(Spelling.closest("lamp", words));
    assertNull(Spelling.closest("x".repeat(100_000), words));
  }
}
