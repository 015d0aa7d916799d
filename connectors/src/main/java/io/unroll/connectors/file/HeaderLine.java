package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of the columns in the first line of a file. */
final class HeaderLine {
  /** The names in a line. */
  @FunctionalInterface
  interface Names {
    List<String> of(byte[] line) throws Unreadable;
  }

  private HeaderLine() {}

  /** The names in the first of {@code frames}. */
  static List<String> read(Path file, Frames frames, Names names) throws IOException {
    if (!frames.next()) {
      throw unreadable(
          file, "found an empty file, expected a line with the names of the columns", null);
    }
    String first = file + ":1";
    try {
      requireShort(first, frames);
      return names.of(frames.bytes(ReadingFormat.LONGEST_LINE));
    } catch (Unreadable e) {
      throw unreadable(first, e.reason(), e);
    }
  }

  /** Refuses a line that is too long to be held. */
  static void requireShort(Object place, Frames frames) throws IOException {
    if (frames.length() > ReadingFormat.LONGEST_LINE) {
      throw unreadable(
          place,
          "found a line of %d bytes, expected at most %d"
              .formatted(frames.length(), ReadingFormat.LONGEST_LINE),
          null);
    }
  }

  static CsvTable.UnreadableTableException unreadable(
      Object place, String what, @Nullable Throwable cause) {
    return new CsvTable.UnreadableTableException(place + ": " + what, cause);
  }
}
