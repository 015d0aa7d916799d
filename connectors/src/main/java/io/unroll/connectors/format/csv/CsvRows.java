package io.unroll.connectors.format.csv;

import java.io.Serializable;
import java.util.List;

/**
 * Which lines of a file are what.
 *
 * @param header a line names the columns
 * @param names of the columns where no line does; empty if nothing does
 * @param skip lines at the beginning of a file that are nothing
 * @param comment what a line begins with that is nothing, wherever it stands; empty for no such
 *     lines
 */
public record CsvRows(boolean header, List<String> names, int skip, String comment)
    implements Serializable {
  /** The first line is the header. */
  public static final CsvRows STANDARD = new CsvRows(true, List.of(), 0, "");

  public CsvRows {
    names = List.copyOf(names);
  }
}
