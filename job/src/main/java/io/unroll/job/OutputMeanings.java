package io.unroll.job;

import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Scale;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Unscale;
import io.unroll.model.unroll.DecoderRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What outputs of a network mean, as it is being described: the unit that they are in, the quantile
 * that they predict, the fields that they are held against. All by their names.
 */
final class OutputMeanings {
  private final List<UnscaleOf> unscaled = new ArrayList<>();
  private final Map<String, Double> quantiles = new HashMap<>();
  private final List<EvaluateOf> evaluations = new ArrayList<>();

  private record UnscaleOf(String output, String feature) {}

  private record EvaluateOf(String output, String against, int ahead, long fromMillis) {}

  void unscale(String output, String feature) {
    unscaled.add(new UnscaleOf(output, feature));
  }

  void quantile(String output, double quantile) {
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException(
          "quantile of '"
              + output
              + "': found "
              + quantile
              + ", expected more than 0 and less than 1");
    }
    quantiles.put(output, quantile);
  }

  void evaluate(String output, String against, int ahead, @Nullable Instant from) {
    evaluations.add(
        new EvaluateOf(
            output, against, ahead, from == null ? Long.MIN_VALUE : from.toEpochMilli()));
  }

  /** Whether an output is held against something. */
  boolean evaluates() {
    return !evaluations.isEmpty();
  }

  /** Fails where an output is a token, which is no number in a unit or to hold against one. */
  void refuseTokens(@Nullable DecoderRules rules) {
    boolean tokens = rules != null && rules.next() == DecoderRules.Next.ARGMAX;
    if (tokens && !(unscaled.isEmpty() && quantiles.isEmpty() && evaluations.isEmpty())) {
      throw new IllegalArgumentException(
          (evaluates() ? "evaluate" : unscaled.isEmpty() ? "quantile" : "unscale")
              + ": found beside a decoder of tokens, expected none: a token is no number");
    }
  }

  /**
   * Outputs in the unit of a feature.
   *
   * @param outputs names of all
   */
  List<Unscale> unscaled(List<String> outputs, List<Feature> features) {
    List<Unscale> undone = new ArrayList<>();
    for (UnscaleOf wanted : unscaled) {
      int place = field(wanted.feature, features);
      Feature found = place < 0 ? Feature.truth(wanted.feature) : features.get(place);
      if (found.transform().equals(Transform.NONE) && found.scale().equals(Scale.NONE)) {
        throw new IllegalArgumentException(
            "unscale: found '"
                + wanted.feature
                + "', expected a feature with a transform or a scale to undo");
      }
      undone.add(new Unscale(output("unscale", wanted.output, outputs), place));
    }
    return undone;
  }

  /**
   * What is held against what comes true.
   *
   * @param outputs names of all
   * @param features Modified: fields that are no feature are added
   * @param undone outputs in the unit of a feature
   * @param rules of the decoder; null without
   */
  List<Evaluate> evaluations(
      List<String> outputs,
      List<Feature> features,
      List<Unscale> undone,
      @Nullable DecoderRules rules) {
    quantiles.keySet().forEach(name -> output("quantile", name, outputs));
    List<Evaluate> judged = new ArrayList<>();
    for (EvaluateOf wanted : evaluations) {
      int index = output("evaluate", wanted.output, outputs);
      int feature = field(wanted.against, features);
      if (feature < 0) {
        feature = features.size();
        features.add(Feature.truth(wanted.against));
      }
      boolean truth = features.get(feature).inputs() == 0;
      int unit = -1; // the feature in whose unit the output is
      for (Unscale unscale : undone) {
        unit = unscale.output() == index ? unscale.feature() : unit;
      }
      if (unit >= 0 && unit != feature && !truth) {
        throw new IllegalArgumentException(
            "evaluate: found '%s' against '%s', expected '%s', in whose unit it is, or a field that is no feature"
                .formatted(wanted.output, wanted.against, features.get(unit).name()));
      }
      if (rules != null && wanted.ahead > rules.steps()) {
        throw new IllegalArgumentException(
            "evaluate.ahead: found %d, expected at most %d, the decoder's steps"
                .formatted(wanted.ahead, rules.steps()));
      }
      Evaluate evaluate =
          new Evaluate(
              wanted.output,
              index,
              wanted.against,
              feature,
              unit >= 0 || truth,
              wanted.ahead,
              wanted.fromMillis,
              quantiles.getOrDefault(wanted.output, Double.NaN));
      if (judged.stream().anyMatch(other -> other.label().equals(evaluate.label()))) {
        throw new IllegalArgumentException(
            "evaluate: found " + evaluate.label() + " a second time, expected it once");
      }
      judged.add(evaluate);
    }
    return judged;
  }

  /** The place of a feature that is a field; -1 for none. */
  private static int field(String name, List<Feature> features) {
    for (int i = 0; i < features.size(); i++) {
      if (features.get(i).isField() && features.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static int output(String what, String name, List<String> outputs) {
    int place = outputs.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          what + ": found '" + name + "', expected one of " + String.join(", ", outputs));
    }
    return place;
  }
}
