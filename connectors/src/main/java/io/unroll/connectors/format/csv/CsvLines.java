package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.LineBytes;
import io.unroll.connectors.format.Numbers;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lines of a CSV file as whole rows, read as a source reads records: RFC 4180, UTF-8, a record
 * is one line.
 */
public final class CsvLines {
  private CsvLines() {}

  /** True for a line of nothing but white space, which is no record. */
  public static boolean isBlank(byte[] line) {
    return LineBytes.isBlank(LineBytes.trim(line, true));
  }

  /** The values of a line, with or without its end. */
  public static List<String> values(byte[] line) throws Unreadable {
    return CsvSplitter.STANDARD.split(Text.decode(LineBytes.trim(line, false), "line"), false);
  }

  /** The names of the columns in a file's first line, each of them once. */
  public static List<String> names(byte[] line) throws Unreadable {
    return names(
        CsvSplitter.STANDARD.split(Text.decode(LineBytes.trim(line, true), "line"), false));
  }

  static List<String> names(List<String> values) throws Unreadable {
    Set<String> names = new HashSet<>();
    for (String name : values) {
      if (!names.add(name)) {
        throw new Unreadable("found column '" + name + "' twice, expected it once");
      }
    }
    if (values.stream().allMatch(CsvLines::isNumber)) {
      throw new Unreadable("found a row of numbers, expected the names of the columns");
    }
    return values;
  }

  /** True for a decimal number as records write it, which {@link Double#parseDouble} reads. */
  public static boolean isNumber(String text) {
    return Numbers.isDecimal(text);
  }
}
