package io.unroll.job.pipeline;

import io.unroll.job.describe.Complaints;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Spelling;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.jspecify.annotations.Nullable;

/** Holds the Flink options of a pipeline against what its job depends on. */
final class FlinkChecks {
  /** Fixed from the first release: it decides which key group a series belongs to. */
  private static final int MAX_PARALLELISM = 256;

  /** What Flink knows by these names; any other text is the name of a class for it. */
  private static final List<String> BACKENDS = List.of("forst", "hashmap", "rocksdb");

  private static final List<String> STORAGES = List.of("filesystem", "jobmanager");

  /** Unlike the others nothing that a class may add to. */
  private static final List<String> RESTARTS =
      List.of("exponential-delay", "failure-rate", "fixed-delay", "none");

  /** Other spellings of {@link #RESTARTS} that Flink takes. */
  private static final List<String> MORE_RESTARTS =
      List.of("exponentialdelay", "failurerate", "fixeddelay", "off", "disable");

  private final Complaints findings;
  private final Map<String, String> options;
  private final Configuration flink;

  FlinkChecks(Complaints findings, Map<String, String> options) {
    this.findings = findings;
    this.options = options;
    this.flink = Configuration.fromMap(options);
  }

  /** Holds the options against what the job needs. */
  void check(Pipeline.@Nullable Sink sink) {
    RuntimeExecutionMode mode = get(ExecutionOptions.RUNTIME_MODE);
    if (mode != null && mode != RuntimeExecutionMode.STREAMING) {
      wrong(ExecutionOptions.RUNTIME_MODE, "STREAMING, the only mode the operator is for");
    }
    Integer most = get(PipelineOptions.MAX_PARALLELISM);
    if (most != null && most != MAX_PARALLELISM) {
      wrong(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM + ", which is fixed");
    }
    Integer parallelism = get(CoreOptions.DEFAULT_PARALLELISM);
    if (parallelism != null && (parallelism < 1 || parallelism > MAX_PARALLELISM)) {
      wrong(CoreOptions.DEFAULT_PARALLELISM, "1 to " + MAX_PARALLELISM);
    }
    named(StateBackendOptions.STATE_BACKEND, BACKENDS);
    named(CheckpointingOptions.CHECKPOINT_STORAGE, STORAGES);
    restarts();
    if (sink != null) {
      checkCheckpoints(sink);
    }
    options.forEach(this::checkTaken);
  }

  /** Holds a value against the names that Flink has, unless it looks like that of a class. */
  private void named(ConfigOption<String> option, List<String> names) {
    String name = get(option);
    if (name != null && !names.contains(lower(name)) && !name.contains(".")) {
      wrong(
          option,
          Found.oneOf(names)
              + ", or the name of a class"
              + Found.didYouMean(Spelling.closest(name, names)));
    }
  }

  private void restarts() {
    String name = get(RestartStrategyOptions.RESTART_STRATEGY);
    if (name != null && !RESTARTS.contains(lower(name)) && !MORE_RESTARTS.contains(lower(name))) {
      wrong(
          RestartStrategyOptions.RESTART_STRATEGY,
          Found.oneOf(RESTARTS) + Found.didYouMean(Spelling.closest(name, RESTARTS)));
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Values that parse, and that Flink would refuse when the job is about to start. */
  private void checkTaken(String key, String text) {
    if (findings.isWrong("flink." + key)) {
      return;
    }
    Configuration one = Configuration.fromMap(Map.of(key, text));
    try {
      new CheckpointConfig().configure(one);
      new ExecutionConfig().configure(one, FlinkChecks.class.getClassLoader());
    } catch (IllegalArgumentException e) {
      findings.mistake(
          "flink." + key,
          "found "
              + Found.quoted(text)
              + ", expected a value that Flink takes: "
              + FlinkSection.reason(e));
    }
  }

  private void checkCheckpoints(Pipeline.Sink sink) {
    boolean exactlyOnce = sink.delivery() == Pipeline.Delivery.EXACTLY_ONCE;
    CheckpointingMode mode = get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE);
    if (exactlyOnce && mode == CheckpointingMode.AT_LEAST_ONCE) {
      wrong(
          CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
          "EXACTLY_ONCE, or sink.delivery: at-least-once");
    }
    Duration interval = get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
    if (interval == null) {
      return;
    }
    boolean disabled = interval.toMillis() <= 0;
    if (disabled && exactlyOnce) {
      wrong(
          CheckpointingOptions.CHECKPOINTING_INTERVAL,
          "more than 0 s: there is no exactly-once without checkpoints");
    } else if (disabled
        && sink.outputs().stream().anyMatch(Pipeline.FileOutput.class::isInstance)) {
      wrong(
          CheckpointingOptions.CHECKPOINTING_INTERVAL,
          "more than 0 s: checkpoints finish the files of a file sink");
    } else if (exactlyOnce) {
      checkTransactions(interval, sink);
    }
  }

  private void checkTransactions(Duration interval, Pipeline.Sink sink) {
    sink.outputs().stream()
        .filter(Pipeline.KafkaOutput.class::isInstance)
        .map(output -> ((Pipeline.KafkaOutput) output).properties())
        .mapToLong(ProducerChecks::transactionMillis)
        .filter(millis -> millis > 0 && millis <= interval.toMillis())
        .min()
        .ifPresent(
            millis ->
                wrong(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL,
                    "less than transaction.timeout.ms, which is "
                        + millis
                        + ": Kafka drops a transaction that no checkpoint has committed by then"));
  }

  /** The value; null when it is not set or does not parse, which has been reported. */
  private <T> @Nullable T get(ConfigOption<T> option) {
    return findings.isWrong("flink." + FlinkOptions.keyOf(option, options.keySet()))
        ? null
        : flink.getOptional(option).orElse(null);
  }

  private void wrong(ConfigOption<?> option, String expected) {
    String key = FlinkOptions.keyOf(option, options.keySet());
    findings.mistake(
        "flink." + key,
        "found " + Found.quoted(String.valueOf(options.get(key))) + ", expected " + expected);
  }
}
