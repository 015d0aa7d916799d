package io.unroll.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
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
        new ObservationReader(RecordFormat.CSV, fields, TimestampBounds.DEFAULT, true);
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
