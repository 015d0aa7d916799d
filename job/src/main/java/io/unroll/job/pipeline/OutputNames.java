package io.unroll.job.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code model.outputs}: names for the model's outputs. */
final class OutputNames {
  private OutputNames() {}

  /** The names; each mistake is reported. */
  static List<String> read(Findings findings, Value value) {
    List<String> names = new ArrayList<>();
    for (Value item : value.items("a list of names")) {
      if (item.isMap()) {
        findings.mistake(
            item.path(), "found a map, which this version does not know yet, expected a name");
        continue;
      }
      String name = item.text("a name");
      if (name != null && names.contains(name)) {
        findings.mistake(
            item.path(), "found " + Found.quoted(name) + " a second time, expected it once");
      }
      names.add(name == null ? "" : name);
    }
    return List.copyOf(names);
  }
}
