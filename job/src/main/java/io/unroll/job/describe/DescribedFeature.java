package io.unroll.job.describe;

import io.unroll.job.life.Feature;
import io.unroll.job.life.Scale;
import io.unroll.job.life.Transform;
import org.jspecify.annotations.Nullable;

/**
 * One input of the model, or two where it comes with a companion, with the names that it has.
 *
 * @param feature what it is made of; its name is the field as it is written
 * @param last the field's name without what is around it; null for what is no field
 * @param as the model's name for it; null where it is the field's own
 * @param byPlace true where another name than the model's is no mistake, only one that the model
 *     has in another place is
 */
public record DescribedFeature(
    Feature feature, @Nullable String last, @Nullable String as, boolean byPlace) {

  /** A feature by the name that it has itself. */
  public static DescribedFeature of(Feature feature) {
    boolean field = feature.isField();
    return new DescribedFeature(feature, field ? feature.name() : null, null, !field);
  }

  /** The field as it is written, or what stands for it. */
  public String name() {
    return feature.name();
  }

  boolean isField() {
    return last != null;
  }

  /** Whether the model sees another value than the record has. */
  boolean isChanged() {
    return !(feature.transform().equals(Transform.NONE) && feature.scale().equals(Scale.NONE));
  }
}
