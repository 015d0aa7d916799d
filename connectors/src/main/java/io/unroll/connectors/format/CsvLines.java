package io.unroll.connectors.format;

import java.util.List;

/**
 * The lines of a CSV file as whole rows, read as {@link RecordLines} reads records: RFC 4180,
 * UTF-8, a record is one line.
 */
public final class CsvLines {
  private CsvLines() {}

  /** A line that cannot be read; the message says why, not where. */
  public static final class UnreadableLineException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableLineException(Unreadable cause) {
      super(cause.reason(), cause);
    }
  }

  /** True for a line of nothing but white space, which is no record. */
  public static boolean isBlank(byte[] line) {
    return LineBytes.isBlank(LineBytes.trim(line, true));
  }

  /**
   * The values of a line.
   *
   * @param line its bytes, with or without the line end
   * @param first true for the first line of a file, which may start with a byte order mark
   */
  public static List<String> values(byte[] line, boolean first) throws UnreadableLineException {
    try {
      return CsvFields.split(Text.decode(LineBytes.trim(line, first), "line"));
    } catch (Unreadable e) {
      throw new UnreadableLineException(e);
    }
  }

  /** True for a decimal number as records write it, which {@link Double#parseDouble} reads. */
  public static boolean isNumber(String text) {
    return Numbers.isDecimal(text);
  }
}
