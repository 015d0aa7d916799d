package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.CsvFields.Header;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one file, from the first. Not safe to share between threads.
 *
 * <p>To continue in the middle of a file, hand over line 1 (its reading is to be dropped) and then
 * the lines from there on.
 */
public final class RecordLines {

  private final RecordAssembler assembler;
  private final String origin;
  private @Nullable Header header;

  /** The line with the names; null where it may be a record as well. */
  private byte @Nullable [] names;

  private @Nullable String badHeader;

  RecordLines(RecordAssembler assembler, String origin) {
    this.assembler = assembler;
    this.origin = origin;
  }

  /**
   * One line.
   *
   * @param line its bytes, with or without the line end
   * @param number of the line, from 1
   * @return null if the line is no record: blank, or the header of a CSV file, which stands again
   *     where files were put together
   */
  public @Nullable Reading read(byte[] line, long number) {
    byte[] bytes = LineBytes.trim(line, number == 1);
    if (assembler.format() == RecordFormat.CSV && number == 1) {
      return header(bytes);
    }
    if (LineBytes.isBlank(bytes) || isNames(bytes)) {
      return null;
    }
    String bad = badHeader;
    if (bad != null) {
      return assembler.reject(RecordParts.ofValue(bytes), origin, number, bad);
    }
    return assembler.read(RecordParts.ofValue(bytes), header, origin, number);
  }

  /** True if a line of a CSV file ends in the middle of a text in quotes. */
  public boolean opensText(byte[] line) {
    return assembler.format() == RecordFormat.CSV && CsvFields.opensText(text(line));
  }

  /** True if a line of a CSV file, or more than one of them, has the columns of its header. */
  public boolean isRow(byte[] lines) {
    return header != null && CsvFields.isRow(text(lines), header);
  }

  private static String text(byte[] line) {
    return new String(LineBytes.trim(line, false), UTF_8);
  }

  /**
   * A record that is rejected as it takes more than one line: once, with all of them.
   *
   * @param rejected what became of its first line
   * @param lines all of it
   */
  public Reading spread(Rejected rejected, byte[] lines) {
    if (rejected.raw != null) {
      rejected.raw = RecordParts.ofValue(LineBytes.trim(lines, false)).raw();
    }
    return Reading.of(rejected);
  }

  /**
   * What becomes of a line that is too long to be held.
   *
   * @param start its first bytes
   * @param length of the whole line in bytes
   * @param limit that it exceeds, in bytes
   */
  public Reading tooLong(byte[] start, long length, long limit, long number) {
    String reason =
        "expected a line of at most "
            + limit
            + " bytes, found "
            + length
            + " (raw holds the first "
            + start.length
            + ")";
    if (assembler.format() == RecordFormat.CSV && number == 1) {
      badHeader = "the header in line 1: " + reason;
    }
    return assembler.reject(RecordParts.ofValue(start), origin, number, reason);
  }

  private boolean isNames(byte[] line) {
    return names != null
        && (Arrays.equals(line, names) || Arrays.equals(LineBytes.trim(line, true), names));
  }

  private @Nullable Reading header(byte[] bytes) {
    try {
      Header read = assembler.header(bytes);
      header = read;
      String record = assembler.recordInHeader(bytes);
      names = record == null && !assembler.hasTime(bytes, read) ? bytes : null;
      // It is not lost without a word; the lines behind it have the same columns.
      return record == null
          ? null
          : assembler.reject(RecordParts.ofValue(bytes), origin, 1, record);
    } catch (Unreadable e) {
      badHeader = "the header in line 1: " + e.reason();
      return assembler.reject(RecordParts.ofValue(bytes), origin, 1, badHeader);
    }
  }
}
