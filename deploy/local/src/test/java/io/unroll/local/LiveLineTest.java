package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A line that changes in place, byte by byte as a terminal gets it. */
final class LiveLineTest {
  private static final String ERASE = "\r\033[K";

  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private final LiveLine live = new LiveLine(terminal, UTF_8);

  private static String painted(String text) {
    return "\033[?7l" + text + "\033[?7h";
  }

  private void assertWritten(String expected) {
    assertEquals(expected, terminal.toString(UTF_8));
    terminal.reset();
  }

  @Test
  void eachLineTakesThePlaceOfTheOneBefore() {
    live.show("one");
    assertWritten(painted("one"));
    live.show("two");
    assertWritten(ERASE + painted("two"));
    live.show("");
    assertWritten(ERASE);
    live.show("");
    assertWritten("");
  }

  @Test
  void whatElseIsWrittenStandsAbove() {
    live.stream().println("before");
    assertWritten("before" + System.lineSeparator());
    live.show("live");
    assertWritten(painted("live"));
    live.stream().print("half of ");
    live.stream().flush();
    assertWritten("");
    live.stream().print("a line\nand another\n");
    assertWritten(ERASE + "half of a line\nand another\n" + painted("live"));
    live.show("");
    live.stream().print("? ");
    live.stream().flush();
    assertWritten(ERASE + "? ");
  }

  @Test
  void theLauncherDecides() {
    assertNotNull(LiveLine.of(Map.of("UNROLL_PROGRESS", "live"), System.err));
    assertNull(LiveLine.of(Map.of("UNROLL_PROGRESS", "lines"), System.err));
    assertNull(LiveLine.of(Map.of(), System.err));
  }
}
