package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code check} and {@code run} say of files before anything runs. */
final class CheckFilesTest {
  @TempDir private Path folder;

  private record Said(int code, String out, String err) {
    List<String> lines(String start) {
      return out.lines().filter(line -> line.startsWith(start)).toList();
    }
  }

  @BeforeEach
  void models() throws IOException {
    for (String echo : List.of("echo1.onnx", "echo2.onnx")) {
      Files.write(folder.resolve(echo), GoldenCase.bytes(echo));
    }
  }

  private Said said(String command, Path pipeline) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Cli.commandLine(
                (job, options, progress, results) -> {
                  results.println("ran " + job.name());
                  return 0;
                })
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(command, pipeline.toString());
    return new Said(
        code,
        out.toString().replace(folder + "/", ""),
        err.toString()
            .replace(folder + "/", "")
            .replaceFirst("^unroll: reading the pipeline .*\\R", ""));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path pipeline(String path, String observation, String sequence, String model)
      throws IOException {
    return write(
        "p.yaml",
        """
        version: 1
        name: p
        source: {file: {path: %s}, format: csv}
        observation: %s
        sequence: %s
        model: {onnx: %s}
        sink: {predictions: {file: {path: out}}}
        """
            .formatted(path, observation, sequence, model)
            .replace("sequence: \n", ""));
  }

  private static final String BY_PLACE = "{series: /0, timestamp: /1, features: [/2]}";
  private static final String BY_NAME =
      "{series: sym, timestamp: {field: at, zone: UTC}, features: [px]}";

  @Test
  void aFileWithoutAHeaderStopsCheckAndRun() throws IOException {
    write("in.csv", "s1,1700000000000,21.5\ns1,1700000060000,22.5\ns1,1700000120000,23.5\n");
    Path pipeline = pipeline("in.csv", BY_PLACE, "", "echo1.onnx");
    String problem =
        "source.file: in.csv:1: the first line reads as a record (timestamp /1 is 1700000000000),"
            + " expected the names of the columns";
    for (String command : List.of("check", "run")) {
      Said said = said(command, pipeline);
      assertEquals(1, said.code(), said.toString());
      assertTrue(said.err().startsWith(problem), said.err());
      assertFalse(said.out().contains("ran p"), said.out());
    }
    write("in.csv", "series,at,value\ns1,1700000000000,21.5\ns1,1700000060000,22.5\n");
    assertEquals(0, said("check", pipeline).code());
    assertEquals("ran p\n", said("run", pipeline).out());
  }

  @Test
  void oneFileOfAFolderWithoutAHeaderStopsIt() throws IOException {
    for (int i = 1; i <= 9; i++) {
      write("d/" + i + ".csv", (i == 1 ? "s,t,x\n" : "") + "s1,170000000" + i + "000,1\n");
    }
    Said said = said("check", pipeline("d", BY_PLACE, "", "echo1.onnx"));
    assertEquals(1, said.code());
    List<String> problems = said.err().lines().toList();
    assertEquals(6, problems.size(), said.err());
    assertTrue(problems.get(0).startsWith("source.file: 2.csv:1: "), said.err());
    assertEquals("source.file: and 3 more files without a header", problems.get(5));
  }

