package io.unroll.job;

import io.unroll.job.describe.Complaints;
import io.unroll.job.describe.Found;
import io.unroll.job.operator.Operators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with a description that was written in Java: all of it in one exception. */
final class Refusals implements Complaints {
  private static final Logger LOG = LoggerFactory.getLogger(Unroll.class);

  private final Map<String, List<String>> texts = new LinkedHashMap<>();

  @Override
  public void mistake(String key, String text) {
    texts.computeIfAbsent(key, k -> new ArrayList<>()).add(text);
  }

  @Override
  public void warning(String key, String text) {
    LOG.warn("{}: {}", key, text);
  }

  @Override
  public boolean isWrong(String key) {
    return texts.keySet().stream()
        .anyMatch(
            wrong ->
                wrong.equals(key) || wrong.startsWith(key + ".") || wrong.startsWith(key + "["));
  }

  @Override
  public String howToName(String field, String name) {
    return "call it as the model does";
  }

  /**
   * Does nothing if all is well.
   *
   * @throws IllegalArgumentException with a line for each mistake, by its key
   */
  void throwIfAny() {
    if (texts.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    texts.forEach((key, all) -> all.forEach(text -> lines.add(key + ": " + text)));
    throw new IllegalArgumentException(String.join("\n", lines));
  }

  /**
   * A name that another part of the job has.
   *
   * @throws IllegalArgumentException if it is taken
   */
  static void refuseTaken(String name, StreamExecutionEnvironment env) {
    String uid = Operators.sequencesUid(name);
    if (env.getTransformations().stream().anyMatch(part -> uid.equals(part.getUid()))) {
      throw new IllegalArgumentException(
          "name: found "
              + Found.quoted(name)
              + ", which another part of this job has, expected a name of its own: state is found"
              + " by it");
    }
  }

  /**
   * An environment in which the operator cannot run.
   *
   * @throws IllegalArgumentException if it is set to BATCH
   */
  static void refuseBatch(StreamExecutionEnvironment env) {
    RuntimeExecutionMode mode = env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
    if (mode != RuntimeExecutionMode.STREAMING) {
      throw new IllegalArgumentException(
          "execution.runtime-mode: found "
              + mode
              + ", expected STREAMING: in BATCH mode Flink drops the state of a series at every"
              + " change of key");
    }
  }
}
