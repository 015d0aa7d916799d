package io.unroll.job.describe;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds features by their names, and the inputs of the model that they give. */
public final class Features {
  private Features() {}

  /** Inputs of the model that features take together. */
  public static int inputs(List<DescribedFeature> features) {
    return features.stream().mapToInt(described -> described.feature().inputs()).sum();
  }

  /** {@code 2 features}, or {@code 2 features that give 3 inputs}. */
  static String count(List<DescribedFeature> features) {
    int inputs = inputs(features);
    return counted(features.size(), "feature")
        + (inputs == features.size()
            ? ""
            : (features.size() == 1 ? " that gives " : " that give ") + inputs + " inputs");
  }

  /** {@code 2 features}. */
  static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /**
   * The features whose field is written so, or else those whose last name or model's name it is.
   */
  static List<Integer> named(String name, List<DescribedFeature> features) {
    List<Integer> written = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      DescribedFeature feature = features.get(i);
      if (feature.isField() && feature.name().equals(name)) {
        written.add(i);
      }
      if (feature.isField() && (name.equals(feature.last()) || name.equals(feature.as()))) {
        last.add(i);
      }
    }
    return written.isEmpty() ? last : written;
  }

  /** The features of a name whose value the model does not see as it is. */
  static List<Integer> changed(String name, List<DescribedFeature> features) {
    return named(name, features).stream().filter(i -> features.get(i).isChanged()).toList();
  }

  /**
   * The one feature of a name.
   *
   * @param path of what names it
   * @param found those that have the name
   * @return null if it is not one, which has been reported
   */
  static @Nullable Integer one(
      Complaints complaints,
      String path,
      String name,
      List<DescribedFeature> features,
      List<Integer> found) {
    if (found.size() == 1) {
      return found.get(0);
    }
    List<String> texts =
        features.stream().filter(DescribedFeature::isField).map(DescribedFeature::name).toList();
    complaints.mistake(
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
   * Reports names that are not those of one feature, and two of the same one.
   *
   * @param paths of the names, one each
   */
  static void checkEach(
      Complaints complaints,
      List<String> paths,
      List<String> names,
      List<DescribedFeature> features) {
    Set<Integer> seen = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (complaints.isWrong(paths.get(i))) {
        continue;
      }
      Integer feature = one(complaints, paths.get(i), name, features, named(name, features));
      if (feature != null && !seen.add(feature)) {
        complaints.mistake(
            paths.get(i), "found " + Found.quoted(name) + " a second time, expected it once");
      }
    }
  }

  /** The first input of the model that the one feature of a name gives. */
  static int place(String name, List<DescribedFeature> features) {
    return inputs(features.subList(0, named(name, features).get(0)));
  }

  /** The fields that predictions are held against and no feature is, in the order named. */
  public static List<String> truths(Description description) {
    List<DescribedFeature> features = description.get(ObservationKeys.FEATURES);
    List<DescribedEvaluation> evaluations = description.get(RootKeys.EVALUATE);
    Set<String> truths = new LinkedHashSet<>();
    if (features != null && evaluations != null) {
      for (DescribedEvaluation evaluation : evaluations) {
        if (named(evaluation.against(), features).isEmpty()) {
          truths.add(evaluation.against());
        }
      }
    }
    return List.copyOf(truths);
  }
}
