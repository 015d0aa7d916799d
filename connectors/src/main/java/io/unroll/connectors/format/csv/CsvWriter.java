package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.Column;
import io.unroll.connectors.format.JsonLine;
import io.unroll.connectors.format.OutputLine;
import io.unroll.connectors.format.RecordWriter;
import java.util.List;

/** Writes each record as a row that has a place for every column. */
final class CsvWriter<T> implements RecordWriter<T> {

  private final List<Column<T>> columns;
  private final OutputLine line = new OutputLine();

  CsvWriter(List<Column<T>> columns) {
    this.columns = columns;
  }

  @Override
  public byte[] header() {
    line.start();
    String before = "";
    for (String name : Column.rowNames(columns)) {
      text(line.text(before), name);
      before = ",";
    }
    return line.end();
  }

  @Override
  public byte[] write(T row) {
    line.start();
    columns(columns, row, true);
    return line.end();
  }

  /** {@code first}: nothing is in front of them; returns the same of what follows. */
  private boolean columns(List<Column<T>> columns, T row, boolean first) {
    boolean start = first;
    for (Column<T> column : columns) {
      if (!column.inRows()) {
        continue;
      }
      if (column instanceof Column.Group<T> group) {
        start = columns(group.columns(), row, start);
      } else if (column instanceof Column.Floats<T> floats) {
        for (float value : floats.value().apply(row)) {
          place(start);
          start = false;
          line.number(value);
        }
      } else {
        place(start);
        start = false;
        value(column, row);
      }
    }
    return start;
  }

  private void place(boolean first) {
    if (!first) {
      line.ascii(',');
    }
  }

  private void value(Column<T> column, T row) {
    if (column instanceof Column.Text<T> text) {
      String value = text.value().apply(row);
      text(line, value == null ? "" : value);
    } else if (column instanceof Column.Whole<T> whole) {
      if (whole.there() == null || whole.there().test(row)) {
        line.number(whole.value().applyAsLong(row));
      }
    } else if (column instanceof Column.Flag<T> flag) {
      line.text(Boolean.toString(flag.value().test(row)));
    } else if (column instanceof Column.Single<T> single) {
      line.number(single.value().of(row));
    } else if (column instanceof Column.Decimal<T> decimal) {
      double value = decimal.value().applyAsDouble(row);
      if (!decimal.optional() || !Double.isNaN(value)) {
        line.number(value);
      }
    } else if (column instanceof Column.Json<T> json) {
      String value = json.value().apply(row);
      text(line, value == null ? "" : JsonLine.plain(value));
    } else {
      throw new IllegalStateException(column + ": a column that CSV does not know");
    }
  }

  /** {@code text} as a value of CSV (RFC 4180). */
  static OutputLine text(OutputLine line, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return line.text('"' + text.replace("\"", "\"\"") + '"');
      }
    }
    return line.text(text);
  }
}
