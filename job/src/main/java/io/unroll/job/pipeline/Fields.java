package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.KeyFormat;
import io.unroll.job.describe.Found;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a record, which must be ones that the source's records can have.
 *
 * @param source what the fields are read from; null when it is not known
 */
record Fields(Findings findings, Pipeline.@Nullable Source source) {
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
      String instead = source.format().unfit(path, kafka);
      if (path.needsKafka() && !kafka) {
        value.mistake("a field of the record: the source is a file, only Kafka records have that");
      } else if (path.needsFile() && kafka) {
        value.mistake(
            "a field of the record: the source is Kafka, only records of files have that");
      } else if (path.origin() == Origin.KEY
          && !path.names().isEmpty()
          && source.key() != KeyFormat.TEXT) {
        value.mistake(
            "$key: source.key.format is " + source.key().label() + ", which has no fields");
      } else if (instead != null) {
        value.mistake(instead);
      }
    }
    return path;
  }
}
