package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.Seeds;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WaitingSeriesTest {
  @Test
  void isASetThatIsEmptiedAtOnce() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int rows : new int[] {1, 2, 3, 63, 64, 1024}) {
      WaitingSeries waiting = new WaitingSeries(rows);
      for (int batch = 0; batch < 50; batch++) {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 2 * rows && expected.size() < rows; i++) {
          String series = "sensor-" + random.nextInt(2 * rows);
          assertEquals(expected.contains(series), waiting.mayContain(series), Seeds.message(seed));
          if (expected.add(series)) {
            waiting.add(series);
          }
        }
        waiting.clear();
      }
    }
  }

  @Test
  void namesWithOneHashCodeCountAsOne() {
    assertEquals("Aa".hashCode(), "BB".hashCode());
    WaitingSeries waiting = new WaitingSeries(4);
    waiting.add("AaAa");
    assertTrue(waiting.mayContain("BBBB"));
    assertFalse(waiting.mayContain("AaAaA"));
    waiting.clear();
    assertFalse(waiting.mayContain("AaAa"));
  }
}