  /** The first file has its header; the rows of the others would all be rejected. */
  @Test
  void aFileWhoseFirstLineNamesNoColumnStopsCheckAndRun() throws IOException {
    write("d/1.csv", "sym,at,px\nA,2024-01-02,1\n");
    write("d/2.csv", "A,2024-01-03,2\nA,2024-01-04,3\n");
    write("d/3.csv", "sym;at;px\nA;2024-01-05;4\n");
    write("d/4.csv", "\n");
    write("d/5.csv", "px,note,sym\n5,x,A\n");
    Path pipeline = pipeline("d", BY_NAME, "", "echo1.onnx");
    String expected = ", expected the names of the columns, sym, at, px among them";
    for (String command : List.of("check", "run")) {
      Said said = said(command, pipeline);
      assertEquals(1, said.code(), said.toString());
      assertEquals(
          List.of(
              "source.file: 2.csv:1: the first line is A,2024-01-03,2"
                  + expected
                  + ". If no file has such a line, say source.format: {csv: {header: false}} and call the"
                  + " columns /0, /1 and so on, or name them there: header: [a, b]; else put one in front"
                  + " of it, or move the file away",
              "source.file: 3.csv:1: the first line is sym;at;px"
                  + expected
                  + ". ';' occurs 2 times in each of the first 2 lines: say source.format: {csv:"
                  + " {delimiter: \";\"}}"),
          said.err().lines().filter(line -> line.startsWith("source.file: ")).toList());
      assertFalse(said.out().contains("ran p"), said.out());
    }
    write("d/2.csv", "sym,at,px\nA,2024-01-03,2\n");
    write("d/3.csv", "sym,at,px\nA,2024-01-05,4\n");
    assertEquals(0, said("check", pipeline).code());
    assertEquals("ran p\n", said("run", pipeline).out());
  }

  @Test
  void aSourceWithoutARecordIsAWarning() throws IOException {
    Files.createDirectories(folder.resolve("d"));
    Path pipeline = pipeline("d", BY_NAME, "", "echo1.onnx");
    String why = ", expected one at least: a run ends at once, without a result";
    assertEquals(List.of("source.file: found no record in d (no file)" + why), warnings(pipeline));
    write("d/1.csv", "sym,at,px\n");
    assertEquals(List.of("source.file: found no record in d (1 file)" + why), warnings(pipeline));
    write("d/2.csv", "sym,at,px\n\n");
    assertEquals(List.of("source.file: found no record in d (2 files)" + why), warnings(pipeline));
    write("d/3.csv", "sym,at,px\n\nA,2024-01-02,1\n");
    assertEquals(List.of(), warnings(pipeline));
    write("in.jsonl", "");
    assertEquals(
        List.of("source.file: found no record in in.jsonl (1 file)" + why),
        warnings(json("{series: s, timestamp: t, features: [x, y]}")));
  }

  @Test
  void aPackedFileIsReadUnpackedForItsHeader() throws IOException {
    Path file = folder.resolve("in.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("sym,at,px\nA,2024-01-02,10\nA,2024-01-03,11\n".getBytes(StandardCharsets.UTF_8));
    }
    Said said = said("check", pipeline("in.csv.gz", BY_NAME, "", "echo1.onnx"));
    assertEquals(0, said.code(), said.toString());
    assertEquals(List.of(), said.lines("warning: source.file"), said.out());
    Said missing =
        said(
            "check",
            pipeline(
                "in.csv.gz", BY_NAME.replace("[px]", "[px], keep: {n: nt}"), "", "echo1.onnx"));
    assertEquals(
        List.of(
            "warning: observation.keep: found no column 'nt' in in.csv.gz, expected one of sym, at,"
                + " px"),
        missing.lines("warning: observation.keep"));
  }

  private static String bySymbol() {
    StringBuilder text = new StringBuilder("sym,at,px\n");
    for (int i = 0; i < 20; i++) {
      text.append("%s,2024-01-%02d,%d\n".formatted(i < 10 ? "A" : "B", 2 + i % 10, 10 + i));
    }
    return text.toString();
  }

