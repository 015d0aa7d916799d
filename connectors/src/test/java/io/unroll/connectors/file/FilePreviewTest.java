package io.unroll.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePreviewTest {

  @TempDir private Path folder;

  private static List<String> first(Path path, int count) throws IOException {
    ObservationFields fields =
        new ObservationFields(
            List.of(FieldPath.parse("s")),
            new TimestampField(FieldPath.parse("t"), null, null),
            List.of(FieldPath.parse("x")),
            null,
            List.of());
    ObservationReader reader =
        new ObservationReader(new CsvFormat(), fields, TimestampBounds.DEFAULT, true);
    return FilePreview.first(path, reader, count).stream().map(FilePreviewTest::show).toList();
  }

  private static String show(Reading reading) {
    return reading.observation != null
        ? reading.observation.input() + " " + reading.observation.features[0]
        : reading.rejected.input + " " + reading.rejected.reason;
  }

  private static String csv(String end, int... xs) {
    StringBuilder text = new StringBuilder("s,t,x").append(end);
    for (int x : xs) {
      text.append("a,1700000000000,").append(x).append(end);
    }
    return text.toString();
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void readsNoMoreThanAskedFor() throws IOException {
    Path file = write("in put.csv", csv("\r\n", 1, 2, 3));
    assertEquals(List.of("in put.csv:2 1.0", "in put.csv:3 2.0"), first(file, 2));
    assertEquals(3, first(file, 4).size());
    assertEquals(List.of(), first(file, 0));
  }

  @Test
  void unpacks() throws IOException {
    Path file = folder.resolve("in.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(csv("\n", 1).getBytes(UTF_8));
    }
    assertEquals(List.of("in.csv.gz:2 1.0"), first(file, 5));
  }

  @Test
  void aCarriageReturnAloneEndsNoLine() throws IOException {
    Path file = write("in.csv", csv("\r", 1, 2));
    assertEquals(
        List.of(
            "in.csv:1 the header in line 1: expected one line of CSV, found a second one:"
                + " s,t,x\ra,1700000000000,1\ra,1700000000000,2"),
        first(file, 5));
  }

  @Test
  void readsAFolderInTheOrderOfTheSource() throws IOException {
    write("a/1.csv", csv("\n", 1));
    write("a.csv", csv("\n", 2));
    write("B.csv", csv("\n", 3));
    write("a-b.csv", csv("\n", 4));
    assertEquals(
        List.of("B.csv:2 3.0", "a-b.csv:2 4.0", "a.csv:2 2.0", "a/1.csv:2 1.0"), first(folder, 5));
  }

  @Test
  void readsNumbersInNamesByTheirValue() throws IOException {
    for (int part : new int[] {1, 10, 11, 2, 9}) {
      write("part-" + part + ".csv", csv("\n", part));
    }
    write("part-010.csv", csv("\n", 100));
    assertEquals(
        List.of(
            "part-1.csv:2 1.0",
            "part-2.csv:2 2.0",
            "part-9.csv:2 9.0",
            "part-010.csv:2 100.0",
            "part-10.csv:2 10.0",
            "part-11.csv:2 11.0"),
        first(folder, 9));
  }

  private static ObservationReader byPlace(TimestampBounds bounds, TimestampField timestamp) {
    return new ObservationReader(
        new CsvFormat(),
        new ObservationFields(
            List.of(FieldPath.parse("/0")),
            timestamp,
            List.of(FieldPath.parse("/2")),
            null,
            List.of()),
        bounds,
        true);
  }

  private static ObservationReader byPlace() {
    return byPlace(TimestampBounds.DEFAULT, new TimestampField(FieldPath.parse("/1"), null, null));
  }

  @Test
  void aFirstLineThatIsARecordIsNotLost() throws IOException {
    write("a.csv", "s1,1700000000000,21.5\ns1,1700000060000,22.5\n");
    write("b.csv", "s,t,x\ns1,1700000120000,23.5\n");
    write("c.csv", "s1,2024-01-01T00:00:00Z,broken\n");
    write("d.csv", "");
    List<String> found = FilePreview.wrongHeaders(folder, byPlace());
    assertEquals(2, found.size(), found.toString());
    assertEquals(
        "a.csv:1: the first line reads as a record (timestamp /1 is 1700000000000), expected the"
            + " names of the columns, which are never data. If the file has no such"
            + " line, say source.format: {csv: {header: false}}; if these are the names, call the"
            + " columns so in the pipeline",
        found.get(0));
    assertTrue(found.get(1).startsWith("c.csv:1: "), found.get(1));
    // A run that comes to such a file rejects the line, and reads the others.
    assertEquals(
        List.of("a.csv:1 " + found.get(0).substring(9), "a.csv:2 22.5", "b.csv:2 23.5"),
        FilePreview.first(folder, byPlace(), 3).stream().map(FilePreviewTest::show).toList());
  }

  @Test
  void columnsThatThePipelineNamesAreNoRecord() throws IOException {
    Path file = write("in.csv", "s1,1700000000000,2\na,1700000060000,3\n");
    ObservationReader named =
        new ObservationReader(
            new CsvFormat(),
            new ObservationFields(
                List.of(FieldPath.parse("s1")),
                new TimestampField(FieldPath.parse("/1"), null, null),
                List.of(FieldPath.parse("/2")),
                null,
                List.of()),
            TimestampBounds.DEFAULT,
            true);
    assertEquals(List.of(), FilePreview.wrongHeaders(file, named));
    // Columns that are called by numbers, as data frames without names are written.
    Path numbers = write("numbers.csv", "0,1,2\na,1700000060000,3\n");
    assertEquals(List.of(), FilePreview.wrongHeaders(numbers, byPlace()));
  }

  @Test
  void cyclesThatCountFromOneAreARecord() throws IOException {
    ObservationReader cycles =
        byPlace(
            new TimestampBounds(java.time.Instant.EPOCH, TimestampBounds.DEFAULT.to(), null),
            new TimestampField(FieldPath.parse("/1"), TimestampField.Unit.SECONDS, null));
    assertEquals(
        1, FilePreview.wrongHeaders(write("in.csv", "1,1,518.67\n1,2,642.15\n"), cycles).size());
    assertEquals(
        0, FilePreview.wrongHeaders(write("named.csv", "u,1,temp\n1,2,642.15\n"), cycles).size());
  }

  @Test
  void leavesHiddenFilesOutUnlessNamed() throws IOException {
    Path hidden = write(".b.csv", csv("\n", 1));
    write("_c/d.csv", csv("\n", 2));
    write("e_/f.csv", csv("\n", 3));
    assertEquals(List.of("e_/f.csv:2 3.0"), first(folder, 5));
    assertEquals(List.of(".b.csv:2 1.0"), first(hidden, 5));
  }

  @Test
  void aLineTooLongToHoldIsRejected() throws IOException {
    Path file = write("in.csv", csv("\n", 1) + "x".repeat(ReadingFormat.LONGEST_LINE + 1));
    assertEquals(
        List.of(
            "in.csv:2 1.0",
            "in.csv:3 expected a line of at most 8388608 bytes, found 8388609 (raw holds the first"
                + " 1024)"),
        first(file, 5));
  }

  @Test
  void namesAMissingFile() {
    Path missing = folder.resolve("none.csv");
    assertEquals(
        missing.toString(),
        assertThrows(NoSuchFileException.class, () -> first(missing, 5)).getMessage());
  }
}
