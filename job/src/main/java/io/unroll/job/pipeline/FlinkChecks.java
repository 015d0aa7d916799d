package io.unroll.job.pipeline;

import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.jspecify.annotations.Nullable;

/** Holds the Flink options of a pipeline against what its job depends on. */
final class FlinkChecks {
  /** Fixed from the first release: it decides which key group a series belongs to. */
  private static final int MAX_PARALLELISM = 256;

  private final Findings findings;
  private final Map<String, String> options;
  private final Configuration flink;

  FlinkChecks(Findings findings, Map<String, String> options) {
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
    if (sink != null) {
      checkCheckpoints(sink);
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
    return findings.isWrong("flink." + option.key())
        ? null
        : flink.getOptional(option).orElse(null);
  }

  private void wrong(ConfigOption<?> option, String expected) {
    findings.mistake(
        "flink." + option.key(),
        "found "
            + Found.quoted(String.valueOf(options.get(option.key())))
            + ", expected "
            + expected);
  }
}
