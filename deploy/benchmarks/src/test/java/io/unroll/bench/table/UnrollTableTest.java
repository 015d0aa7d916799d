package io.unroll.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** One row of a table from the command line to the file, in a fork, with tiny windows. */
final class UnrollTableTest {
  @TempDir private Path temporary;

  @Test
  void aRowIsMeasuredPrintedAndWritten() throws Exception {
    Path file = temporary.resolve("unroll.json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = new CommandLine(new UnrollTable());
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    int code =
        commandLine.execute(
            "--quick", "--seconds", "0.03", "--only", "stream T=10$", "--json", file.toString());
    assertEquals(0, code, err.toString());
    assertTrue(out.toString().contains("\nstream T=10 "), out.toString());
    assertTrue(
        out.toString()
            .contains("\nquick: 1 JVM per row, windows of at most 0.03 s after 0.03 s: to see"),
        out.toString());
    assertTrue(out.toString().contains(", not for claims\n"), out.toString());
    assertTrue(err.toString().startsWith("[1/1] stream T=10: {"), err.toString());
    assertTrue(err.toString().endsWith("written to " + file + System.lineSeparator()));
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertTrue(json.at("/measured/stream T=10/ns/0").doubleValue() > 0);
    assertEquals(8, json.at("/machine").size());
  }
}
