package io.unroll.job.pipeline;

import io.unroll.job.describe.Description;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * One map of the file. Reports keys that no declaration knows and keys that come twice; hands out
 * the rest. What is missing or wrong is reported and replaced by something harmless: a file with a
 * mistake never becomes a {@link Pipeline}.
 */
final class Section {
  private final Findings findings;
  private final String path;
  private final String schema;
  private final Map<String, Value> known = new LinkedHashMap<>();
  private final Map<String, Value> others = new LinkedHashMap<>();

  /**
   * @param path as the user sees it
   * @param schema the section's name in {@link PipelineKeys}
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
            "found " + Nodes.describe(tuple.getKeyNode()) + " as a key, expected a name");
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
    Set<String> names = PipelineKeys.keysOf(schema);
    String now = Renamed.of(schema, key);
    String name = schema.isEmpty() ? key : schema + "." + key;
    String shown = pathOf(key);
    if (names.contains(key)) {
      findings.place(shown, keyNode);
      known.put(key, new Value(findings, shown, name, node));
    } else if (PipelineKeys.isOpen(schema)) {
      findings.place(shown, keyNode);
      others.put(key, new Value(findings, shown, name, node));
    } else if (now != null) {
      findings.renamed(Findings.placeOf(keyNode), shown, key, pathOf(now), now);
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
    return PipelineKeys.suggestions(schema, key).stream()
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

  boolean has(Key<?> key) {
    return value(key) != null;
  }

  /** What stands under a key that may be left out. */
  @Nullable Value value(Key<?> key) {
    if (!key.section().equals(schema)) {
      throw new IllegalArgumentException(key.path() + " is no key of " + schema);
    }
    return known.get(key.name());
  }

  /** What stands under a key that must be there; null when its absence has been reported. */
  @Nullable Value requireValue(Key<?> key) {
    Value value = value(key);
    if (value == null) {
      findings.mistake(pathOf(key.name()), "found nothing, expected " + expected(key));
    }
    return value;
  }

  /** The value of a key; null if it is not there, or none that the key takes: then reported. */
  <T> @Nullable T get(Key<T> key) {
    Value value = value(key);
    return value == null ? null : value.read(key.type());
  }

  /** The value of a key, or its default. */
  <T> T of(Key<T> key) {
    return key.orStandard(get(key));
  }

  /** The value of a key that must be there; null if it is none, which has been reported. */
  <T> @Nullable T require(Key<T> key) {
    Value value = requireValue(key);
    return value == null ? null : value.read(key.type());
  }

  /** Hands values that are there and right to the description. */
  void say(Description description, List<Key<?>> keys) {
    keys.forEach(key -> say(description, key));
  }

  /** Hands a value that is there and right to the description. */
  <T> void say(Description description, Key<T> key) {
    T value = get(key);
    if (value != null) {
      description.say(key, value);
    }
  }

  /** The same of a key that must be there. */
  <T> void sayRequired(Description description, Key<T> key) {
    T value = require(key);
    if (value != null) {
      description.say(key, value);
    }
  }

  /** The names that are not ours, in the file's order. */
  Map<String, Value> others() {
    return others;
  }

  /** The map under a key; null if it is not there, or no map, which has been reported. */
  @Nullable Section section(Key<?> key) {
    Value value = value(key);
    return value == null ? null : value.section();
  }

  /**
   * The one of {@code keys} that is there; null when none or several are, which has been reported.
   */
  @Nullable Key<?> exactlyOne(Key<?>... keys) {
    List<Key<?>> there = new ArrayList<>();
    for (Key<?> key : keys) {
      if (has(key)) {
        there.add(key);
      }
    }
    if (there.size() == 1) {
      return there.get(0);
    }
    findings.mistake(
        path,
        (there.isEmpty()
                ? "found neither " + names(" nor ", List.of(keys))
                : "found both " + names(" and ", there))
            + ", expected one of them");
    return null;
  }

  private static String names(String between, List<Key<?>> keys) {
    return String.join(between, keys.stream().map(key -> key.name()).toList());
  }

  private static @Nullable String expected(Key<?> key) {
    return key.type() instanceof Type.Word<?> word ? Found.oneOf(word.labels()) : key.expected();
  }
}
