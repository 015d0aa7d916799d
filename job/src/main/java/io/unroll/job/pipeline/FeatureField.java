package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Scale;
import io.unroll.job.life.Transform;
import java.io.Serializable;
import java.util.ArrayList;
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

  /** Whether the model sees another value than the record has. */
  boolean isChanged() {
    return !(feature.transform().equals(Transform.NONE) && feature.scale().equals(Scale.NONE));
  }

  /** Inputs of the model that they take together. */
  static int inputs(List<FeatureField> features) {
    return features.stream().mapToInt(f -> f.feature().inputs()).sum();
  }

  /** {@code 2 features}, or {@code 2 features that give 3 inputs}. */
  static String count(List<FeatureField> features) {
    int inputs = inputs(features);
    return ModelCheck.count(features.size(), "feature")
        + (inputs == features.size()
            ? ""
            : (features.size() == 1 ? " that gives " : " that give ") + inputs + " inputs");
  }

  /**
   * The features whose field is written so, or else those whose last name or model's name it is.
   */
  static List<Integer> named(String name, List<FeatureField> features) {
    List<Integer> written = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      FieldPath field = features.get(i).field();
      if (field != null && field.text().equals(name)) {
        written.add(i);
      }
      if (field != null
          && (ModelCheck.lastName(field).equals(name) || name.equals(features.get(i).as()))) {
        last.add(i);
      }
    }
    return written.isEmpty() ? last : written;
  }

  /**
   * The one feature of a name.
   *
   * @param path of what names it
   * @param found those that have the name
   * @return null if it is not one, which has been reported
   */
  static @Nullable Integer one(
      Findings findings,
      String path,
      String name,
      List<FeatureField> features,
      List<Integer> found) {
    if (found.size() == 1) {
      return found.get(0);
    }
    List<String> texts = new ArrayList<>();
    for (FeatureField feature : features) {
      if (feature.field() != null) {
        texts.add(feature.field().text());
      }
    }
    findings.mistake(
        path,
        "found "
            + Found.quoted(name)
            + ", expected "
            + (!found.isEmpty()
                ? "a name that one feature has; it is that of "
                    + String.join(", ", found.stream().map(i -> "[" + i + "]").toList())
                : texts.isEmpty()
                    ? "a feature that is a field, of which there is none"
                    : Found.oneOf(texts) + Found.didYouMean(Spelling.closest(name, texts))));
    return null;
  }

  /**
   * The first input of the model that a feature gives.
   *
   * @param path of what names it
   * @return null if it is not one, which has been reported
   */
  static @Nullable Integer place(
      Findings findings, String path, String name, List<FeatureField> features) {
    Integer feature = one(findings, path, name, features, named(name, features));
    return feature == null ? null : inputs(features.subList(0, feature));
  }
}
