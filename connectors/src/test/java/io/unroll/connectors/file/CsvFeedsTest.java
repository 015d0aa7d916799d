package io.unroll.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.csv.CsvCells;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.csv.CsvSettings;
import io.unroll.connectors.format.csv.Encoding;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people have them, read from their beginning and from each position of a checkpoint. */
class CsvFeedsTest {
  @TempDir private Path folder;

  /** A file and how it is read. */
  private record Feed(Path file, ObservationReader reader) {}

  private static CsvSettings.Builder settings() {
    return new CsvSettings.Builder();
  }

  private static TimestampField millis(String field) {
    return new TimestampField(FieldPath.parse(field), null, null);
  }

  private static ObservationReader reader(
      CsvSettings.Builder csv, String series, TimestampField timestamp, String... features) {
    return reader(csv, series, timestamp, List.of(), features);
  }

  private static ObservationReader reader(
      CsvSettings.Builder csv,
      String series,
      TimestampField timestamp,
      List<ObservationFields.Kept> keep,
      String... features) {
    return new ObservationReader(
        new CsvFormat(csv.build()),
        new ObservationFields(
            List.of(FieldPath.parse(series)),
            timestamp,
            Arrays.stream(features).map(FieldPath::parse).toList(),
            null,
            keep),
        new TimestampBounds(Instant.EPOCH, TimestampBounds.DEFAULT.to(), null),
        true);
  }

