package io.unroll.connectors.format.csv;

import java.io.Serializable;

/**
 * How a line is cut into the texts of its columns.
 *
 * @param delimiter between two columns; {@link #BLANKS}: any number of blanks and tabs, and those
 *     at the ends of a line are nothing
 * @param quote around a text; a quote in the text is written twice. {@link #NONE} if there is none
 * @param trim whether blanks around a text without quotes are no part of it
 */
public record CsvCells(char delimiter, char quote, Trim trim) implements Serializable {
  /** No sign. */
  public static final char NONE = 0;

  /** As a delimiter: any number of blanks and tabs. */
  public static final char BLANKS = 1;

  /** RFC 4180. */
  public static final CsvCells STANDARD = new CsvCells(',', '"', Trim.AS_HEADER);

  /** Whether blanks are a part of a text. */
  public enum Trim {
    /** They are none if the first line has some beside its delimiters. */
    AS_HEADER,
    ALWAYS,
    NEVER
  }
}
