package io.unroll.connectors.format;

import io.unroll.connectors.format.CsvFields.Header;
import io.unroll.connectors.record.Reading;
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
   * @return null if the line is no record: blank, or the header of a CSV file
   */
  public @Nullable Reading read(byte[] line, long number) {
    byte[] bytes = LineBytes.trim(line, number == 1);
    if (assembler.format() == RecordFormat.CSV && number == 1) {
      return header(bytes);
    }
    if (LineBytes.isBlank(bytes)) {
      return null;
    }
    String bad = badHeader;
    if (bad != null) {
      return assembler.reject(RecordParts.ofValue(bytes), origin, number, bad);
    }
    return assembler.read(RecordParts.ofValue(bytes), header, origin, number);
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

  private @Nullable Reading header(byte[] bytes) {
    try {
      header = assembler.header(bytes);
      String record = assembler.recordInHeader(bytes);
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
