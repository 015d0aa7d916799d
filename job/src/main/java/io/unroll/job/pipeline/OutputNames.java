package io.unroll.job.pipeline;

import io.unroll.job.life.Unscale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code model.outputs}: names for the model's outputs and what they are, or labels to choose from.
 *
 * @param names in the model's order; empty when there are none
 * @param labels true where a prediction tells one of them
 * @param unscaled outputs in the unit of a feature
 * @param quantiles of the outputs that predict one, by their names
 */
record OutputNames(
    List<String> names, boolean labels, List<Unscale> unscaled, Map<String, Double> quantiles) {
  private static final String LABELS = "a list of labels, one per output or token";
  private static final String NAMES = "a list of names, or {labels: [...]}";
  private static final String NAME = "a name, or a map with name, unscale, quantile";

  /** Reads them. */
  private static final class Reader {
    private final Findings findings;
    private final Pipeline.@Nullable Observation observation;
    private final List<String> names = new ArrayList<>();
    private final List<Unscale> unscaled = new ArrayList<>();
    private final Map<String, Double> quantiles = new LinkedHashMap<>();

    Reader(Findings findings, Pipeline.@Nullable Observation observation) {
      this.findings = findings;
      this.observation = observation;
    }

    void add(Value item, @Nullable String name) {
      if (name != null && names.contains(name)) {
        findings.mistake(
            item.path(), "found " + Found.quoted(name) + " a second time, expected it once");
      }
      names.add(name == null ? "" : name);
    }

    void output(Value item) {
      if (!item.isMap()) {
        add(item, item.text(NAME));
        return;
      }
      Section section = item.section();
      if (section == null) {
        return;
      }
      Value nameValue = section.require("name", "the output's name");
      String name = nameValue == null ? null : nameValue.text("the output's name");
      add(nameValue == null ? item : nameValue, name);
      Value unscale = section.get("unscale");
      if (unscale != null) {
        unscale(unscale, names.size() - 1);
      }
      Value quantileValue = section.get("quantile");
      Double quantile = quantileValue == null ? null : quantileValue.fraction();
      if (name != null && quantile != null) {
        quantiles.put(name, quantile);
      }
    }

    private void unscale(Value value, int output) {
      String name = value.text("a feature of the observation");
      if (name == null || observation == null || findings.isWrong("observation.features")) {
        return;
      }
      List<FeatureField> features = observation.features();
      List<Integer> named = FeatureField.named(name, features);
      List<Integer> changed = named.stream().filter(i -> features.get(i).isChanged()).toList();
      if (changed.isEmpty() && !named.isEmpty()) {
        findings.mistake(
            value.path(),
            "found "
                + Found.quoted(name)
                + ", which the model sees as it is, expected a feature with transform or scale: there"
                + " is nothing to undo");
        return;
      }
      Integer feature = FeatureField.one(findings, value.path(), name, features, changed);
      if (feature != null) {
        unscaled.add(new Unscale(output, feature));
      }
    }

    OutputNames read(boolean labels) {
      return new OutputNames(
          List.copyOf(names), labels, List.copyOf(unscaled), Map.copyOf(quantiles));
    }
  }

  /**
   * Reads them; each mistake is reported.
   *
   * @param observation whose features may be undone; null if it is wrong in itself
   */
  static OutputNames read(
      Findings findings, @Nullable Value value, Pipeline.@Nullable Observation observation) {
    Reader reader = new Reader(findings, observation);
    if (value == null) {
      return reader.read(false);
    }
    if (!value.isMap()) {
      value.items(NAMES).forEach(reader::output);
      return reader.read(false);
    }
    Section section = value.section();
    Value labels = section == null ? null : section.require("labels", LABELS);
    if (labels != null) {
      labels.items(LABELS).forEach(label -> reader.add(label, label.text("a label")));
    }
    return reader.read(true);
  }
}
