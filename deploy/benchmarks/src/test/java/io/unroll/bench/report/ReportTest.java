package io.unroll.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  @TempDir private Path temporary;

  private static Report report() {
    Report report = new Report("kernel", new Machine(Map.of("cpu", "a fast one")));
    TextTable table = new TextTable("a table", List.of("row", "ns"));
    table.row(List.of("one", "12"));
    table.row(List.of("another", "3.50"));
    report.table(table);
    report.note("a note");
    report.caveat("a caveat");
    report.ratio(
        "kernel.lstm64.b1",
        new Samples(List.of(80.0, 90.0, 70.0)),
        new Samples(List.of(10.0, 10.0, 20.0)));
    report.ratio("series.p99ms", 20, new Samples(List.of(20.0)));
    report.measured("one", Map.of("ns", List.of(12.0, 13.0)));
    report.failed("third", "no luck");
    return report;
  }

  @Test
  void theTextEndsWithOneLinePerRatio() {
    StringWriter text = new StringWriter();
    report().print(new PrintWriter(text));
    assertEquals(
        """
        cpu a fast one
        a caveat

        a table
        row        ns
        one        12
        another  3.50

        a note
        failed third: no luck

        bounds
        ratio              value         rounds  forks   must    aim  reached
        kernel.lstm64.b1   8.000    3.500-9.000      3   >= 6  >= 10      yes
        series.p99ms      20.000  20.000-20.000      1  <= 15   <= 5       no

        ratio kernel.lstm64.b1 8.000
        ratio series.p99ms 20.000
        """,
        text.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void theJsonHasEverythingThatWasMeasured() throws Exception {
    Path file = temporary.resolve("new folder/kernel.json");
    report().write(file);
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertEquals("kernel", json.at("/table").textValue());
    assertEquals("a fast one", json.at("/machine/cpu").textValue());
    assertEquals(8, json.at("/ratios/kernel.lstm64.b1").doubleValue());
    assertEquals("3.50", json.at("/tables/0/rows/1/1").textValue());
    assertEquals(13, json.at("/measured/one/ns/1").doubleValue());
    assertEquals("no luck", json.at("/failed/third").textValue());
    assertEquals("a note", json.at("/notes/0").textValue());
    assertEquals("a caveat", json.at("/caveats/0").textValue());
  }

  @Test
  void aRatioThatNobodyKnowsIsRefused() {
    Report report = report();
    Samples one = new Samples(List.of(1.0));
    assertEquals(
        "no ratio 'kernel.lstm65'",
        assertThrows(IllegalArgumentException.class, () -> report.ratio("kernel.lstm65", one, one))
            .getMessage());
  }

  @Test
  void aRowOfAnotherWidthIsRefused() {
    TextTable table = new TextTable("a table", List.of("row", "ns"));
    assertEquals(
        "a table: a row of 1 cells, expected 2",
        assertThrows(IllegalArgumentException.class, () -> table.row(List.of("one"))).getMessage());
  }

  @Test
  void boundsGoBothWays() {
    assertTrue(Target.of("kernel.lstm64.b1").reached(6));
    assertTrue(!Target.of("kernel.lstm64.b1").reached(5.9));
    assertTrue(Target.of("series.bytes").reached(1.25));
    assertTrue(!Target.of("series.bytes").reached(1.3));
  }
}
