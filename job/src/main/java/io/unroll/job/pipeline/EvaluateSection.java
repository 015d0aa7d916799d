package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.life.Evaluate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code evaluate:}. */
final class EvaluateSection {
  static final String KEY = "evaluate";

  private static final String EVALUATE =
      "a map with output, against and perhaps ahead, from, or a list of such maps";
  private static final String OUTPUT = "the name of one of the model's outputs";
  private static final String AGAINST = "a feature of the observation, or another field";

  private final Findings findings;
  private final Fields fields;
  private final Pipeline.@Nullable Observation observation;
  private final Pipeline.@Nullable Model model;
  private final List<Pipeline.EvaluateRule> rules = new ArrayList<>();
  private final List<FieldPath> truths = new ArrayList<>();

  /**
   * @param observation null if it is wrong in itself
   * @param model null if it is wrong in itself
   */
  EvaluateSection(
      Findings findings,
      Fields fields,
      Pipeline.@Nullable Observation observation,
      Pipeline.@Nullable Model model) {
    this.findings = findings;
    this.fields = fields;
    this.observation = observation;
    this.model = model;
  }

  /** What is held against what comes true. */
  Pipeline.Evaluations read(Section root) {
    Value value = root.get(KEY);
    if (value == null) {
      return Pipeline.Evaluations.NONE;
    }
    if (!value.isMap() && !value.isList()) {
      value.mistake(EVALUATE);
      return Pipeline.Evaluations.NONE;
    }
    refuseOtherPredictions();
    for (Value item : value.oneOrMore(EVALUATE)) {
      if (!item.isMap()) {
        item.mistake("a map with output, against and perhaps ahead, from");
        continue;
      }
      // One map and the maps of a list share one place in the option table.
      Section section = new Value(findings, item.path(), KEY, item.node()).section();
      if (section != null) {
        add(section);
      }
    }
    return new Pipeline.Evaluations(rules, truths);
  }

  /** Numbers alone can be held against numbers, and those of somebody's next observations. */
  private void refuseOtherPredictions() {
    if (model == null) {
      return;
    }
    Pipeline.Decoder decoder = model.decoder();
    if (decoder != null && decoder.alone()) {
      findings.mistake(
          KEY,
          "found beside a decoder without an encoder, expected none: each observation is a sequence of"
              + " its own, and no other one shows what comes true");
    }
    if (model.givesTokens() || model.labels()) {
      findings.mistake(
          KEY,
          "found beside "
              + (model.givesTokens() ? "next: argmax" : "labels")
              + ", expected none: a "
              + (model.givesTokens() ? "token" : "label")
              + " is no number that a field could have");
    }
  }

  private void add(Section section) {
    Value outputValue = section.require("output", OUTPUT);
    String output = outputValue == null ? null : outputValue.text(OUTPUT);
    Value aheadValue = section.get("ahead");
    Long ahead = aheadValue == null ? Long.valueOf(1) : aheadValue.integer(1, Evaluate.FARTHEST);
    Value fromValue = section.get("from");
    Instant from = fromValue == null ? null : SourceSection.instant(fromValue);
    Value againstValue = section.require("against", AGAINST);
    FieldPath field = againstValue == null ? null : fields.read(againstValue, AGAINST);
    Pipeline.Decoder decoder = model == null ? null : model.decoder();
    if (aheadValue != null
        && ahead != null
        && decoder != null
        && !decoder.alone()
        && ahead > decoder.steps()
        && !findings.isWrong("model.decoder.steps")) {
      aheadValue.mistake(
          "at most model.decoder.steps, which is "
              + decoder.steps()
              + ": no run of the decoder comes so far");
    }
    if (outputValue == null
        || output == null
        || ahead == null
        || againstValue == null
        || field == null
        || observation == null
        || model == null
        || findings.isWrong("observation.features")
        || findings.isWrong("model.outputs")) {
      return;
    }
    int place = model.outputs().indexOf(output);
    if (place < 0 && !model.outputs().isEmpty()) {
      findings.mistake(outputValue.path(), unknown(output, model.outputs()));
    }
    Integer unscaled = place < 0 ? null : model.unscaled(place);
    Integer feature = feature(againstValue, field, output, unscaled, observation.features());
    if (feature == null) {
      return;
    }
    Pipeline.EvaluateRule rule =
        new Pipeline.EvaluateRule(
            output,
            field,
            feature,
            unscaled != null || feature >= observation.features().size(),
            Math.toIntExact(ahead),
            from,
            model.quantiles().getOrDefault(output, Double.NaN));
    for (Pipeline.EvaluateRule other : rules) {
      if (other.output().equals(output)
          && other.feature() == feature
          && other.ahead() == rule.ahead()) {
        findings.mistake(
            section.path(),
            "found " + rule.evaluate(List.of(output)).label() + " a second time, expected it once");
        return;
      }
    }
    rules.add(rule);
  }

  /** What is wrong with a name that no output has. */
  static String unknown(String output, List<String> outputs) {
    return "found "
        + Found.quoted(output)
        + ", expected "
        + Found.oneOf(outputs)
        + Found.didYouMean(Spelling.closest(output, outputs));
  }

  /**
   * The place of a field among the features, behind which those stand that the model does not see.
   *
   * @param unscaled the feature in whose unit the output is; null where it is as the model gives it
   * @return null if it is not one, which has been reported
   */
  private @Nullable Integer feature(
      Value value,
      FieldPath field,
      String output,
      @Nullable Integer unscaled,
      List<FeatureField> features) {
    List<Integer> named = FeatureField.named(field.text(), features);
    if (named.isEmpty()) {
      if (!truths.contains(field)) {
        truths.add(field);
      }
      return features.size() + truths.indexOf(field);
    }
    if (unscaled == null) {
      return FeatureField.one(findings, value.path(), field.text(), features, named);
    }
    if (named.contains(unscaled)) {
      return unscaled;
    }
    FieldPath undone = features.get(unscaled).field();
    findings.mistake(
        value.path(),
        "found "
            + Found.quoted(field.text())
            + ", expected "
            + (undone == null ? "another field" : undone.text())
            + ", in whose unit output "
            + Found.quoted(output)
            + " is, or a field that is no feature");
    return null;
  }
}
