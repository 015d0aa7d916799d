package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.ObservationReader;
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

  /**
   * The line where the header should be.
   *
   * @param number of the line, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Found(byte[] line, long number) {}

  /** The first line that is not above the header; null if there is none. */
  static @Nullable Found find(Frames frames, ObservationReader reader) throws IOException {
    for (long number = 1; frames.next(); number++) {
      byte[] line = frames.bytes(ReadingFormat.LONGEST_LINE);
      if (!reader.isAboveHeader(line, number)) {
        return new Found(line, number);
      }
    }
    return null;
  }

  /** The names in the header of a source's file. */
  static List<String> read(Path file, Frames frames, ObservationReader reader) throws IOException {
    Found header = find(frames, reader);
    return names(file, frames, header == null ? 0 : header.number(), reader::columns);
  }

  /** The names in the first of {@code frames}. */
  static List<String> read(Path file, Frames frames, Names names) throws IOException {
    return names(file, frames, frames.next() ? 1 : 0, names);
  }

  /** {@code number}: of the line that {@code frames} are at; 0 for no line. */
  private static List<String> names(Path file, Frames frames, long number, Names names)
      throws IOException {
    if (number == 0) {
      throw unreadable(
          file, "found an empty file, expected a line with the names of the columns", null);
    }
    String place = file + ":" + number;
    try {
      requireShort(place, frames);
      return names.of(frames.bytes(ReadingFormat.LONGEST_LINE));
    } catch (Unreadable e) {
      throw unreadable(place, e.reason(), e);
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
