package io.unroll.connectors.format;

import java.util.List;

/**
 * The columns of an output, in their order: the name and the type of each, and where in a record
 * its value is. They are code that says them one by one, of any record: {@link OutputColumns}.
 *
 * @param <T> a record of the output
 * @param sample a record of no importance, which shows what the columns are
 * @param columns hands over the columns of a record
 */
public record OutputTable<T>(T sample, Columns<T> columns) {

  /** Hands over the columns of a record. */
  @FunctionalInterface
  public interface Columns<T> {
    /** The same columns in the same order, whatever is in the record. */
    void of(T record, OutputRow row);
  }

  /** The names that the columns have in a row. */
  public List<String> rowNames() {
    return described().stream().filter(Column::inRows).map(Column::name).toList();
  }

  /** What is the same of every record: each name that is handed over, those of groups too. */
  public List<Column> described() {
    ColumnList list = new ColumnList();
    columns.of(sample, list);
    return list.columns();
  }
}
