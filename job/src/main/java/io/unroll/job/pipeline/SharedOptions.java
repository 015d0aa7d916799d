package io.unroll.job.pipeline;

import io.unroll.job.describe.Complaints;
import io.unroll.job.describe.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * The Flink options of pipelines that share a job. Options belong to the job: what one file says
 * holds for all of its pipelines, so no other file may say anything else.
 */
public final class SharedOptions {
  private final List<Pipeline> pipelines;

  private SharedOptions(List<Pipeline> pipelines) {
    this.pipelines = pipelines;
  }

  /** What all the files say together, the first file's options first. */
  public static Map<String, String> merged(List<Pipeline> pipelines) {
    Map<String, String> merged = new LinkedHashMap<>();
    pipelines.forEach(pipeline -> pipeline.flink().forEach(merged::putIfAbsent));
    return merged;
  }

  /** Options that have two values, and those of one file that another pipeline cannot have. */
  public static List<Problem> mistakes(List<Pipeline> pipelines) {
    SharedOptions options = new SharedOptions(pipelines);
    List<Problem> mistakes = options.disagreements();
    return mistakes.isEmpty() ? options.unfit() : mistakes;
  }

  /** The file that said an option first, under which key. */
  private record Said(Pipeline pipeline, String key, String text) {
    static final String FLINK = "flink.";

    String place() {
      return pipeline.places().of(FLINK + key);
    }

    /** Whether another text means the same: {@code 10 s} and {@code 10000 ms} do. */
    boolean means(Said other) {
      return Objects.equals(value(), other.value());
    }

    private Object value() {
      ConfigOption<?> option = FlinkOptions.of(key);
      return option == null
          ? text
          : Objects.requireNonNull(Configuration.fromMap(Map.of(key, text)).get(option));
    }

    /** The option's own key where this is an old one. */
    String option() {
      ConfigOption<?> option = FlinkOptions.of(key);
      return option == null ? key : option.key();
    }
  }

  private List<Problem> disagreements() {
    List<Problem> mistakes = new ArrayList<>();
    Map<String, Said> first = new LinkedHashMap<>();
    for (Pipeline pipeline : pipelines) {
      pipeline
          .flink()
          .forEach(
              (key, text) -> {
                Said said = new Said(pipeline, key, text);
                Said before = first.putIfAbsent(said.option(), said);
                if (before != null && !said.means(before)) {
                  mistakes.add(
                      pipeline
                          .places()
                          .problem(
                              Said.FLINK + key,
                              "found "
                                  + Found.quoted(text)
                                  + ", expected "
                                  + Found.quoted(before.text())
                                  + " as in "
                                  + before.place()
                                  + ": Flink's options belong to the job, which both pipelines"
                                  + " share"));
                }
              });
    }
    return mistakes;
  }

  /** What was right in its own file, and is not for a pipeline that did not say it. */
  private List<Problem> unfit() {
    Map<String, String> merged = merged(pipelines);
    List<Problem> mistakes = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      new FlinkChecks(new OfOthers(pipeline, mistakes), merged).check(pipeline.sink());
    }
    return mistakes;
  }

  /** Takes what is wrong for one pipeline with options that another file says. */
  private final class OfOthers implements Complaints {
    private final Pipeline pipeline;
    private final List<Problem> mistakes;

    OfOthers(Pipeline pipeline, List<Problem> mistakes) {
      this.pipeline = pipeline;
      this.mistakes = mistakes;
    }

    @Override
    public void mistake(String key, String text) {
      String option = key.substring(Said.FLINK.length());
      pipelines.stream()
          .filter(other -> other.flink().containsKey(option))
          .findFirst()
          .filter(owner -> !owner.equals(pipeline))
          .ifPresent(
              owner ->
                  mistakes.add(
                      owner
                          .places()
                          .problem(
                              key,
                              text
                                  + " (for "
                                  + pipeline.places().of("sink")
                                  + " in the same job)")));
    }

    @Override
    public void warning(String key, String text) {
      // Of a value by itself: said when its own file was read.
    }

    @Override
    public boolean isWrong(String key) {
      return false;
    }
  }
}
