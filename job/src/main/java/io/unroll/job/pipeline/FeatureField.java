package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.job.describe.DescribedFeature;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Transform;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of the model, or two where it comes with a companion.
 *
 * @param field where its raw value is; null for what is made of the timestamp
 * @param feature what is done to it
 * @param table the file that its scale is from, as the pipeline names it; null without
 * @param as the model's name for it; null where it is the field's own
 */
public record FeatureField(
    @Nullable FieldPath field, Feature feature, @Nullable String table, @Nullable String as)
    implements Serializable {

  /** A feature whose scale is from no file. */
  public FeatureField(@Nullable FieldPath field, Feature feature) {
    this(field, feature, null, null);
  }

  /** A value of the record. */
  public FeatureField(FieldPath field, Transform transform, Missing missing) {
    this(field, new Feature(field.text(), transform).missing(missing));
  }

  /** A value of the record that the model sees as it is. */
  static FeatureField raw(FieldPath field) {
    return new FeatureField(field, Transform.NONE, Missing.REJECT);
  }

  /** What the description says of it. */
  DescribedFeature described() {
    if (field == null) {
      return DescribedFeature.of(feature);
    }
    return new DescribedFeature(feature, lastName(field), as, field.origin() != Origin.VALUE);
  }

  /** The name of a field by itself, or its text where it has none. */
  static String lastName(FieldPath field) {
    List<String> names = field.names();
    return names.isEmpty() ? field.text() : names.get(names.size() - 1);
  }
}
