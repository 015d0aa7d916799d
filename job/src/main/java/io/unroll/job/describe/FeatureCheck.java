package io.unroll.job.describe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Features in themselves, and against the names that a model gives its inputs (ONNX metadata {@code
 * features}): the same, in the same places, whatever is done to the values on the way. A feature
 * that comes with a companion, such as a mask, is compared by its first input.
 */
final class FeatureCheck {
  private static final String KEY = ObservationKeys.FEATURES.path();

  private final Complaints complaints;
  private final List<DescribedFeature> features;

  FeatureCheck(Complaints complaints, List<DescribedFeature> features) {
    this.complaints = complaints;
    this.features = features;
  }

  /** What can be told without a model. */
  void alone() {
    for (int i = 0; i < features.size(); i++) {
      double times = features.get(i).feature().transform().times();
      String expected = FeatureKeys.MULTIPLY_BY.type().refusal(times);
      if (expected != null) {
        complaints.mistake(
            KEY + "[" + i + "].multiply-by", "found " + times + ", expected " + expected);
      }
    }
    if (complaints.isWrong(KEY)) {
      return;
    }
    for (int i = 0; i < features.size(); i++) {
      int first = features.indexOf(features.get(i));
      if (first < i) {
        complaints.mistake(
            KEY + "[" + i + "]", "found the same as in [" + first + "], expected it once");
      }
    }
  }

  /** Whether they are as many as a model takes, and those that it names. */
  void against(ModelFacts model) {
    int inputSize = model.inputSize();
    List<String> names = model.featureNames();
    if (Features.inputs(features) != inputSize) {
      complaints.mistake(
          KEY,
          "found "
              + Features.count(features)
              + ", expected "
              + inputSize
              + ", which model "
              + model.name()
              + " takes"
              + (!names.isEmpty() && names.size() == inputSize
                  ? ": " + String.join(", ", names)
                  : ""));
      return;
    }
    if (names.size() == inputSize) {
      names(model);
    }
  }

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
    static Called of(DescribedFeature feature) {
      int inputs = feature.feature().inputs();
      if (feature.as() != null) {
        return new Called(feature.as(), feature.as(), false, inputs);
      }
      return feature.isField()
          ? new Called(feature.name(), feature.last(), feature.byPlace(), inputs)
          : new Called("", null, true, inputs);
    }

    boolean is(String expected) {
      return expected.equals(text) || expected.equals(name);
    }
  }

  private void names(ModelFacts model) {
    List<String> names = model.featureNames();
    List<Called> all = new ArrayList<>(features.stream().map(Called::of).toList());
    int input = 0;
    for (int i = 0; i < all.size(); i++) {
      Called called = all.get(i);
      String expected = names.get(input);
      input += called.inputs();
      if (called.name() == null || called.is(expected)) {
        continue;
      }
      boolean known = names.contains(called.text()) || names.contains(called.name());
      // The one or the other stands in another place: the order is wrong.
      boolean elsewhere = known || all.stream().anyMatch(other -> other.is(expected));
      // An empty name says nothing of what is expected.
      if (!known && (expected.isBlank() || called.byPlace())) {
        continue;
      }
      DescribedFeature feature = features.get(i);
      complaints.mistake(
          KEY + "[" + i + "]" + (feature.as() == null ? "" : ".as"),
          "found "
              + Found.quoted(called.text())
              + ", expected "
              + (expected.isBlank() ? "what has no name" : Found.quoted(expected))
              + ", which model "
              + model.name()
              + " takes there: "
              + names.stream()
                  .map(name -> name.isBlank() ? "(no name)" : name)
                  .collect(Collectors.joining(", "))
              + (elsewhere
                  ? ""
                  : "; if it is that, " + complaints.howToName(feature.name(), expected)));
    }
  }
}
