package io.unroll.connectors.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.csv.CsvFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLookTest {
  @TempDir private Path folder;

  private static ObservationReader reader() {
    return new ObservationReader(
        new CsvFormat(),
        new ObservationFields(
            List.of(FieldPath.parse("s")),
            new TimestampField(FieldPath.parse("t"), null, null),
            List.of(FieldPath.parse("x")),
            null,
            List.of()),
        TimestampBounds.DEFAULT,
        false);
  }

  @Test
  void readsAllOfSmallFiles() throws IOException {
    Files.writeString(folder.resolve("10.csv"), "s,t,x\na,1700000000000,1\nbad\na,1700000001000,2");
    Files.writeString(folder.resolve("9.csv"), "x,t,s\n3,1700000002000,b\n");
    FileLook look = FileLook.at(folder, reader());
    assertTrue(look.whole());
    assertEquals(
        List.of("0 9.csv:2 b 3.0", "1 10.csv:2 a 1.0", "1 10.csv:4 a 2.0"),
        look.observations().stream()
            .map(
                l ->
                    l.file()
                        + " "
                        + l.place()
                        + " "
                        + l.observation().series
                        + " "
                        + l.observation().features[0])
            .toList());
  }

  /** A hundred series, one behind the other: the look goes through all of the file. */
  @Test
  void looksAtPartsOfALargeFileFromItsBeginningToItsEnd() throws IOException {
    Path file = folder.resolve("large.csv");
    int lines = 200_000;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("s,t,x\n");
      for (int i = 0; i < lines; i++) {
        out.write("s" + i / 2000 + "," + (1700000000000L + i % 2000) + "," + i + "\n");
      }
    }
    FileLook look = FileLook.at(file, reader());
    assertFalse(look.whole());
    List<FileLook.Looked> seen = look.observations();
    assertTrue(seen.size() < lines, seen.size() + " records");
    assertEquals(0, seen.get(0).observation().features[0]);
    assertEquals(lines - 1, seen.get(seen.size() - 1).observation().features[0]);
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(
          seen.get(i - 1).observation().features[0] <= seen.get(i).observation().features[0],
          "slices are in the order of the file, and whole lines");
    }
    assertTrue(seen.stream().map(l -> l.observation().series).distinct().count() > 50);
    assertEquals("large.csv", seen.get(seen.size() - 1).place());
  }

  @Test
  void unpacks() throws IOException {
    Path file = folder.resolve("in.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("s,t,x\na,1700000000000,1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    FileLook look = FileLook.at(file, reader());
    assertTrue(look.whole());
    assertEquals("in.csv.gz:2", look.observations().get(0).place());
    try (CsvTable table = CsvTable.open(file)) {
      assertEquals(List.of("s", "t", "x"), table.header());
    }
  }
}