  @Test
  void aFileSortedBySeriesInTheOrderOfEventTime() throws IOException {
    write("in.csv", bySymbol());
    String arrival = "{idle-timeout: 3 d}";
    String sorted = "{order: event-time, max-delay: 1 d}";
    String late = "{order: event-time, max-delay: 1 d, idle-timeout: 3 d}";
    for (String fine : List.of(arrival, sorted, late.replace("max-delay: 1 d", "max-delay: 9 d"))) {
      Said said = said("check", pipeline("in.csv", BY_NAME, fine, "echo1.onnx"));
      assertEquals(0, said.code(), said.toString());
      assertEquals(List.of(), said.lines("warning: "), fine);
    }
    Path pipeline = pipeline("in.csv", BY_NAME, late, "echo1.onnx");
    String warning =
        "warning: sequence.order: event-time: 5 of 20 records would be late, the first of them at"
            + " in.csv:12: series 'B' at 2024-01-02T00:00:00Z, up to 9 d behind the newest time"
            + " before it. Use order: arrival where each series is in order in itself (a file sorted"
            + " by series is), sort the file by time, or set sequence.max-delay to 9 d";
    assertEquals(List.of(warning), said("check", pipeline).lines("warning: "));
    Said run = said("run", pipeline);
    assertTrue(run.err().contains(warning), run.err());
    assertEquals("ran p\n", run.out());
  }

  @Test
  void timestampsThatGoBackFromFileToFile() throws IOException {
    write("d/new.csv", "sym,at,px\nA,2024-01-03,1\nB,2024-01-03,1\n");
    write("d/old.csv", "sym,at,px\nC,2024-01-02,1\nB,2024-01-02,1\n");
    assertEquals(
        List.of(
            "warning: source.file: timestamps of series 'B' go back from new.csv:3"
                + " (2024-01-03T00:00:00Z) to old.csv:3 (2024-01-02T00:00:00Z): files are read in the"
                + " order of their names, numbers by value. Rename them in the order of time, or use"
                + " sequence.order: event-time"),
        said("check", pipeline("d", BY_NAME, "", "echo1.onnx")).lines("warning: "));
    // A file per series goes back for nobody.
    write("d/old.csv", "sym,at,px\nC,2024-01-02,1\nC,2024-01-03,1\n");
    assertEquals(
        List.of(), said("check", pipeline("d", BY_NAME, "", "echo1.onnx")).lines("warning: "));
  }

  @Test
  void aFolderStepsInNaturalOrder() throws IOException {
    for (int part : new int[] {1, 10, 11, 2, 9}) {
      write(
          "d/part-" + part + ".csv",
          "sym,at,px\nx,2026-03-02T%02d:00:00Z,%d\n".formatted(part, part));
    }
    String withDelta = BY_NAME.replace("[px]", "[px, {time-delta: h}]");
    String[] expected = {"[1.0] ", "[2.0] ", "[9.0] ", "[10.0] ", "[11.0] "};
    String[] hours = {"y1 0.0", "y1 1.0", "y1 7.0", "y1 1.0", "y1 1.0"};
    for (String order : List.of("", "{order: event-time, max-delay: 1 h}")) {
      Said said = said("check", pipeline("d", withDelta, order, "echo2.onnx"));
      List<String> first = said.lines("  part-");
      assertEquals(5, first.size(), said.out());
      for (int i = 0; i < 5; i++) {
        assertTrue(first.get(i).contains(expected[i]), first.get(i));
        assertTrue(first.get(i).contains(hours[i]), first.get(i));
      }
    }
  }

  @Test
  void firstRecordsAreShownInTheOrderInWhichTheyStep() throws IOException {
    write(
        "in.csv",
        """
        sym,at,px
        x,2026-03-02T10:00:00.000900000Z,2
        x,2026-03-02T10:00:00.000100000Z,1
        x,2026-03-02T10:00:01Z,3
        """);
    Said said =
        said(
            "check",
            pipeline("in.csv", BY_NAME, "{order: event-time, max-delay: 1 s}", "echo1.onnx"));
    assertTrue(
        said.out()
            .contains("first records, as the job sees them, in the order in which they step\n"),
        said.out());
    assertEquals(
        List.of("y0 1.0, y1 1.0", "y0 2.0, y1 2.0", "y0 3.0, y1 3.0"),
        said.lines("  in.csv").stream().map(line -> line.replaceAll(".*-> ", "")).toList());
  }

