package io.unroll.job.describe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What outputs are called and what they mean: names, units, quantiles. */
final class OutputCheck {
  private static final String KEY = ModelKeys.OUTPUTS.path();

  private final Description description;
  private final Complaints complaints;

  OutputCheck(Description description, Complaints complaints) {
    this.description = description;
    this.complaints = complaints;
  }

  /** What can be told without a model. */
  void alone() {
    List<String> names = names();
    boolean labels = labels();
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isEmpty() && names.indexOf(names.get(i)) < i) {
        String item = (labels ? ModelKeys.LABELS.path() : KEY) + "[" + i + "]";
        complaints.mistake(
            complaints.written(item + ".name", item),
            "found " + Found.quoted(names.get(i)) + " a second time, expected it once");
      }
    }
    quantiles().forEach((output, quantile) -> quantile(names, output, quantile));
    List<DescribedFeature> features = Checks.features(description, complaints);
    if (features != null) {
      unscaled().forEach((output, feature) -> unscale(names, output, feature, features));
    }
    if (Checks.givesTokens(description) && !labels && isSaid()) {
      complaints.mistake(
          KEY,
          "found names, expected {labels: [...]} or nothing: with next: argmax a prediction is a"
              + " token and its score");
    }
  }

  private boolean isSaid() {
    return complaints.isSaid(description, ModelKeys.OUTPUTS)
        || !unscaled().isEmpty()
        || !quantiles().isEmpty();
  }

  private void quantile(List<String> names, String output, double quantile) {
    String expected = Type.Real.FRACTION.refusal(quantile);
    if (expected != null) {
      complaints.mistake(
          place(names, output) + ".quantile", "found " + quantile + ", expected " + expected);
    }
  }

  private void unscale(
      List<String> names, String output, String feature, List<DescribedFeature> features) {
    String path = place(names, output) + ".unscale";
    List<Integer> changed = Features.changed(feature, features);
    if (changed.isEmpty() && !Features.named(feature, features).isEmpty()) {
      complaints.mistake(
          path,
          "found "
              + Found.quoted(feature)
              + ", which the model sees as it is, expected a feature with transform or scale: there"
              + " is nothing to undo");
      return;
    }
    Features.one(complaints, path, feature, features, changed);
  }

  private static String place(List<String> names, String output) {
    return names.contains(output) ? KEY + "[" + names.indexOf(output) + "]" : KEY + "[]";
  }

  /** Whether they are as many as a model gives, in its order. */
  void against(ModelFacts model) {
    List<String> ours = complaints.isWrong(KEY) ? List.of() : names();
    String key = labels() ? ModelKeys.LABELS.path() : KEY;
    List<String> theirs = model.outputNames();
    if (ours.isEmpty()) {
      if (!complaints.isWrong(key)) {
        toldApart(key, model);
      }
      if (!complaints.isWrong(KEY)) {
        meanings(model.ownNames());
      }
      return;
    }
    int outputSize = model.outputSize();
    if (ours.size() != outputSize) {
      complaints.mistake(
          key,
          "found "
              + Features.counted(ours.size(), labels() ? "label" : "name")
              + ", expected "
              + outputSize
              + ", which model "
              + model.name()
              + " gives"
              + (theirs.size() == outputSize ? ": " + String.join(", ", theirs) : ""));
      return;
    }
    meanings(ours);
    if (theirs.size() != outputSize || Set.copyOf(theirs).size() < outputSize) {
      return; // it names none, or names that tell no place
    }
    for (int i = 0; i < outputSize; i++) {
      // Another name is the pipeline's right; the model's own name in another place is a slip.
      if (!ours.get(i).equals(theirs.get(i))
          && (theirs.contains(ours.get(i)) || ours.contains(theirs.get(i)))) {
        complaints.mistake(
            key + "[" + i + "]",
            "found "
                + Found.quoted(ours.get(i))
                + ", expected "
                + Found.quoted(theirs.get(i))
                + ", which model "
                + model.name()
                + " gives there: "
                + String.join(", ", theirs));
      }
    }
  }

  /** Whether what is said of outputs is said of some that there are. */
  private void meanings(List<String> names) {
    List<String> told = new ArrayList<>(unscaled().keySet());
    told.addAll(quantiles().keySet());
    for (String output : told) {
      if (!names.contains(output)) {
        complaints.mistake(KEY, unknown(output, names));
      }
    }
  }

  /**
   * Whether the model's own names tell its outputs apart: a prediction has each value under one.
   */
  private void toldApart(String key, ModelFacts model) {
    List<String> names = model.outputNames();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isEmpty() || names.indexOf(name) < i) {
        complaints.mistake(
            key,
            "found none, and model "
                + model.name()
                + " calls output "
                + i
                + " "
                + Found.quoted(name)
                + (name.isEmpty() ? "" : " a second time")
                + ": "
                + String.join(", ", names)
                + "; expected a list of names of their own");
        return;
      }
    }
  }

  /** What is wrong with a name that no output has. */
  static String unknown(String output, List<String> outputs) {
    return "found "
        + Found.quoted(output)
        + ", expected "
        + Found.oneOf(outputs)
        + Found.didYouMean(Spelling.closest(output, outputs));
  }

  private List<String> names() {
    @Nullable List<String> names = description.get(ModelKeys.OUTPUTS);
    return names == null ? List.of() : names;
  }

  private boolean labels() {
    return Boolean.TRUE.equals(description.get(ModelKeys.LABELS));
  }

  private Map<String, String> unscaled() {
    @Nullable Map<String, String> unscaled = description.get(ModelKeys.UNSCALE);
    return unscaled == null ? new LinkedHashMap<>() : unscaled;
  }

  private Map<String, Double> quantiles() {
    @Nullable Map<String, Double> quantiles = description.get(ModelKeys.QUANTILE);
    return quantiles == null ? new LinkedHashMap<>() : quantiles;
  }
}
