package io.unroll.bench.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForkedJvmTest {
  private static final Duration LONG = ForkedJvm.deadline(0);

  @TempDir private Path folder;

  /** What is run in a JVM of its own. */
  static final class Child {
    public static void main(String[] args) {
      System.out.println("something else");
      ForkedMain.say(
          () ->
              switch (args[0]) {
                case "fail" -> throw new IllegalStateException("on purpose");
                case "error" -> {
                  new Thread(Child::sleep).start(); // keeps the JVM alive, as Flink's would
                  throw new NoClassDefFoundError("on purpose");
                }
                case "hang" -> {
                  sleep();
                  yield Map.of();
                }
                case "vectors" -> Map.of("vectors", ForkedJvm.hasVectors() ? 1.0 : 0.0);
                default -> Map.of("a b", Double.parseDouble(args[0]));
              });
    }

    private static void sleep() {
      try {
        Thread.sleep(LONG.toMillis());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void theFiguresComeBackAndTheRestIsInTheLog() throws Exception {
    assertEquals(
        Map.of("a b", 1.5), ForkedJvm.measure("a row", folder, 32, LONG, Child.class, "1.5"));
    assertTrue(Files.readString(folder.resolve("a_row.log")).contains("something else"));
  }

  @Test
  void aFailureSaysWhereItsLogIs() throws Exception {
    MeasurementException failed =
        assertThrows(
            MeasurementException.class,
            () -> ForkedJvm.measure("a row", folder, 32, LONG, Child.class, "fail"));
    Path log = folder.resolve("a_row.log");
    assertEquals("a row: ended with code 1 and no result, see " + log, failed.getMessage());
    assertTrue(Files.readString(log).contains("IllegalStateException: on purpose"));
  }

  @Test
  void anErrorEndsTheJvmAsAnExceptionDoes() throws Exception {
    MeasurementException failed =
        assertThrows(
            MeasurementException.class,
            () -> ForkedJvm.measure("a row", folder, 32, LONG, Child.class, "error"));
    Path log = folder.resolve("a_row.log");
    assertEquals("a row: ended with code 1 and no result, see " + log, failed.getMessage());
    assertTrue(Files.readString(log).contains("NoClassDefFoundError: on purpose"));
  }

  @Test
  void aJvmThatHangsIsKilledAtItsDeadline() {
    Duration deadline = Duration.ofSeconds(1);
    MeasurementException failed =
        assertThrows(
            MeasurementException.class,
            () -> ForkedJvm.measure("a row", folder, 32, deadline, Child.class, "hang"));
    assertEquals(
        "a row: no result after 1 s, killed, see " + folder.resolve("a_row.log"),
        failed.getMessage());
  }

  @Test
  void theDeadlineGrowsWithWhatIsMeasured() {
    assertEquals(Duration.ofMinutes(10), ForkedJvm.deadline(0));
    assertEquals(Duration.ofSeconds(690).plusMillis(500), ForkedJvm.deadline(90.5));
  }

  @Test
  void aForkHasVectorsWhereThisJvmHasThem() throws Exception {
    assertEquals(
        Map.of("vectors", ForkedJvm.hasVectors() ? 1.0 : 0.0),
        ForkedJvm.measure("a row", folder, 32, LONG, Child.class, "vectors"));
    assertEquals(List.of(), ForkedJvm.vectors(ModuleLayer.empty()));
  }
}