  @Test
  void aRecordsOwnResultComesAfterTheStepsThatFillTheGapBeforeIt() throws IOException {
    write("in.csv", "sym,at,px\nm,1700000000000,1\nm,1700000180000,4\nm,1700000240000,5\n");
    Said said =
        said(
            "check",
            pipeline(
                "in.csv",
                BY_NAME,
                "{gap: {expect: 1 min, fill: previous, at-most: 5}}",
                "echo1.onnx"));
    assertEquals(
        List.of(
            "in.csv:2 y0 1.0, y1 1.0",
            "filled y0 1.0, y1 2.0",
            "filled y0 1.0, y1 3.0",
            "in.csv:3 y0 4.0, y1 4.0",
            "in.csv:4 y0 5.0, y1 5.0"),
        said.out()
            .lines()
            .filter(line -> line.matches(" +(in.csv|filled).* -> .*"))
            .map(line -> line.replaceAll("^ *(\\S+) .* -> ", "$1 "))
            .toList());
  }

  @Test
  void recordsThatHaveNothingToDoWithEachOther() throws IOException {
    write("in.csv", "at,px\n2024-01-02,10\n2024-01-03,11\n");
    String alone =
        " of its own, of one step: the model never remembers the record before. Name a field that"
            + " records of one series have in common";
    for (String series : List.of("at", "px")) {
      assertEquals(
          List.of(
              "warning: observation.series: each of the 2 records of the source is a series"
                  + alone),
          said("check", pipeline("in.csv", BY_NAME.replace("sym", series), "", "echo1.onnx"))
              .lines("warning: "));
    }
    write("in.csv", "sym,at,px\nA,2024-01-02,10\nA,2024-01-03,11\n");
    assertEquals(
        List.of("warning: sequence.by: each of the 2 records of the source is a sequence" + alone),
        said("check", pipeline("in.csv", BY_NAME, "{by: at}", "echo1.onnx")).lines("warning: "));
    assertEquals(
        List.of(), said("check", pipeline("in.csv", BY_NAME, "", "echo1.onnx")).lines("warning: "));
  }

  /** The warnings of {@code check} and {@code run}, which are the same. */
  private List<String> warnings(Path pipeline) {
    Said check = said("check", pipeline);
    List<String> warnings = check.lines("warning: ");
    assertEquals(
        warnings,
        said("run", pipeline).err().lines().filter(line -> line.startsWith("warning: ")).toList());
    return warnings.stream().map(line -> line.substring("warning: ".length())).toList();
  }

  private Path json(String observation) throws IOException {
    Path pipeline = pipeline("in.jsonl", observation, "", "echo2.onnx");
    return Files.writeString(
        pipeline, Files.readString(pipeline).replace("format: csv", "format: json"));
  }

  /** Feed 34: the print of a market's close. */
  @Test
  void recordsAtTheMomentOfTheClose() throws IOException {
    write(
        "in.csv",
        """
        sym,at,px
        A,2026-03-06T20:59:00Z,100
        A,2026-03-06T21:00:00Z,101
        A,2026-03-09T19:59:00Z,110
        A,2026-03-09T20:00:00Z,111
        """);
    String close = "{close-at: {time: \"16:00\", zone: America/New_York}}";
    assertEquals(
        List.of(
            "sequence.close-at: 2 records looked at are at the very moment of the close, the first"
                + " of them in.csv:3 (2026-03-06T21:00:00Z): such a record opens the next sequence."
                + " If it belongs to the day that closes, say {time: \"16:00\", zone:"
                + " America/New_York, inclusive: true}; if later ones do too, say margin"),
        warnings(pipeline("in.csv", BY_NAME, close, "echo1.onnx")));
    for (String ours : List.of("inclusive: true", "margin: 10 s")) {
      String later = close.replace("}}", ", " + ours + "}}");
      assertEquals(List.of(), warnings(pipeline("in.csv", BY_NAME, later, "echo1.onnx")), ours);
    }
    String wallClock = close.replace("{close", "{clock: processing, close");
    assertEquals(List.of(), warnings(pipeline("in.csv", BY_NAME, wallClock, "echo1.onnx")));
  }

