package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.operator.Feature;
import io.unroll.job.operator.Missing;
import io.unroll.job.operator.Transform;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of the model, or two where it comes with a companion.
 *
 * @param field where its raw value is; null for what is made of the timestamp
 * @param feature what is done to it
 */
public record FeatureField(@Nullable FieldPath field, Feature feature) implements Serializable {

  /** A value of the record. */
  public FeatureField(FieldPath field, Transform transform, Missing missing) {
    this(field, new Feature(field.text(), transform).missing(missing));
  }

  /** A value of the record that the model sees as it is. */
  static FeatureField raw(FieldPath field) {
    return new FeatureField(field, Transform.NONE, Missing.REJECT);
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
   * The first input of the model that a feature gives: the one whose field is written so, or else
   * the one whose last name that is.
   *
   * @param path of what names it
   * @return null if it is not one, which has been reported
   */
  static @Nullable Integer place(
      Findings findings, String path, String name, List<FeatureField> features) {
    List<String> texts = new ArrayList<>();
    List<Integer> written = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    List<Integer> inputs = new ArrayList<>();
    int input = 0;
    for (int i = 0; i < features.size(); i++) {
      FieldPath field = features.get(i).field();
      if (field != null) {
        texts.add(field.text());
        if (field.text().equals(name)) {
          written.add(i);
        }
        if (ModelCheck.lastName(field).equals(name)) {
          last.add(i);
        }
      }
      inputs.add(input);
      input += features.get(i).feature().inputs();
    }
    List<Integer> found = written.isEmpty() ? last : written;
    if (found.size() == 1) {
      return inputs.get(found.get(0));
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
}
