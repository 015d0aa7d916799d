package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.job.life.Feature;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of features against those that a model gives its inputs (ONNX metadata {@code
 * features}): the same, in the same places, whatever is done to the values on the way. A feature
 * that comes with a companion, such as a mask, is compared by its first input.
 */
public final class FeatureNames {
  private FeatureNames() {}

  /**
   * What a feature is called.
   *
   * @param text as messages quote it
   * @param name without what is around it; null for what has no name of its own, such as a time of
   *     day
   * @param byPlace another name is no mistake, only a name that the model has in another place is
   * @param inputs of the model that it takes
   */
  private record Called(String text, @Nullable String name, boolean byPlace, int inputs) {
    boolean is(String expected) {
      return expected.equals(text) || expected.equals(name);
    }
  }

  /**
   * A feature that stands where the model takes another.
   *
   * @param feature its place among the features
   * @param found its name
   * @param expected the model's name for that input
   * @param elsewhere the one or the other stands in another place: the order is wrong
   */
  public record Difference(int feature, String found, String expected, boolean elsewhere) {
    /** Without where it is. */
    String text(String model, List<String> names) {
      return "found "
          + Found.quoted(found)
          + ", expected "
          + Found.quoted(expected)
          + ", which model "
          + model
          + " takes there: "
          + String.join(", ", names);
    }
  }

  /**
   * Of a pipeline's features. JSON pointers and Kafka parts are taken by place, unless the pipeline
   * says what they are.
   *
   * @param names the model's, one for each input
   */
  static List<Difference> inPipeline(List<FeatureField> features, List<String> names) {
    return differences(features.stream().map(FeatureNames::called).toList(), names);
  }

  private static Called called(FeatureField feature) {
    int inputs = feature.feature().inputs();
    FieldPath field = feature.field();
    if (feature.as() != null) {
      return new Called(feature.as(), feature.as(), false, inputs);
    }
    if (field == null) {
      return new Called("", null, true, inputs);
    }
    boolean byPlace = field.origin() != Origin.VALUE;
    return new Called(field.text(), ModelCheck.lastName(field), byPlace, inputs);
  }

  /**
   * Of features that were named in Java.
   *
   * @param model as messages call it
   * @param names the model's, one for each input
   * @throws IllegalArgumentException if one stands where the model takes another
   */
  public static void check(String model, List<String> names, List<Feature> features) {
    List<Called> called =
        features.stream()
            .map(f -> new Called(f.name(), f.isField() ? f.name() : null, !f.isField(), f.inputs()))
            .toList();
    for (Difference difference : differences(called, names)) {
      throw new IllegalArgumentException(
          "features[%d]: %s%s"
              .formatted(
                  difference.feature(),
                  difference.text(model, names),
                  difference.elsewhere() ? "" : "; if it is that, call it as the model does"));
    }
  }

  private static List<Difference> differences(List<Called> features, List<String> names) {
    List<Difference> differences = new ArrayList<>();
    int input = 0;
    for (int i = 0; i < features.size(); i++) {
      Called feature = features.get(i);
      String expected = names.get(input);
      input += feature.inputs();
      if (feature.name() == null || feature.is(expected)) {
        continue;
      }
      boolean known = names.contains(feature.text()) || names.contains(feature.name());
      boolean elsewhere = known || features.stream().anyMatch(f -> f.is(expected));
      if (known || !feature.byPlace()) {
        differences.add(new Difference(i, feature.text(), expected, elsewhere));
      }
    }
    return differences;
  }
}
