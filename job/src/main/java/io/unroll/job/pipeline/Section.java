package io.unroll.job.pipeline;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * One map of the file. Reports keys that the option table does not know and keys that come twice;
 * hands out the rest. What is missing or wrong is reported and replaced by something harmless: a
 * file with a mistake never becomes a {@link Pipeline}.
 */
final class Section {
  private final Findings findings;
  private final String path;
  private final String schema;
  private final Map<String, Value> known = new LinkedHashMap<>();
  private final Map<String, Value> others = new LinkedHashMap<>();

  /**
   * @param path as the user sees it
   * @param schema the section's name in {@link PipelineOptions}
   */
  Section(Findings findings, String path, String schema, MappingNode map) {
    this.findings = findings;
    this.path = path;
    this.schema = schema;
    Map<String, Node> seen = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        findings.mistake(
            Findings.placeOf(tuple.getKeyNode()),
            path,
            "found " + Found.describe(tuple.getKeyNode()) + " as a key, expected a name");
        continue;
      }
      Node first = seen.putIfAbsent(key.getValue(), key);
      if (first != null) {
        findings.mistake(
            Findings.placeOf(key),
            pathOf(key.getValue()),
            "found a second time, expected once: it is in line "
                + Findings.placeOf(first).line()
                + " already");
        continue;
      }
      add(key, tuple.getValueNode());
    }
  }

  private void add(ScalarNode keyNode, Node node) {
    String key = keyNode.getValue();
    Set<String> names = PipelineOptions.keysOf(schema);
    String name = schema.isEmpty() ? key : schema + "." + key;
    String shown = pathOf(key);
    if (names.contains(key)) {
      findings.place(shown, keyNode);
      known.put(key, new Value(findings, shown, name, node));
    } else if (PipelineOptions.isOpen(schema)) {
      findings.place(shown, keyNode);
      others.put(key, new Value(findings, shown, name, node));
    } else {
      findings.mistake(
          Findings.placeOf(keyNode),
          shown,
          "found unknown key "
              + Found.quoted(key)
              + ", expected "
              + Found.oneOf(names)
              + Found.didYouMean(suggestions(key)));
    }
  }

  /** What may have been meant, as the user would write it. */
  private List<String> suggestions(String key) {
    return PipelineOptions.suggestions(schema, key).stream()
        .map(s -> s.startsWith(schema + ".") ? path + s.substring(schema.length()) : s)
        .map(s -> s.replace("sink.OUTPUT", "sink.predictions"))
        .toList();
  }

  private String pathOf(String key) {
    String shown = Found.oneLine(key);
    return path.isEmpty() ? shown : path + "." + shown;
  }

  String path() {
    return path;
  }

  boolean has(String key) {
    return known.containsKey(key);
  }

  /** The value of a key that may be left out. */
  @Nullable Value get(String key) {
    return known.get(key);
  }

  /** The value of a key that must be there; null when its absence has been reported. */
  @Nullable Value require(String key, String expected) {
    Value value = known.get(key);
    if (value == null) {
      findings.mistake(pathOf(key), "found nothing, expected " + expected);
    }
    return value;
  }

  /** The names that are not ours, in the file's order. */
  Map<String, Value> others() {
    return others;
  }

  /** The map under a key; null if it is not there, or no map, which has been reported. */
  @Nullable Section section(String key) {
    Value value = known.get(key);
    return value == null ? null : value.section();
  }

  /**
   * The one of {@code keys} that is there; null when none or several are, which has been reported.
   */
  @Nullable String exactlyOne(String... keys) {
    Set<String> there = new LinkedHashSet<>(List.of(keys));
    there.retainAll(known.keySet());
    if (there.size() == 1) {
      return there.iterator().next();
    }
    findings.mistake(
        path,
        (there.isEmpty()
                ? "found neither " + String.join(" nor ", keys)
                : "found both " + String.join(" and ", there))
            + ", expected one of them");
    return null;
  }
}
