package io.unroll.connectors.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvTableTest {
  @TempDir Path folder;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.csv"), bytes);
  }

  private Path write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsRowsWithTheirPlaces() throws IOException {
    Path file = write("\uFEFFseries,x 0\r\n\"a, \"\"b\"\"\",1\r\n\n  \n\u00e9,-2e3");
    try (CsvTable table = CsvTable.open(file)) {
      assertEquals(List.of("series", "x 0"), table.header());
      assertEquals(List.of("a, \"b\"", "1"), table.next());
      assertEquals(file + ":2", table.place());
      assertEquals(List.of("\u00e9", "-2e3"), table.next());
      assertEquals(file + ":5", table.place());
      assertNull(table.next());
      assertNull(table.next());
    }
  }

  private void refused(String message, byte[] bytes) throws IOException {
    Path file = write(bytes);
    IOException e =
        assertThrows(
            CsvTable.UnreadableTableException.class,
            () -> {
              try (CsvTable table = CsvTable.open(file)) {
                while (table.next() != null) {}
              }
            });
    assertEquals(message, String.valueOf(e.getMessage()).replace(folder + "/", ""));
  }

  private void refused(String message, String text) throws IOException {
    refused(message, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void saysWhatIsWrongAndWhere() throws IOException {
    refused("x.csv: found an empty file, expected a line with the names of the columns", "");
    refused("x.csv:1: expected a line of CSV, found nothing", "\na,b\n");
    refused("x.csv:1: found column 'a' twice, expected it once", "a,b,a\n");
    refused("x.csv:1: found a row of numbers, expected the names of the columns", "1,-.5\n2,3\n");
    refused("x.csv:3: found 3 columns, expected 2 as in the header (a, b)", "a,b\n1,2\n1,2,3\n");
    refused("x.csv:2: found 1 column, expected 2 as in the header (a, b)", "a,b\n1\n");
    refused(
        "x.csv:2: line: expected UTF-8, found byte 0xff at 2",
        new byte[] {'a', ',', 'b', '\n', '1', ',', (byte) 0xff, '\n'});
  }

  @Test
  void aStrayQuoteSpoilsItsOwnLine() throws IOException {
    Path file = write("a,b\n\"1,2\n3,4\n");
    try (CsvTable table = CsvTable.open(file)) {
      IOException e = assertThrows(IOException.class, table::next);
      assertEquals(
          file + ":2: not CSV: ",
          String.valueOf(e.getMessage()).substring(0, (file + ":2: not CSV: ").length()));
      assertEquals(List.of("3", "4"), table.next());
    }
  }

  @Test
  void aFolderAndAMissingFileAreTold() {
    assertEquals(
        folder + ": found a folder, expected a CSV file",
        assertThrows(IOException.class, () -> CsvTable.open(folder)).getMessage());
    assertThrows(NoSuchFileException.class, () -> CsvTable.open(folder.resolve("none.csv")));
  }
}
