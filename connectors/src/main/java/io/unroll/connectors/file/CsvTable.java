package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.Framing;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.csv.CsvLines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file with a header, read row by row in bounded memory. Blank lines are no rows. Not thread
 * safe.
 */
public final class CsvTable implements Closeable {
  /** The file cannot be read as such a table; the message says where and why. */
  public static final class UnreadableTableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableTableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final Path file;
  private final Frames lines;
  private final List<String> header;
  private long number;

  private CsvTable(Path file, Frames lines) throws IOException {
    this.file = file;
    this.lines = lines;
    header = HeaderLine.read(file, lines, CsvLines::names);
    number = 1;
  }

  /**
   * Opens a file, unpacked where its name says so, and reads its header.
   *
   * @throws UnreadableTableException if it is no CSV with a header
   */
  public static CsvTable open(Path file) throws IOException {
    String other = OrdinaryFile.otherwise(file);
    if (other != null) {
      throw new UnreadableTableException(file + ": found " + other + ", expected a CSV file", null);
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Frames lines =
        Framing.LINES.frames(
            StoredFile.open(new org.apache.flink.core.fs.Path(file.toUri()), 0),
            0,
            ReadingFormat.LONGEST_LINE);
    try {
      return new CsvTable(file, lines);
    } catch (IOException | RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  /** The names of the columns, each once. */
  public List<String> header() {
    return header;
  }

  /** The next row, as many values as the header has names; null at the end. */
  public @Nullable List<String> next() throws IOException {
    while (lines.next()) {
      number++;
      if (lines.length() <= ReadingFormat.LONGEST_LINE && CsvLines.isBlank(bytes())) {
        continue;
      }
      List<String> row = values();
      if (row.size() != header.size()) {
        throw unreadable(
            "found %d column%s, expected %d as in the header (%s)"
                .formatted(
                    row.size(),
                    row.size() == 1 ? "" : "s",
                    header.size(),
                    String.join(", ", header)),
            null);
      }
      return row;
    }
    return null;
  }

  /** Where the last row is: the file as it was named, a colon and the line's number. */
  public String place() {
    return file + ":" + number;
  }

  private byte[] bytes() {
    return lines.bytes(ReadingFormat.LONGEST_LINE);
  }

  private List<String> values() throws IOException {
    HeaderLine.requireShort(place(), lines);
    try {
      return CsvLines.values(bytes());
    } catch (Unreadable e) {
      throw unreadable(e.reason(), e);
    }
  }

  private UnreadableTableException unreadable(String what, @Nullable Throwable cause) {
    return HeaderLine.unreadable(place(), what, cause);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
