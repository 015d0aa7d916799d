package io.unroll.connectors.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ObservationTest {

  @Test
  void isMarkedAndLabelledByTheWay() {
    Observation plain = Observation.of("a", 1, 2.5);
    assertFalse(plain.start || plain.end);
    assertNull(plain.by);
    assertNull(plain.identity);
    Observation seen =
        Observation.of("a", 1, 2.5).andStart().andEnd().by("d").identity("i").at("w/0@", 17);
    assertTrue(seen.start && seen.end);
    assertEquals("d", seen.by);
    assertEquals("i", seen.identity);
  }

  @Test
  void saysBrieflyWhatItIs() {
    Observation observation = Observation.of("a", 1, 2.5).at("w/0@", 17).by("d").identity("i");
    assertEquals("Observation[a 1 w/0@17]", observation.toString());
    assertEquals("Observation[a 1 start w/0@17]", observation.andStart().toString());
    assertEquals("Observation[a 1 start end w/0@17]", observation.andEnd().toString());
  }
}
