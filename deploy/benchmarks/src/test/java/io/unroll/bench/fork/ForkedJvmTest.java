package io.unroll.bench.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForkedJvmTest {
  @TempDir private Path folder;

  /** What is run in a JVM of its own. */
  static final class Child {
    public static void main(String[] args) {
      System.out.println("something else");
      ForkedMain.say(
          () -> {
            if (args[0].equals("fail")) {
              throw new IllegalStateException("on purpose");
            }
            return Map.of("a b", Double.parseDouble(args[0]));
          });
    }
  }

  @Test
  void theFiguresComeBackAndTheRestIsInTheLog() throws Exception {
    assertEquals(Map.of("a b", 1.5), ForkedJvm.measure("a row", folder, 32, Child.class, "1.5"));
    assertTrue(Files.readString(folder.resolve("a_row.log")).contains("something else"));
  }

  @Test
  void aFailureSaysWhereItsLogIs() throws Exception {
    MeasurementException failed =
        assertThrows(
            MeasurementException.class,
            () -> ForkedJvm.measure("a row", folder, 32, Child.class, "fail"));
    Path log = folder.resolve("a_row.log");
    assertEquals("a row: ended with code 1 and no result, see " + log, failed.getMessage());
    assertTrue(Files.readString(log).contains("IllegalStateException: on purpose"));
  }
}
