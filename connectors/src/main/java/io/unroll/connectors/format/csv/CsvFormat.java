package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.OutputTable;
import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.RecordWriter;
import io.unroll.connectors.format.WantedFields;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values (RFC 4180), one record per line; in a file the first line is the header.
 */
public record CsvFormat() implements Format {
  private static final Pattern COLUMN = Pattern.compile("/(0|[1-9][0-9]{0,5})");

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String title() {
    return "CSV";
  }

  @Override
  public RecordReader reader(WantedFields wanted) {
    return new CsvReader(wanted);
  }

  @Override
  public @Nullable String unfit(FieldPath field, boolean kafka) {
    if (field.origin() == Origin.POINTER && !COLUMN.matcher(field.text()).matches()) {
      return "a column's number such as /0: records are CSV";
    }
    return kafka && field.origin() == Origin.VALUE
        ? "a column's number such as /0: CSV records from Kafka have no header"
        : null;
  }

  @Override
  public boolean isWritten() {
    return true;
  }

  @Override
  public <T> RecordWriter<T> writer(OutputTable<T> table) {
    return new CsvWriter<>(table);
  }

  @Override
  public boolean isFlat() {
    return true;
  }
}
