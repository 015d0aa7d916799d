package io.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }

  @Test
  void helpListsTheTables() {
    assertEquals(0, run("--help"));
    for (String table : List.of("kernel", "job", "kafka", "series", "unroll")) {
      assertTrue(out.toString().contains("\n  " + table + " "), out.toString());
    }
  }

  @Test
  void everyTableHasTheSameOptions() {
    for (String table : List.of("kernel", "job", "kafka", "series", "unroll")) {
      out.getBuffer().setLength(0);
      assertEquals(0, run(table, "--help"));
      for (String option : List.of("--quick", "--json", "--forks", "--seconds", "--only")) {
        assertTrue(out.toString().contains(option), table + ": " + out);
      }
    }
  }

  @Test
  void wrongUseIsToldWithCode2() {
    assertEquals(2, run());
    assertTrue(err.toString().startsWith("found no table, expected one of [kernel, "), "" + err);
    assertEquals(2, run("kernels"));
    assertEquals(2, run("kernel", "--forks", "many"));
  }

  @Test
  void numbersThatMeasureNothingAreRefused() {
    assertEquals(2, run("kernel", "--forks", "0"));
    assertTrue(err.toString().startsWith("--forks: found 0, expected 1 or more"), "" + err);
    err.getBuffer().setLength(0);
    assertEquals(2, run("job", "--seconds", "-1"));
    assertTrue(err.toString().startsWith("--seconds: found -1.0, expected above 0"), "" + err);
    err.getBuffer().setLength(0);
    assertEquals(2, run("unroll", "--only", "(T"));
    assertTrue(err.toString().startsWith("--only: Unclosed group"), "" + err);
    err.getBuffer().setLength(0);
    assertEquals(2, run("unroll", "--only", "sideways"));
    assertTrue(
        err.toString().startsWith("--only: found 'sideways', expected the name of a row"),
        "" + err);
  }
}