  private Path write(String name, Charset charset, String... lines) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream stored = Files.newOutputStream(file);
        OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(stored) : stored) {
      for (String line : lines) {
        out.write((line + "\n").getBytes(charset));
      }
    }
    return file;
  }

  private static String show(Reading reading) {
    Observation seen = reading.observation;
    return seen == null
        ? reading.rejected.input + " " + reading.rejected.reason
        : "%s %s %s %s%s"
            .formatted(
                seen.input(),
                seen.series,
                Instant.ofEpochMilli(seen.timestamp),
                Arrays.toString(seen.features),
                seen.keep == null ? "" : " " + String.join(" ", seen.keep));
  }

  /** What is read from the beginning; from each position on it is the same. */
  private static List<String> read(Feed feed) throws IOException {
    var file = new org.apache.flink.core.fs.Path(feed.file().toUri());
    ReadingFormat format = new ReadingFormat(FileNames.below(file), feed.reader());
    List<CheckpointedPosition> positions = new ArrayList<>();
    List<String> seen;
    try (var readings = format.createReader(new Configuration(), split(feed, null))) {
      seen = rest(readings, positions);
    }
    for (int i = 0; i < positions.size(); i++) {
      try (var readings =
          format.restoreReader(new Configuration(), split(feed, positions.get(i)))) {
        assertEquals(
            seen.subList(i + 1, seen.size()),
            rest(readings, new ArrayList<>()),
            "from " + positions.get(i));
      }
    }
    return seen;
  }

  private static FileSourceSplit split(Feed feed, CheckpointedPosition position)
      throws IOException {
    var file = new org.apache.flink.core.fs.Path(feed.file().toUri());
    long bytes = Files.size(feed.file());
    return new FileSourceSplit("one", file, 0, bytes, 0, bytes, new String[0], position);
  }

  private static List<String> rest(
      BulkFormat.Reader<Reading> readings, List<CheckpointedPosition> positions)
      throws IOException {
    List<String> seen = new ArrayList<>();
    for (var batch = readings.readBatch(); batch != null; batch = readings.readBatch()) {
      for (var next = batch.next(); next != null; next = batch.next()) {
        seen.add(show(next.getRecord()));
        positions.add(new CheckpointedPosition(next.getOffset(), next.getRecordSkipCount()));
      }
    }
    return seen;
  }

  /** Feed 14: the cycle is read as seconds since 1970 here. */
  @Test
  void cyclesOfEnginesWithoutAHeader() throws Exception {
    TimestampField cycle =
        new TimestampField(FieldPath.parse("/1"), TimestampField.Unit.SECONDS, null);
    Path blanks =
        write(
            "in.txt",
            UTF_8,
            "1 1 -0.0007 -0.0004 100.0 518.67 641.82  ",
            "1 2 0.0019 -0.0003 100.0 518.67 642.15  ",
            "2 1 0.0010 0.0001 100.0 518.67 641.50  ");
    assertEquals(
        List.of(
            "in.txt:1 1 1970-01-01T00:00:01Z [518.67, 641.82]",
            "in.txt:2 1 1970-01-01T00:00:02Z [518.67, 642.15]",
            "in.txt:3 2 1970-01-01T00:00:01Z [518.67, 641.5]"),
        read(
            new Feed(
                blanks,
                reader(
                    settings().delimiter(CsvCells.BLANKS).noHeader(), "/0", cycle, "/5", "/6"))));
    Path commas =
        write(
            "in.csv",
            UTF_8,
            "1,1,-0.0007,518.67,641.82",
            "1,2,0.0019,518.67,642.15",
            "1,3,0.0019,518.67,642.35",
            "2,1,0.0010,518.67,641.50");
    List<String> found =
        List.of(
            "in.csv:1 1 1970-01-01T00:00:01Z [518.67, 641.82]",
            "in.csv:2 1 1970-01-01T00:00:02Z [518.67, 642.15]",
            "in.csv:3 1 1970-01-01T00:00:03Z [518.67, 642.35]",
            "in.csv:4 2 1970-01-01T00:00:01Z [518.67, 641.5]");
    assertEquals(
        found, read(new Feed(commas, reader(settings().noHeader(), "/0", cycle, "/3", "/4"))));
    CsvSettings.Builder named = settings().header(List.of("unit", "cycle", "setting", "s1", "s2"));
    TimestampField byName =
        new TimestampField(FieldPath.parse("cycle"), TimestampField.Unit.SECONDS, null);
    assertEquals(found, read(new Feed(commas, reader(named, "unit", byName, "s1", "s2"))));
  }

  /** Feed 20, but for the pattern of its times, which are ISO here. */
  @Test
  void metersOfAGermanExport() throws Exception {
    TimestampField zeit =
        new TimestampField(FieldPath.parse("Zeit"), null, ZoneId.of("Europe/Berlin"));
    String[] lines = {
      "Z\u00e4hler;Zeit;Verbrauch\r", "Z1;2023-10-29 02:00;1,234\r", "Z1;2023-10-29 02:15;1.000,5\r"
    };
    CsvSettings.Builder german = settings().delimiter(';').decimal(',').thousands('.');
    List<String> found =
        List.of(
            "in.csv:2 Z1 2023-10-29T00:00:00Z [1.234]",
            "in.csv:3 Z1 2023-10-29T00:15:00Z [1000.5]");
    Path file = write("in.csv", UTF_8, "\ufeff" + lines[0], lines[1], lines[2]);
    assertEquals(found, read(new Feed(file, reader(german, "Z\u00e4hler", zeit, "Verbrauch"))));
    // The same as Windows writes it.
    Charset windows = Charset.forName("windows-1252");
    Files.write(file, String.join("\n", lines).getBytes(windows));
    assertEquals(
        found,
        read(
            new Feed(
                file,
                reader(
                    german.encoding(Encoding.of("windows-1252")),
                    "Z\u00e4hler",
                    zeit,
                    "Verbrauch"))));
    Path quoted =
        write(
            "in2.csv",
            UTF_8,
            "\ufeffZ\u00e4hler,Zeit,Verbrauch\r",
            "Z1,2023-10-29 01:00,\"1,234\"\r",
            "Z1,2023-10-29 01:15,\"1.000,5\"\r",
            "Z1,2023-10-29 01:30,1.000\r");
    assertEquals(
        List.of(
            "in2.csv:2 Z1 2023-10-28T23:00:00Z [1.234]",
            "in2.csv:3 Z1 2023-10-28T23:15:00Z [1000.5]",
            "in2.csv:4 Z1 2023-10-28T23:30:00Z [1000.0]"),
        read(
            new Feed(
                quoted,
                reader(settings().decimal(',').thousands('.'), "Z\u00e4hler", zeit, "Verbrauch"))));
  }

  /** Feed 21: the text of two lines is rejected once, with its way out. */
  @Test
  void packedWithAMarkAndQuotes() throws Exception {
    Path file =
        write(
            "in.csv.gz",
            UTF_8,
            "\ufeffid,at,v,note\r",
            "a,2024-01-01T00:00:00Z,\"1.5\",x\r",
            "a,2024-01-01T00:01:00Z,\"2.5\",\"two",
            "lines\"\r",
            "a,2024-01-01T00:02:00Z, 3.5 ,\"say \"\"hi\"\"\"\r");
    List<ObservationFields.Kept> note =
        List.of(new ObservationFields.Kept("note", FieldPath.parse("note")));
    List<String> seen = read(new Feed(file, reader(settings(), "id", millis("at"), note, "v")));
    assertEquals(3, seen.size(), seen.toString());
    assertEquals("in.csv.gz:2 a 2024-01-01T00:00:00Z [1.5] \"x\"", seen.get(0));
    assertTrue(seen.get(1).startsWith("in.csv.gz:3 not CSV: Missing closing quote"), seen.get(1));
    assertTrue(seen.get(1).contains("no text in quotes goes on in the next one"), seen.get(1));
    assertEquals("in.csv.gz:5 a 2024-01-01T00:02:00Z [3.5] \"say \\\"hi\\\"\"", seen.get(2));
  }

  /** Feed 45. */
  @Test
  void aFileWithoutAHeader() throws Exception {
    Path file =
        write(
            "in.csv",
            UTF_8,
            "s1,1700000000000,21.5,x",
            "s1,1700000060000,22.5,\"goes",
            "on\"",
            "s1,1700000120000,23.5");
    ObservationReader reader = reader(settings().noHeader(), "/0", millis("/1"), "/2");
    assertEquals(
        List.of(
            "in.csv:1 s1 2023-11-14T22:13:20Z [21.5]",
            "in.csv:2 not CSV: Missing closing quote for value; a record is one line, and no text in"
                + " quotes goes on in the next one: s1,1700000060000,22.5,\"goes",
            "in.csv:4 s1 2023-11-14T22:15:20Z [23.5]"),
        read(new Feed(file, reader)));
  }

  /** Feed 46. */
  @Test
  void commentsAndBlanksAndRaggedRows() throws Exception {
    String[] rows = {
      "id,at,v", "m,1700000000000,1,", "m,1700000001000", "id,at,v", "m,1700000002000,3"
    };
    List<String> lines = new ArrayList<>(List.of("# exported by x", "", "# \"at noon"));
    lines.addAll(List.of(rows));
    lines.add(5, "# a pause");
    Path file = write("in.csv.gz", UTF_8, lines.toArray(new String[0]));
    assertEquals(
        List.of(
            "in.csv.gz:5 m 2023-11-14T22:13:20Z [1.0]",
            "in.csv.gz:7 expected 3 columns as in the header, found 2: m,1700000001000",
            "in.csv.gz:9 m 2023-11-14T22:13:22Z [3.0]"),
        read(new Feed(file, reader(settings().comment("#"), "id", millis("at"), "v"))));
    Path blanks = write("blanks.csv", UTF_8, "id, at, v", "m, 1700000000000, 1");
    assertEquals(
        List.of("blanks.csv:2 m 2023-11-14T22:13:20Z [1.0]"),
        read(new Feed(blanks, reader(settings(), "id", millis("at"), "v"))));
  }

  /** Feeds 69 and 70. */
  @Test
  void tabsAndALineForSpreadsheets() throws Exception {
    Path tabs = write("in.tsv", UTF_8, "id\tat\tv", "x\t1700000000000\t1");
    assertEquals(
        List.of("in.tsv:2 x 2023-11-14T22:13:20Z [1.0]"),
        read(new Feed(tabs, reader(settings().delimiter('\t'), "id", millis("at"), "v"))));
    Path excel = write("in.csv", UTF_8, "sep=,", "id,at,v", "x,1700000000000,1");
    assertEquals(
        List.of("in.csv:3 x 2023-11-14T22:13:20Z [1.0]"),
        read(new Feed(excel, reader(settings().skip(1), "id", millis("at"), "v"))));
  }

  /** Feed 74: the day is the series here, as the file has no column for one. */
  @Test
  void thousandsAreApartByCommas() throws Exception {
    Path file = write("in.csv", UTF_8, "Date,Close,Change", "2024-01-02,\"1,234.50\",+1.5%");
    TimestampField day = new TimestampField(FieldPath.parse("Date"), null, ZoneId.of("UTC"));
    assertEquals(
        List.of("in.csv:2 2024-01-02 2024-01-02T00:00:00Z [1234.5]"),
        read(new Feed(file, reader(settings().thousands(','), "Date", day, "Close"))));
  }

  @Test
  void manyLinesAboveTheHeaderOfALargeFile() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      lines.add("# line " + i + " of what nobody reads");
    }
    lines.add("id;at;v");
    for (int i = 0; i < 300_000; i++) {
      lines.add("m;" + (1_700_000_000_000L + i) + ";1");
    }
    Path file = write("in.csv", UTF_8, lines.toArray(new String[0]));
    ObservationReader reader =
        reader(settings().delimiter(';').comment("#"), "id", millis("at"), "v");
    assertEquals(List.of(), FilePreview.wrongHeaders(file, reader));
    assertEquals(List.of(), FileLook.at(file, reader).oddities());
    assertEquals(
        "in.csv:3002 m 2023-11-14T22:13:20Z [1.0]",
        show(FilePreview.first(file, reader, 1).get(0)));
    assertEquals(List.of("id", "at", "v"), FilePreview.columns(file, reader).names());
    assertEquals(
        List.of("in.csv:1: the first line is # line 0 of what nobody reads, expected"),
        FilePreview.wrongHeaders(file, reader(settings().delimiter(';'), "id", millis("at"), "v"))
            .stream()
            .map(line -> line.substring(0, line.indexOf("expected") + 8))
            .toList());
  }
}