  /** Feed 36. */
  @Test
  void countersThatStartAnew() throws IOException {
    String difference = BY_NAME.replace("[px]", "[{time-delta: s}, {field: px, transform: diff}]");
    String start = "sym,at,px\n";
    String[] days = new String[6];
    for (int i = 0; i < 6; i++) {
      days[i] = "m,2024-01-0" + (i + 1) + ",";
    }
    write(
        "in.csv",
        start + days[0] + "100\n" + days[1] + "150\n" + days[2] + "220\n" + days[3] + "5\n"
            + days[4] + "60\n");
    assertEquals(
        List.of(
            "observation.features[1]: px rises, but for 1 fall, the first of them at in.csv:5 (5.0"
                + " after 220.0): if it is a counter that starts anew, its difference there is no"
                + " increase. Let its producer write increases"),
        warnings(pipeline("in.csv", difference, "", "echo2.onnx")));
    // Where another sequence opens, nothing is told as a difference.
    for (String closing :
        List.of("{idle-timeout: 1 d}", "{close-at: {time: \"12:00\", zone: UTC}}")) {
      assertFalse(
          warnings(pipeline("in.csv", difference, closing, "echo2.onnx")).stream()
              .anyMatch(line -> line.contains("starts anew")),
          closing);
    }
    List<List<Integer>> others =
        List.of(
            List.of(100, 150, 220, 190, 260),
            List.of(3, 4, 5, 6, 2),
            List.of(-9, 150, 220, 5, 60),
            List.of(5, 4, 3, 2, 1));
    for (List<Integer> other : others) {
      StringBuilder text = new StringBuilder(start);
      for (int i = 0; i < other.size(); i++) {
        text.append(days[i]).append(other.get(i)).append('\n');
      }
      write("in.csv", text.toString());
      boolean resets = other.equals(List.of(3, 4, 5, 6, 2));
      assertEquals(
          resets ? 1 : 0,
          warnings(pipeline("in.csv", difference, "", "echo2.onnx")).size(),
          other.toString());
    }
  }

  /** Feed 43: readings and alarms in one file. */
  @Test
  void recordsOfSeveralKinds() throws IOException {
    String alarm = "{\"type\":\"alarm\",\"s\":\"a\",\"t\":1700000000500,\"v\":1,\"w\":2}\n";
    write(
        "in.jsonl",
        alarm.replace("alarm", "temp").replace("500,", "000,")
            + alarm
            + alarm.replace("alarm", "temp").replace("500,", "900,"));
    String fields = "{series: s, timestamp: t, features: [v, w]}";
    assertEquals(
        List.of(
            "type: records of series 'a' have 'temp', 'alarm' there, nothing reads it, and each of"
                + " them is a step. Where one kind is no observation, let their producer write it"
                + " elsewhere"),
        warnings(json(fields)));
    assertEquals(
        List.of(), warnings(json(fields.replace("]}", "], keep: {kind: type}}"))), "it is read");
    write("in.jsonl", alarm + alarm.replace("alarm", "temp").replace("\"a\"", "\"b\""));
    assertEquals(
        List.of(),
        warnings(json(fields)).stream().filter(w -> w.startsWith("type")).toList(),
        "a kind for each series");
    write("in.jsonl", alarm + alarm.replace("alarm", "temp").replace("\"v\"", "\"none\""));
    assertEquals(List.of(), warnings(json(fields)), "what is rejected is told elsewhere");
  }

  /** Feed 14: places beyond the only column. */
  @Test
  void columnsThatBlanksSetApart() throws IOException {
    write("in.csv", "1 1 518.67\n1 2 642.15\n");
    Said said = said("check", pipeline("in.csv", BY_PLACE, "", "echo1.onnx"));
    assertEquals(1, said.code());
    assertTrue(
        said.err()
            .contains(
                "/1: expected epoch milliseconds or ISO-8601, found no such column; the header is"
                    + " \"1 1 518.67\", apart by blanks: say source.format: {csv: {delimiter:"
                    + " blanks}}"),
        said.err());
  }

