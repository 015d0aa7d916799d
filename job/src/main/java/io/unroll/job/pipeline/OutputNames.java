package io.unroll.job.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code model.outputs}: names for the model's outputs, or labels to choose from.
 *
 * @param names in the model's order; empty when there are none
 * @param labels true where a prediction tells one of them
 */
record OutputNames(List<String> names, boolean labels) {
  private static final String LABELS = "a list of labels, one per output or token";

  /** Reads them; each mistake is reported. */
  static OutputNames read(Findings findings, @Nullable Value value) {
    if (value == null) {
      return new OutputNames(List.of(), false);
    }
    if (!value.isMap()) {
      return new OutputNames(
          names(findings, value, "a list of names, or {labels: [...]}", "a name"), false);
    }
    Section section = value.section();
    Value labels = section == null ? null : section.require("labels", LABELS);
    return new OutputNames(
        labels == null ? List.of() : names(findings, labels, LABELS, "a label"), true);
  }

  private static List<String> names(Findings findings, Value list, String expected, String one) {
    List<String> names = new ArrayList<>();
    for (Value item : list.items(expected)) {
      if (item.isMap()) {
        findings.mistake(
            item.path(), "found a map, which this version does not know yet, expected " + one);
        continue;
      }
      String name = item.text(one);
      if (name != null && names.contains(name)) {
        findings.mistake(
            item.path(), "found " + Found.quoted(name) + " a second time, expected it once");
      }
      names.add(name == null ? "" : name);
    }
    return List.copyOf(names);
  }
}
