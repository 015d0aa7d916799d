package io.unroll.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.EmbeddedFlink;
import io.unroll.connectors.FailOnce;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.csv.CsvCells;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.csv.CsvSettings;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObservationsITCase {

  @TempDir private Path folder;

  private static ObservationReader reader(Format format) {
    ObservationFields fields =
        new ObservationFields(
            List.of(FieldPath.parse("s")),
            new TimestampField(FieldPath.parse("t"), null, null),
            List.of(FieldPath.parse("x")),
            null,
            List.of());
    return new ObservationReader(format, fields, TimestampBounds.DEFAULT, true);
  }

  private static org.apache.flink.core.fs.Path flink(Path path) {
    return new org.apache.flink.core.fs.Path(path.toUri());
  }

  private static List<String> read(Path path, Format format) throws Exception {
    List<Reading> readings =
        EmbeddedFlink.collect(
            FileObservations.source(flink(path), reader(format)), ReadingWatermarks.none());
    List<String> seen = readings.stream().map(FileObservationsITCase::show).toList();
    List<Reading> preview = FilePreview.first(path, reader(format), Integer.MAX_VALUE);
    assertEquals(seen, preview.stream().map(FileObservationsITCase::show).toList(), "preview");
    return seen;
  }

  private static String show(Reading reading) {
    return reading.observation != null
        ? reading.observation.input() + " " + reading.observation.features[0]
        : reading.rejected.input + " " + reading.rejected.reason;
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private static String csv(double x) {
    return "a,1700000000000," + x;
  }

  private static String json(double x) {
    return "{\"s\":\"a\",\"t\":1700000000000,\"x\":" + x + "}";
  }

  @Test
  void readsAFileLineByLine() throws Exception {
    Path file =
        write(
            "in put.csv", "\ufeffs,t,x\r", csv(1) + "\r", "", "a,b", "a,1700000000000,\"2", csv(3));
    List<String> seen = read(file, new CsvFormat());
    assertEquals("in put.csv:2 1.0", seen.get(0));
    assertEquals("in put.csv:4 expected 3 columns as in the header, found 2: a,b", seen.get(1));
    assertTrue(seen.get(2).startsWith("in put.csv:5 not CSV: "), seen.get(2));
    assertEquals("in put.csv:6 3.0", seen.get(3));
    assertEquals(4, seen.size());
  }

  /** Feed 21: one record, whatever number of lines its text has. */
  @Test
  void aTextThatGoesOnInTheNextLineIsRejectedOnce() throws Exception {
    Path file =
        write(
            "in.csv",
            "s,t,x,k",
            csv(1) + ",x",
            csv(2) + ",\"two",
            "lines\"",
            csv(3) + ",\"two, ",
            "",
            " lines\r\"",
            csv(4) + ",\"stray",
            csv(5) + ",x",
            "short",
            csv(6) + ",\"open");
    List<String> seen = read(file, new CsvFormat());
    String once =
        " not CSV: Missing closing quote for value; a record is one line, and no text in quotes goes"
            + " on in the next one: a,1700000000000,";
    assertEquals(
        List.of(
            "in.csv:2 1.0",
            "in.csv:3" + once + "2.0,\"two",
            "in.csv:5" + once + "3.0,\"two, ",
            "in.csv:8" + once + "4.0,\"stray",
            "in.csv:9 5.0",
            "in.csv:10 expected 4 columns as in the header, found 1: short",
            "in.csv:11" + once + "6.0,\"open"),
        seen);
    List<Reading> readings = FilePreview.first(file, reader(new CsvFormat()), Integer.MAX_VALUE);
    assertEquals(
        csv(3) + ",\"two, \n\n lines\r\"",
        new String(readings.get(2).rejected.raw.value, UTF_8),
        "all of its lines");
  }

  /** Feeds 14 and 46: a job reads what the reader of a file reads. */
  @Test
  void readsAFileThatIsWrittenOtherwise() throws Exception {
    Path file =
        write("in.csv", "# by x", "", "s  t x", "a 1700000000000  1,5 ", "# more", "a 1 1 1", "");
    CsvFormat format =
        new CsvFormat(
            new CsvSettings.Builder().delimiter(CsvCells.BLANKS).comment("#").decimal(',').build());
    assertEquals(
        List.of("in.csv:4 1.5", "in.csv:6 expected 3 columns as in the header, found 4: a 1 1 1"),
        read(file, format));
  }

  /** What is no text of two lines after all is read line by line, however far it was looked. */
  @Tag("thorough")
  @Test
  void aLongLookForTheEndOfATextLosesNoLine() throws Exception {
    List<String> lines = new ArrayList<>(List.of("s,t,x,k", csv(1) + ",\"stray"));
    for (int i = 0; i < 300; i++) {
      lines.add("short" + i);
    }
    lines.add(csv(2) + ",x");
    List<String> seen = read(write("in.csv", lines.toArray(new String[0])), new CsvFormat());
    assertEquals(302, seen.size());
    assertEquals("in.csv:303 2.0", seen.get(301));
  }

  @Test
  void readsAFolderInPathOrderWithoutHiddenFiles() throws Exception {
    write("b.csv", "s,t,x", csv(4));
    write("a/z.csv", "x,t,s", "2,1700000000000,a");
    write("a/deep/y.csv", "s,t,x", csv(1));
    write("a.csv", "s,t,x", csv(3));
    write(".hidden.csv", "s,t,x", csv(9));
    write("_hidden/c.csv", "s,t,x", csv(9));
    Files.createFile(folder.resolve("c.csv"));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("d.csv.gz")))) {
      out.write(("s,t,x\n" + csv(5) + "\n").getBytes(UTF_8));
    }
    assertEquals(
        List.of(
            "a.csv:2 3.0", "a/deep/y.csv:2 1.0", "a/z.csv:2 2.0", "b.csv:2 4.0", "d.csv.gz:2 5.0"),
        read(folder, new CsvFormat()));
  }

  @Test
  void readsANamedFileEvenIfItsNameIsAHiddenOne() throws Exception {
    Path file = write("_named.jsonl", json(1), " ", json(2));
    assertEquals(List.of("_named.jsonl:1 1.0", "_named.jsonl:3 2.0"), read(file, new JsonFormat()));
  }

  @Test
  void aLineAboveTheLimitIsRejectedAndTheFileGoesOn() throws Exception {
    Path file = write("long.jsonl", json(1), "x".repeat(9 * 1024 * 1024), json(2));
    assertEquals(
        List.of(
            "long.jsonl:1 1.0",
            "long.jsonl:2 expected a line of at most 8388608 bytes, found 9437184 (raw holds the"
                + " first 1024)",
            "long.jsonl:3 2.0"),
        read(file, new JsonFormat()));
  }

  @Test
  void aRestoredJobContinuesAtTheVeryNextLine() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String name : List.of("1.csv", "2.csv.gz", "3.csv")) {
      Path file = folder.resolve("in").resolve(name);
      Files.createDirectories(file.getParent());
      try (OutputStream stored = Files.newOutputStream(file);
          OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(stored) : stored) {
        out.write("s,x,t\n".getBytes(UTF_8));
        for (int line = 2; line < 5000; line++) {
          boolean blank = line % 7 == 0;
          out.write((blank ? "\n" : "s\u00e9rie," + line + ",1700000000000\r\n").getBytes(UTF_8));
          if (!blank) {
            expected.add(name + ":" + line + " " + (float) line);
          }
        }
      }
    }
    // The failures fall into the first file, into the packed one and into the last.
    for (int enough : new int[] {1500, 6000, 10_500}) {
      Path out = folder.resolve("out" + enough);
      FailOnce<Reading> failing = new FailOnce<>(enough, 10);
      StreamExecutionEnvironment env = EmbeddedFlink.restartingOnce();
      env.fromSource(
              FileObservations.source(flink(folder.resolve("in")), reader(new CsvFormat())),
              ReadingWatermarks.none(),
              "source")
          .map(failing)
          .returns(Reading.class)
          .map(FileObservationsITCase::echo)
          .returns(Prediction.class)
          .sinkTo(
              FileOutputs.predictions(
                  flink(out), new OutputFormat(new CsvFormat(), List.of("x"), List.of())));
      env.execute();

      assertTrue(failing.hasFailed());
      List<Object> passed = failing.seen();
      assertTrue(
          passed.size() < expected.size() + enough,
          () -> "read from the start again: " + passed.size() + " of " + expected.size());
      assertEquals(
          expected.stream().sorted().toList(),
          parts(out).stream().sorted().toList(),
          "failed after " + enough);
    }
  }

  private static Prediction echo(Reading reading) {
    Prediction prediction = new Prediction();
    prediction.series = reading.observation.series;
    prediction.output = new float[] {(float) reading.observation.features[0]};
    prediction.origin = reading.observation.origin;
    prediction.position = reading.observation.position;
    return prediction;
  }

  /** "input x" of all lines in all parts; each part starts with a header, and all is committed. */
  private static List<String> parts(Path out) throws IOException {
    List<String> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path part : files.toList()) {
        if (part.getFileName().toString().startsWith(".")) {
          continue; // what the failure left behind, hidden from readers
        }
        assertTrue(part.getFileName().toString().matches("part-.*\\.csv"), part.toString());
        List<String> lines = Files.readAllLines(part);
        assertEquals("series,sequence,step,timestamp,kind,x,model,input", lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
          String[] columns = line.split(",", -1);
          records.add(columns[7] + " " + columns[5]);
        }
      }
    }
    return records;
  }
}