  /** Feeds 14, 20, 46 and 70: with what the messages say, the file is read. */
  @Test
  void eachWayOutIsOne() throws IOException {
    String at = ",2024-01-02";
    assertWayOut("sym;at;px\nA;2024-01-02;1\n", "delimiter: \";\"");
    assertWayOut("sym\tat\tpx\nA\t2024-01-02\t1\n", "delimiter: tab");
    assertWayOut("sym at  px\nA 2024-01-02  1\n", "delimiter: blanks");
    assertWayOut("sep=,\nsym,at,px\nA" + at + ",1\n", "skip: 1");
    assertWayOut("# by x\nsym,at,px\nA" + at + ",1\n", "comment: \"#\"");
    assertWayOut("Export\n\nsym,at,px\nA" + at + ",1\n", "skip: 2");
    assertWayOut("sym,at,px\nA" + at + ",\"1,5\"\n", "decimal: \",\"");
    assertWayOut("sym,at,px\nA" + at + ",\"1,234.5\"\n", "thousands: \",\"");
    assertWayOut("sym,at,px\nA" + at + ",\"1.234,5\"\n", "decimal: \",\", thousands: \".\"");
  }

  /** {@code check} fails and names a setting, with which {@code check} and {@code run} do not. */
  private void assertWayOut(String text, String setting) throws IOException {
    write("in.csv", text);
    Path pipeline = pipeline("in.csv", BY_NAME, "", "echo1.onnx");
    Said said = said("check", pipeline);
    assertEquals(1, said.code(), said.toString());
    assertTrue(said.err().contains("ay source.format: {csv: {" + setting + "}}"), said.err());
    String csv =
        Files.readString(pipeline).replace("format: csv", "format: {csv: {" + setting + "}}");
    Files.writeString(pipeline, csv);
    Said again = said("check", pipeline);
    assertEquals(0, again.code(), again.toString());
    assertEquals(List.of(), again.lines("warning: "), setting);
    assertTrue(again.out().contains("csv {" + setting + "}"), again.out());
    assertEquals("ran p\n", said("run", pipeline).out());
  }

  /** Feed 46. */
  @Test
  void aHeaderWithBlanks() throws IOException {
    write("in.csv", "sym, at, px\nm, 1700000000000, 1\n");
    Said said =
        said(
            "check",
            pipeline(
                "in.csv",
                BY_NAME.replace("[px]", "[{field: px, missing: previous}]"),
                "",
                "echo1.onnx"));
    assertEquals(0, said.code(), said.toString());
    assertEquals(List.of(), said.lines("warning: "));
    assertTrue(said.out().contains("in.csv:2  m  2023-11-14T22:13:20Z  [1.0]"), said.out());
  }

  /** Feed 03: a message of several trades. */
  @Test
  void elementsThatNothingReads() throws IOException {
    write(
        "in.jsonl",
        """
        {"data":[{"symbol":"AAA","price":100.5,"qty":1,"at":1772445600396},{"symbol":"BBB","price":7.5,"qty":2,"at":1772445600397}]}
        {"channel":"heartbeat"}
        {"data":[{"symbol":"AAA","price":101.5,"qty":3,"at":1772445601396}]}
        """);
    String first = "{series: /data/0/symbol, timestamp: /data/0/at, features: [/data/0/price, ";
    assertEquals(
        List.of(
            "/data: of the array the pipeline reads 0 alone; it has more elements, which nothing"
                + " reads, in 1 of the records looked at, the first of them in.jsonl:1 (2 elements)."
                + " A record is one observation: let its producer write a record for each element"),
        warnings(json(first + "/data/0/qty]}")));
    assertEquals(
        List.of(),
        warnings(json(first + "{field: /data/1/price, missing: previous}]}")),
        "both are read");
  }

