package io.unroll.job.pipeline;

import io.unroll.job.describe.Found;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.Spelling;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads {@code flink:}. Plug-ins bring options of their own, so an unknown one is no mistake; those
 * of Flink's core must parse, and the few that the job depends on must fit it.
 */
final class FlinkSection {
  private final Findings findings;

  FlinkSection(Findings findings) {
    this.findings = findings;
  }

  /** The options with dotted keys, in the file's order; mistakes are reported. */
  Map<String, String> read(Section root) {
    Map<String, String> options = new LinkedHashMap<>();
    Value value = root.value(RootKeys.FLINK);
    if (value == null) {
      return options;
    }
    if (!(value.node() instanceof MappingNode)) {
      value.mistake("a map of Flink options");
      return options;
    }
    flatten(value, "", options);
    options.forEach(this::checkParses);
    return options;
  }

  private void flatten(Value value, String prefix, Map<String, String> options) {
    if (!(value.node() instanceof MappingNode map)) {
      String text = value.option(";");
      if (text != null && options.putIfAbsent(prefix, text) != null) {
        findings.mistake(
            Findings.placeOf(value.node()), value.path(), "found a second time, expected once");
      }
      return;
    }
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key) || key.getValue().isBlank()) {
        findings.mistake(
            Findings.placeOf(tuple.getKeyNode()),
            value.path(),
            "found " + Nodes.describe(tuple.getKeyNode()) + " as a key, expected a name");
        continue;
      }
      String path = value.path() + "." + Found.oneLine(key.getValue());
      findings.place(path, key);
      flatten(
          new Value(findings, path, value.schema(), tuple.getValueNode()),
          prefix.isEmpty() ? key.getValue() : prefix + "." + key.getValue(),
          options);
    }
  }

  private void checkParses(String key, String text) {
    ConfigOption<?> option = FlinkOptions.of(key);
    if (option != null) {
      try {
        Configuration.fromMap(Map.of(key, text)).getOptional(option);
      } catch (IllegalArgumentException e) {
        findings.mistake(
            "flink." + key,
            "found " + Found.quoted(text) + ", expected a value that Flink reads: " + reason(e));
      }
      return;
    }
    String near = Spelling.closest(key, FlinkOptions.keys());
    if (near != null) {
      findings.warning(
          "flink." + key,
          "found an option that Flink's core does not have, expected one of its options or a"
              + " plug-in's"
              + Found.didYouMean(near));
    }
  }

  /** What Flink says of a value in the end. */
  static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause().getMessage() != null) {
      cause = cause.getCause();
    }
    return Found.reason(cause);
  }
}
