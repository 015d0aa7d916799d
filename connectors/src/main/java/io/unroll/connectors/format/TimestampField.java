package io.unroll.connectors.format;

import java.io.Serializable;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How a record says when it happened.
 *
 * @param field where the value is
 * @param unit of a number; null means milliseconds, and that ISO-8601 text is welcome too
 * @param zone of a date and time without an offset; null makes such a text an error
 */
public record TimestampField(FieldPath field, @Nullable Unit unit, @Nullable ZoneId zone)
    implements Serializable {

  /** The unit of a numeric timestamp, counted from the epoch. */
  public enum Unit {
    SECONDS("s"),
    MILLISECONDS("ms"),
    MICROSECONDS("us"),
    NANOSECONDS("ns");

    private final String label;

    Unit(String label) {
      this.label = label;
    }

    /** The word in the pipeline file. */
    public String label() {
      return label;
    }
  }
}
