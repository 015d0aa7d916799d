package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a second request to end, with a clock of the test's own. */
final class StopSignalsTest {
  private static final int HUP = 129;
  private static final int TERM = 143;

  private final List<String> done = new ArrayList<>();
  private long millis = 1_000_000;

  @SuppressWarnings("resource") // it hears nothing, so there is nothing to close
  private final StopSignals signals =
      new StopSignals(
          code -> done.add("stops " + code),
          code -> done.add("ends " + code),
          () -> millis * 1_000_000);

  /** The launcher hands on what it gets, and a process group gets it as well. */
  @Test
  void theSameSignalWithinASecondIsTheSameRequest() {
    signals.heard(TERM);
    millis += 999;
    signals.heard(TERM);
    assertEquals(List.of("stops 143"), done);
    assertEquals(TERM, signals.asked().join());
  }

  @Test
  void theSameSignalLaterIsTheSecondRequest() {
    signals.heard(TERM);
    millis += 500;
    signals.heard(TERM);
    millis += 500;
    signals.heard(TERM);
    assertEquals(List.of("stops 143", "ends 143"), done);
  }

  @Test
  void anotherSignalIsTheSecondRequestAtOnce() {
    signals.heard(HUP);
    signals.heard(TERM);
    assertEquals(List.of("stops 129", "ends 143"), done);
    assertEquals(HUP, signals.asked().join());
  }
}
