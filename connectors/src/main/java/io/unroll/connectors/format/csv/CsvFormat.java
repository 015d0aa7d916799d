package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.Framing;
import io.unroll.connectors.format.NumberSigns;
import io.unroll.connectors.format.OutputTable;
import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.RecordWriter;
import io.unroll.connectors.format.WantedFields;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values, one record per line: RFC 4180 with the first line of a file as its
 * header, or as {@code settings} say.
 */
public record CsvFormat(CsvSettings settings) implements Format {
  private static final Pattern COLUMN = Pattern.compile("/(0|[1-9][0-9]{0,5})");

  /** RFC 4180. */
  public CsvFormat() {
    this(CsvSettings.STANDARD);
  }

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
    return new CsvReader(wanted, settings);
  }

  @Override
  public Framing framing() {
    return CsvFraming.of(settings);
  }

  @Override
  public NumberSigns numbers() {
    return settings.numbers();
  }

  @Override
  public String numberWayOut(String text) {
    return new CsvHints(settings).number(text);
  }

  @Override
  public String inWords() {
    String words = settings.inWords();
    return words.isEmpty() ? name() : name() + " {" + words + "}";
  }

  @Override
  public @Nullable String unfit(FieldPath field, boolean kafka) {
    if (field.origin() == Origin.POINTER && !COLUMN.matcher(field.text()).matches()) {
      return "a column's number such as /0: records are CSV";
    }
    List<String> names = settings.rows().names();
    if (!names.isEmpty()) {
      return unfit(field, names);
    }
    if (field.origin() != Origin.VALUE || (!kafka && settings.rows().header())) {
      return null;
    }
    return kafka
        ? "a column's number such as /0: CSV records from Kafka have no header, but"
            + " source.format.csv.header may name their columns"
        : "a column's number such as /0: source.format.csv.header is false";
  }

  private static @Nullable String unfit(FieldPath field, List<String> names) {
    return switch (field.origin()) {
      case VALUE ->
          names.contains(field.text())
              ? null
              : "one of the columns in source.format.csv.header: " + String.join(", ", names);
      case POINTER ->
          Integer.parseInt(field.names().get(0)) < names.size()
              ? null
              : "at most /" + (names.size() - 1) + ", as source.format.csv.header has the columns";
      case KEY, HEADER, TOPIC, TIMESTAMP, FILE -> null;
    };
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
