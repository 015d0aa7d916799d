package io.unroll.job.describe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What outputs are held against: numbers alone, against numbers that come. */
final class EvaluateCheck {
  private static final String KEY = RootKeys.EVALUATE.path();

  private final Description description;
  private final Complaints complaints;
  private final List<DescribedEvaluation> evaluations;

  EvaluateCheck(
      Description description, Complaints complaints, List<DescribedEvaluation> evaluations) {
    this.description = description;
    this.complaints = complaints;
    this.evaluations = evaluations;
  }

  /** What can be told without a model. */
  void alone() {
    refuseOtherPredictions();
    List<Held> held = new ArrayList<>();
    for (int i = 0; i < evaluations.size(); i++) {
      String item = item(i);
      if (!isWrong(item)) {
        check(evaluations.get(i), item, held);
      }
    }
  }

  /** Whether something in one of them is wrong in itself. */
  private boolean isWrong(String item) {
    return (!item.equals(KEY) && complaints.isWrong(item))
        || complaints.isWrong(item + ".output")
        || complaints.isWrong(item + ".against")
        || complaints.isWrong(item + ".ahead");
  }

  /** The place of one of them: several stand in a list, a single one may stand by itself. */
  private String item(int i) {
    return complaints.written(KEY + "[" + i + "]", KEY);
  }

  /** Numbers alone can be held against numbers, and those of somebody's next observations. */
  private void refuseOtherPredictions() {
    if (Checks.isAlone(description)) {
      complaints.mistake(
          KEY,
          "found beside a decoder without an encoder, expected none: each observation is a sequence of"
              + " its own, and no other one shows what comes true");
    }
    boolean tokens = Checks.givesTokens(description);
    if (tokens || Boolean.TRUE.equals(description.get(ModelKeys.LABELS))) {
      complaints.mistake(
          KEY,
          "found beside "
              + (tokens ? "next: argmax" : "labels")
              + ", expected none: a "
              + (tokens ? "token" : "label")
              + " is no number that a field could have");
    }
  }

  /** One output beside one field. */
  private record Held(String output, String against, long ahead) {}

  private void check(DescribedEvaluation evaluation, String item, List<Held> held) {
    long ahead = evaluation.ahead();
    String expected = OutputKeys.EVALUATE_AHEAD.type().refusal(ahead);
    if (expected != null) {
      complaints.mistake(item + ".ahead", "found " + ahead + ", expected " + expected);
      return;
    }
    Long steps = description.get(DecoderKeys.STEPS);
    if (steps != null
        && description.says(ModelKeys.DECODER)
        && !Checks.isAlone(description)
        && ahead > steps
        && !complaints.isWrong(DecoderKeys.STEPS.path())) {
      complaints.mistake(
          item + ".ahead",
          "found "
              + ahead
              + ", expected at most model.decoder.steps, which is "
              + steps
              + ": no run of the decoder comes so far");
    }
    List<DescribedFeature> features = Checks.features(description, complaints);
    if (features == null || complaints.isWrong(ModelKeys.OUTPUTS.path())) {
      return;
    }
    @Nullable List<String> outputs = description.get(ModelKeys.OUTPUTS);
    if (outputs != null && !outputs.isEmpty() && !outputs.contains(evaluation.output())) {
      complaints.mistake(item + ".output", OutputCheck.unknown(evaluation.output(), outputs));
    }
    String field = field(evaluation, item + ".against", features);
    Held found = new Held(evaluation.output(), String.valueOf(field), ahead);
    if (field != null && held.contains(found)) {
      complaints.mistake(
          item,
          "found "
              + evaluation.output()
              + " against "
              + evaluation.against()
              + " "
              + ahead
              + " ahead a second time, expected it once");
    }
    held.add(found);
  }

  /** What tells the field from others; null if it is not one, which has been reported. */
  private @Nullable String field(
      DescribedEvaluation evaluation, String path, List<DescribedFeature> features) {
    String against = evaluation.against();
    List<Integer> named = Features.named(against, features);
    if (named.isEmpty()) {
      return against;
    }
    Integer unit = unit(description, evaluation.output(), features);
    if (unit == null) {
      Integer one = Features.one(complaints, path, against, features, named);
      return one == null ? null : "[" + one + "]";
    }
    if (named.contains(unit)) {
      return "[" + unit + "]";
    }
    complaints.mistake(
        path,
        "found "
            + Found.quoted(against)
            + ", expected "
            + features.get(unit).name()
            + ", in whose unit output "
            + Found.quoted(evaluation.output())
            + " is, or a field that is no feature");
    return null;
  }

  /**
   * The place of the feature in whose unit an output is; null where it is as the model gives it.
   */
  static @Nullable Integer unit(
      Description description, String output, List<DescribedFeature> features) {
    @Nullable Map<String, String> unscaled = description.get(ModelKeys.UNSCALE);
    String feature = unscaled == null ? null : unscaled.get(output);
    List<Integer> changed = feature == null ? List.of() : Features.changed(feature, features);
    return changed.size() == 1 ? changed.get(0) : null;
  }

  /** Whether the outputs are there; a pipeline's own names have been looked at. */
  void against(ModelFacts model) {
    @Nullable List<String> ours = description.get(ModelKeys.OUTPUTS);
    if ((ours != null && !ours.isEmpty())
        || complaints.isWrong(ModelKeys.OUTPUTS.path())
        || complaints.isWrong(KEY)) {
      return;
    }
    List<String> outputs = model.ownNames();
    for (int i = 0; i < evaluations.size(); i++) {
      String output = evaluations.get(i).output();
      if (!outputs.contains(output)) {
        complaints.mistake(item(i) + ".output", OutputCheck.unknown(output, outputs));
      }
    }
  }
}
