package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.job.describe.Found;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a record, which must be ones that the source's records can have.
 *
 * @param source what the fields are read from; null when it is not known
 */
record Fields(Findings findings, Pipeline.@Nullable Source source) {
  private static final Pattern COLUMN = Pattern.compile("/(0|[1-9][0-9]{0,5})");

  /** A field; null when the value is none, which has been reported. */
  @Nullable FieldPath read(Value value, String expected) {
    String text = value.text(expected);
    if (text == null) {
      return null;
    }
    FieldPath path;
    try {
      path = FieldPath.parse(text);
    } catch (IllegalArgumentException e) {
      findings.mistake(value.path(), Found.reason(e));
      return null;
    }
    if (source != null) {
      boolean kafka = source.input() instanceof Pipeline.KafkaInput;
      boolean csv = source.format() == RecordFormat.CSV;
      boolean column = COLUMN.matcher(text).matches();
      if (path.needsKafka() && !kafka) {
        value.mistake("a field of the record: the source is a file, only Kafka records have that");
      } else if (csv && path.origin() == Origin.POINTER && !column) {
        value.mistake("a column's number such as /0: records are CSV");
      } else if (csv && kafka && path.origin() == Origin.VALUE) {
        value.mistake("a column's number such as /0: CSV records from Kafka have no header");
      }
    }
    return path;
  }
}
