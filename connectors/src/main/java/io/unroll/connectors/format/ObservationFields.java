package io.unroll.connectors.format;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in a record the parts of an observation are.
 *
 * @param series what names it: one part, or several that are joined: parts are separated by {@code
 *     |}, a {@code |} or {@code \} inside a part is preceded by {@code \}, so that no two keys meet
 * @param timestamp when it happened
 * @param features raw values, in the model's order
 * @param end marks the last observation of a sequence; null without end markers
 * @param start marks the first observation of a sequence; null without start markers
 * @param by another value here begins another sequence; null without
 * @param deduplicateBy tells an observation from others of its series; null without
 * @param keep passed through to the prediction
 * @param key how the key of a Kafka record is written
 */
public record ObservationFields(
    List<SeriesPart> series,
    TimestampField timestamp,
    List<FeatureSource> features,
    @Nullable Marker end,
    @Nullable Marker start,
    @Nullable FieldPath by,
    @Nullable FieldPath deduplicateBy,
    List<Kept> keep,
    KeyFormat key)
    implements Serializable {

  /**
   * Where a feature's raw value is.
   *
   * @param field in the record
   * @param optional true if it may be missing: no such field, null, an empty text or a written NaN
   *     is a NaN then, and else makes the record unreadable
   * @param beside true if no model sees it: whatever it is, the record is as readable, and as much
   *     a marker, as without
   */
  public record FeatureSource(FieldPath field, boolean optional, boolean beside)
      implements Serializable {
    /** One that a model sees. */
    public FeatureSource(FieldPath field, boolean optional) {
      this(field, optional, false);
    }
  }

  /**
   * What sets a marker.
   *
   * @param field in the record; no such field, null and an empty text set no marker
   * @param in the values that set it, as the record writes them ({@code 1} and {@code 1.0} are
   *     two); empty: the field says true or false
   */
  public record Marker(FieldPath field, List<String> in) implements Serializable {

    /**
     * @throws IllegalArgumentException if a value is blank, which is what a field without a value
     *     holds
     */
    public Marker {
      in = List.copyOf(in);
      for (String value : in) {
        if (value.isBlank()) {
          throw new IllegalArgumentException(
              field + ": found '" + value + "' among the values of a marker, expected a text");
        }
      }
    }

    /** Set where {@code field} is true. */
    public static Marker ofTrue(FieldPath field) {
      return new Marker(field, List.of());
    }
  }

  /**
   * A field that is passed through.
   *
   * @param name in the prediction
   * @param field in the record
   */
  public record Kept(String name, FieldPath field) implements Serializable {}

  public ObservationFields {
    series = List.copyOf(series);
    features = List.copyOf(features);
    keep = List.copyOf(keep);
  }

  /** Fields of records whose keys are text. */
  public ObservationFields(
      List<SeriesPart> series,
      TimestampField timestamp,
      List<FeatureSource> features,
      @Nullable Marker end,
      @Nullable Marker start,
      @Nullable FieldPath by,
      @Nullable FieldPath deduplicateBy,
      List<Kept> keep) {
    this(series, timestamp, features, end, start, by, deduplicateBy, keep, KeyFormat.TEXT);
  }

  /** Fields of which all features are needed, and no more marker than a true {@code end}. */
  public ObservationFields(
      List<FieldPath> series,
      TimestampField timestamp,
      List<FieldPath> features,
      @Nullable FieldPath end,
      List<Kept> keep) {
    this(
        series.stream().map(SeriesPart::of).toList(),
        timestamp,
        features.stream().map(field -> new FeatureSource(field, false)).toList(),
        end == null ? null : Marker.ofTrue(end),
        null,
        null,
        null,
        keep);
  }
}