  /** A position is a tuple, and its third number no record. */
  @Test
  void numbersThatNothingReads() throws IOException {
    write("in.jsonl", "{\"s\":\"a\",\"t\":1772445600396,\"position\":[1.5,2.5,3.5]}\n");
    assertEquals(
        List.of(),
        warnings(json("{series: s, timestamp: t, features: [/position/0, /position/1]}")));
  }

  /** Feed 08: metrics with names, in any order. */
  @Test
  void elementsThatChangeTheirPlaces() throws IOException {
    String one =
        "{\"t\":%d,\"m\":[{\"n\":\"%s\",\"k\":\"F\",\"v\":1},{\"n\":\"%s\",\"k\":\"F\",\"v\":2}]}\n";
    String metrics = "{series: /m/0/k, timestamp: t, features: [/m/0/v, /m/1/v]}";
    write(
        "in.jsonl",
        one.formatted(1772445600000L, "temp", "hum")
            + one.formatted(1772445601000L, "hum", "temp"));
    assertEquals(
        List.of(
            "/m: the elements of the array change their places, and the pipeline reads 0, 1 by"
                + " place: found n 'hum' at 1 and, in in.jsonl:2, at 0. Let their producer write"
                + " them in one order, or as fields with names"),
        warnings(json(metrics)));
    write(
        "in.jsonl",
        one.formatted(1772445600000L, "temp", "hum")
            + one.formatted(1772445601000L, "temp", "hum"));
    assertEquals(List.of(), warnings(json(metrics)));
  }

  /** Feeds 02, 05, 60: candles in the making, corrections, a row for each quantity. */
  @Test
  void mostRecordsShareTheirSeriesAndTime() throws IOException {
    String shared = "sym,at,px\nA,2024-01-02,20.5\nA,2024-01-02,60\nB,2024-01-02,1\n";
    write("in.csv", shared);
    assertEquals(
        List.of(
            "observation.timestamp: 2 of 3 records looked at have the series and the time of"
                + " another, the first of them in.csv:2: each is a step of its own. If they are the"
                + " parts of one observation (a row for each quantity), or one that is sent again (a"
                + " candle in the making, a correction), make them one record before they come"
                + " here"),
        warnings(pipeline("in.csv", BY_NAME, "", "echo1.onnx")));
    write("in.csv", shared + "B,2024-01-03,1\n");
    assertEquals(List.of(), warnings(pipeline("in.csv", BY_NAME, "", "echo1.onnx")));
  }

  /** Feed 30: the end of summer time. */
  @Test
  void localTimesThatTheirZoneHasTwice() throws IOException {
    write(
        "in.csv",
        """
        sym,at,px
        A,2026-10-25 01:45,1
        A,2026-10-25 02:00,2
        A,2026-10-25 02:30,3
        A,2026-10-25 02:00,4
        A,2026-10-25 03:00,5
        """);
    String berlin = BY_NAME.replace("UTC", "Europe/Berlin");
    assertEquals(
        List.of(
            "observation.timestamp: 3 records are of an hour that the zone has twice, as the clock"
                + " is put back, the first of them in.csv:3 (2026-10-25 02:00): each is read as the"
                + " earlier one. Let their producer write times with an offset"),
        warnings(pipeline("in.csv", berlin, "", "echo1.onnx")));
    assertEquals(
        List.of(), warnings(pipeline("in.csv", BY_NAME, "", "echo1.onnx")), "UTC has no such hour");
  }

  /** Feed 20: an export with a decimal comma. */
  @Test
  void aThousandThatReadsAsOne() throws IOException {
    String dots = "sym,at,px\nA,2026-10-25 01:00,1.000\nA,2026-10-25 02:00,1.234\n";
    Path pipeline = pipeline("in.csv", BY_NAME, "", "echo1.onnx");
    write("in.csv", dots);
    assertEquals(List.of(), warnings(pipeline));
    write("in.csv", dots + "A,2026-10-25 03:00,\"1.000,5\"\n");
    assertEquals(
        List.of(
            "px: in.csv:2 (1.000) is read as a number of three decimals, and other records have a"
                + " comma, as in.csv:4 (1.000,5): if the comma is the sign of decimals, the dot sets"
                + " thousands apart. Say source.format: {csv: {decimal: \",\", thousands:"
                + " \".\"}}"),
        warnings(pipeline));
  }

