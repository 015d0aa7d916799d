package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.JsonLine;
import io.unroll.connectors.format.OutputLine;
import io.unroll.connectors.format.OutputRow;
import io.unroll.connectors.format.OutputTable;
import io.unroll.connectors.format.RecordWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes each record as a row that has a place for every column. A comma goes in front of each
 * value; the first one is left out at the end.
 */
final class CsvWriter<T> implements RecordWriter<T>, OutputRow {

  /** Characters of ASCII that a value may hold without quotes around it. */
  private static final boolean[] PLAIN = plain();

  private final OutputTable<T> table;
  private final OutputLine line = new OutputLine();

  CsvWriter(OutputTable<T> table) {
    this.table = table;
  }

  private static boolean[] plain() {
    boolean[] plain = new boolean[0x80];
    Arrays.fill(plain, true);
    for (char c : new char[] {',', '"', '\n', '\r'}) {
      plain[c] = false;
    }
    return plain;
  }

  @Override
  public byte[] header() {
    line.start();
    table.rowNames().forEach(this::cell);
    return line.endFrom(1);
  }

  @Override
  public byte[] write(T record) {
    line.start();
    table.columns().of(record, this);
    return line.endFrom(1);
  }

  private void cell(String text) {
    text(line.ascii(','), text);
  }

  @Override
  public void text(String name, @Nullable String value) {
    cell(value == null ? "" : value);
  }

  @Override
  public void label(String name, List<String> labels, int index) {
    cell(index < 0 ? "" : labels.get(index));
  }

  @Override
  public void whole(String name, boolean inRows, long value, boolean there) {
    if (inRows) {
      line.ascii(',');
      if (there) {
        line.number(value);
      }
    }
  }

  @Override
  public void flag(String name, boolean inRows, boolean value) {
    if (inRows) {
      line.ascii(',').text(Boolean.toString(value));
    }
  }

  @Override
  public void single(String name, float value) {
    line.ascii(',').number(value);
  }

  @Override
  public void singles(List<String> names, float[] values) {
    for (float value : values) {
      line.ascii(',').number(value);
    }
  }

  @Override
  public void decimal(String name, double value, boolean there) {
    line.ascii(',');
    if (there) {
      line.number(value);
    }
  }

  @Override
  public void json(String name, @Nullable String value) {
    cell(value == null ? "" : JsonLine.plain(value));
  }

  @Override
  public void group(String name) {}

  @Override
  public void endGroup() {}

  /** {@code text} as a value of CSV (RFC 4180). */
  static OutputLine text(OutputLine line, String text) {
    if (line.textOf(text, PLAIN)) {
      return line;
    }
    return line.text(needsQuotes(text) ? '"' + text.replace("\"", "\"\"") + '"' : text);
  }

  private static boolean needsQuotes(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < PLAIN.length && !PLAIN[c]) {
        return true;
      }
    }
    return false;
  }
}
