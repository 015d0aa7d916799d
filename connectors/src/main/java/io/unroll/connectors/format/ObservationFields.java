package io.unroll.connectors.format;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in a record the parts of an observation are.
 *
 * @param series one path, or several whose values are joined: parts are separated by {@code |}, a
 *     {@code |} or {@code \} inside a part is preceded by {@code \}, so that no two keys meet
 * @param timestamp when it happened
 * @param features raw values, in the model's order
 * @param end true marks the last observation of a sequence; null without end markers
 * @param keep passed through to the prediction
 */
public record ObservationFields(
    List<FieldPath> series,
    TimestampField timestamp,
    List<FieldPath> features,
    @Nullable FieldPath end,
    List<Kept> keep)
    implements Serializable {

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
}
