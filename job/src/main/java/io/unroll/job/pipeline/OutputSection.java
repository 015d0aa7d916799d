package io.unroll.job.pipeline;

import io.unroll.job.describe.Description;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code model.outputs}: names and what they mean, or labels to choose from. */
final class OutputSection {
  private static final String LABELS = "a list of labels, one per output or token";
  private static final String NAMES = "a list of names, or {labels: [...]}";
  private static final String NAME = "a name, or a map with name, unscale, quantile";
  private static final String FEATURE = "a feature of the observation";

  private final Findings findings;
  private final List<String> names = new ArrayList<>();
  private final Map<String, String> unscaled = new LinkedHashMap<>();
  private final Map<String, Double> quantiles = new LinkedHashMap<>();

  OutputSection(Findings findings) {
    this.findings = findings;
  }

  /**
   * Reads them; each mistake is reported.
   *
   * @param description what they are called, and mean. Modified.
   */
  void read(Value value, Description description) {
    boolean labelled = value.isMap();
    if (labelled) {
      Section section = value.section();
      Value labels = section == null ? null : section.value(ModelKeys.LABELS);
      if (section != null && labels == null) {
        findings.mistake(ModelKeys.LABELS.path(), "found nothing, expected " + LABELS);
      } else if (labels != null) {
        labels.items(LABELS).forEach(label -> add(label.text("a label")));
      }
    } else {
      value.items(NAMES).forEach(this::output);
    }
    description.say(ModelKeys.OUTPUTS, List.copyOf(names));
    description.say(ModelKeys.LABELS, labelled);
    description.say(ModelKeys.UNSCALE, unscaled);
    description.say(ModelKeys.QUANTILE, quantiles);
  }

  private void add(@Nullable String name) {
    names.add(name == null ? "" : name);
  }

  private void output(Value item) {
    if (!item.isMap()) {
      add(item.text(NAME));
      return;
    }
    Section section = item.section();
    if (section == null) {
      return;
    }
    String name = section.require(ModelKeys.OUTPUT_CALLED);
    add(name);
    Value unscale = section.value(ModelKeys.UNSCALE);
    String feature = unscale == null ? null : unscale.text(FEATURE);
    Value quantileValue = section.value(ModelKeys.QUANTILE);
    Double quantile = quantileValue == null ? null : quantileValue.read(Type.Real.FRACTION);
    if (name != null && feature != null) {
      unscaled.put(name, feature);
    }
    if (name != null && quantile != null) {
      quantiles.put(name, quantile);
    }
  }
}
