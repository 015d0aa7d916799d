package io.unroll.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitingTest {
  private static final Duration GLANCE = Duration.ofMillis(3);

  private final List<Duration> slept = new ArrayList<>();

  @Test
  void waitsUntilItIsSo() throws Exception {
    new Waiting(Duration.ofMinutes(1), slept::add)
        .until(() -> slept.size() == 2, GLANCE, () -> "unused");
    assertEquals(List.of(GLANCE, GLANCE), slept);
  }

  @Test
  void givesUpAndSaysWhatThereIsInstead() {
    Waiting waiting = new Waiting(Duration.ofMillis(20), duration -> Thread.sleep(1));
    assertEquals(
        "after PT0.02S: 3 records, expected 4",
        assertThrows(
                IllegalStateException.class,
                () -> waiting.until(() -> false, GLANCE, () -> "3 records, expected 4"))
            .getMessage());
  }

  @Test
  void failsWithTheJob() {
    Waiting waiting =
        new Waiting(
            Duration.ofMinutes(1),
            duration -> {
              throw new IllegalArgumentException("the job");
            });
    assertThrows(
        IllegalArgumentException.class, () -> waiting.until(() -> false, GLANCE, () -> "unused"));
  }
}
