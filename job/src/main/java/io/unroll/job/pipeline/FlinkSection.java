package io.unroll.job.pipeline;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads {@code flink:}. Plug-ins bring options of their own, so an unknown one is no mistake; those
 * of Flink's core must parse, and the few that the job depends on must fit it.
 */
final class FlinkSection {
  private static final List<Class<?>> OPTION_CLASSES =
      List.of(
          CheckpointingOptions.class,
          CoreOptions.class,
          ExecutionOptions.class,
          JobManagerOptions.class,
          MetricOptions.class,
          PipelineOptions.class,
          RestOptions.class,
          RestartStrategyOptions.class,
          StateBackendOptions.class,
          StateRecoveryOptions.class,
          TaskManagerOptions.class);

  private static final Map<String, ConfigOption<?>> CORE = coreOptions();

  private final Findings findings;

  FlinkSection(Findings findings) {
    this.findings = findings;
  }

  /** The options with dotted keys, in the file's order; mistakes are reported. */
  Map<String, String> read(Section root) {
    Map<String, String> options = new LinkedHashMap<>();
    Value value = root.get("flink");
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
            "found " + Found.describe(tuple.getKeyNode()) + " as a key, expected a name");
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
    ConfigOption<?> option = CORE.get(key);
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
    String near = Spelling.closest(key, CORE.keySet());
    if (near != null) {
      findings.warning(
          "flink." + key,
          "found an option that Flink's core does not have, expected one of its options or a"
              + " plug-in's"
              + Found.didYouMean(near));
    }
  }

  private static Map<String, ConfigOption<?>> coreOptions() {
    Map<String, ConfigOption<?>> options = new TreeMap<>();
    for (Class<?> type : OPTION_CLASSES) {
      for (Field field : type.getFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && ConfigOption.class.isAssignableFrom(field.getType())) {
          try {
            ConfigOption<?> option = (ConfigOption<?>) field.get(null);
            options.put(option.key(), option);
          } catch (IllegalAccessException e) {
            throw new IllegalStateException("public field " + field + " is not accessible", e);
          }
        }
      }
    }
    return options;
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause().getMessage() != null) {
      cause = cause.getCause();
    }
    return Found.reason(cause);
  }
}