  @Test
  void whatNeverEndsIsNotRead() throws IOException {
    Said source = said("check", pipeline("/dev/zero", BY_NAME, "", "echo1.onnx"));
    assertEquals(1, source.code());
    assertTrue(source.err().contains("/dev/zero is a device or a pipe"), source.err());
    Said file = said("check", Path.of("/dev/zero"));
    assertEquals(1, file.code());
    assertEquals("/dev/zero: found a pipe or a device, expected a pipeline file\n", file.err());
    Files.createSymbolicLink(folder.resolve("zero.csv"), Path.of("/dev/zero"));
    Files.createDirectories(folder.resolve("d"));
    Files.createSymbolicLink(folder.resolve("d/zero.csv"), Path.of("/dev/zero"));
    Said within = said("check", pipeline("d", BY_NAME, "", "echo1.onnx"));
    assertEquals(1, within.code());
    assertTrue(
        within.err().contains("d/zero.csv: found a pipe or a device, expected a file"),
        within.err());
  }

  /** Opening one waits for its writer, who may never come. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (String command : List.of("check", "run")) {
      Said said = said(command, pipe);
      assertEquals(1, said.code());
      assertTrue(
          said.err().endsWith("pipe: found a pipe or a device, expected a pipeline file\n"),
          said.err());
    }
    Said model = said("inspect", pipe);
    assertEquals(1, model.code());
    assertTrue(
        model.err().endsWith("pipe: found a pipe or a device, expected an ONNX model\n"),
        model.err());
  }

  @Test
  void whatCannotBeWrittenFails() throws IOException {
    Path pipeline = pipeline("in.csv", BY_NAME, "", "echo1.onnx");
    write("in.csv", "s,ts,px\nA,2026-10-25 01:00,1\n");
    StringWriter err = new StringWriter();
    CommandLine cli =
        Cli.commandLine(
                (job, options, progress, results) -> {
                  results.println("ran");
                  return 0;
                })
            .setOut(new PrintWriter(new FullDisk()))
            .setErr(new PrintWriter(err, true));
    for (String command : List.of("check", "run")) {
      err.getBuffer().setLength(0);
      assertEquals(1, Cli.execute(cli, command, pipeline.toString()));
      assertTrue(
          err.toString()
              .endsWith(
                  "unroll: standard output could not be written: its results are missing"
                      + System.lineSeparator()),
          err.toString());
    }
    assertEquals(1, Cli.execute(cli, "help"));
    assertEquals(2, Cli.execute(cli, "check"));
  }

  /** Takes nothing. */
  private static final class FullDisk extends Writer {
    @Override
    public void write(char[] text, int from, int length) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aFileThatIsNoPipelineIsToldInAFewLines() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("k").append(i).append(": some text that nobody asked for\n");
    }
    Said said = said("check", write("p.yaml", text.toString()));
    assertEquals(1, said.code());
    List<String> lines = said.err().lines().toList();
    assertEquals(21, lines.size(), said.err());
    assertTrue(lines.get(20).matches("and 2\\d,\\d{3} more|and 19,9\\d\\d more"), lines.get(20));
    assertTrue(said.err().length() < 100_000, said.err().length() + " characters");
  }

  @Test
  void helpIsACommand() {
    StringWriter out = new StringWriter();
    int code =
        Cli.commandLine(
                (job, options, progress, results) -> {
                  results.println("ran");
                  return 0;
                })
            .setOut(new PrintWriter(out, true))
            .execute("help", "verify");
    assertEquals(0, code);
    assertTrue(out.toString().contains("--expected"), out.toString());
  }
}
