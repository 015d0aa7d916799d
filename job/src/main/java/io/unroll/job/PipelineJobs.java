package io.unroll.job;

import io.unroll.job.operator.Operators;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.Problem;
import io.unroll.job.pipeline.SharedOptions;
import io.unroll.job.state.Accounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The pipelines of one Flink job. Names, uids, transactional ids, counters and metrics belong to a
 * pipeline, so its state is found again beside other pipelines or alone; Flink's options belong to
 * the job.
 *
 * @param all at least one, by their names: in whatever order they are given, it is the same job
 */
public record PipelineJobs(List<PipelineJob> all) {
  /** Between the names of pipelines in that of their job; no pipeline's name has one. */
  private static final String JOINT = "+";

  public PipelineJobs {
    all = all.stream().sorted(Comparator.comparing(job -> job.pipeline().name())).toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("pipelines: found none, expected one at least");
    }
  }

  /** A pipeline that has a job of its own. */
  public static PipelineJobs of(PipelineJob job) {
    return new PipelineJobs(List.of(job));
  }

  /**
   * Reads and checks each file, then what must hold between them.
   *
   * @throws PipelineException with every mistake of every file; if there are none, with those that
   *     the files make together
   */
  public static PipelineJobs load(List<Path> files) throws PipelineException {
    List<PipelineJob> jobs = new ArrayList<>();
    List<Problem> mistakes = new ArrayList<>();
    for (Path file : files) {
      try {
        jobs.add(PipelineJob.load(file));
      } catch (PipelineException e) {
        mistakes.addAll(e.problems());
      }
    }
    if (mistakes.isEmpty()) {
      mistakes.addAll(together(jobs));
    }
    if (!mistakes.isEmpty()) {
      throw new PipelineException(mistakes);
    }
    return new PipelineJobs(jobs);
  }

  private static List<Problem> together(List<PipelineJob> jobs) {
    List<Problem> mistakes = new ArrayList<>();
    for (int i = 1; i < jobs.size(); i++) {
      for (PipelineJob before : jobs.subList(0, i)) {
        mistakes.addAll(Neighbours.mistakes(before, jobs.get(i)));
      }
    }
    mistakes.addAll(SharedOptions.mistakes(jobs.stream().map(PipelineJob::pipeline).toList()));
    return mistakes;
  }

  /** The job's: the pipeline's, or those of its pipelines in one. */
  public String name() {
    return all.stream().map(job -> job.pipeline().name()).collect(Collectors.joining(JOINT));
  }

  /** The pipelines of a job of ours that is called {@code name}. */
  public static List<String> names(String name) {
    return List.of(name.split("\\" + JOINT, -1));
  }

  /** Whether there is more than one. */
  public boolean areSeveral() {
    return all.size() > 1;
  }

  /** How each pipeline's accumulators are called, by the pipelines' names. */
  public Map<String, Accounts> accounts() {
    Map<String, Accounts> accounts = new LinkedHashMap<>();
    for (PipelineJob job : all) {
      String name = job.pipeline().name();
      accounts.put(name, areSeveral() ? Accounts.of(name) : Accounts.ALONE);
    }
    return accounts;
  }

  /**
   * The Flink options of the pipelines, and what every job of ours needs.
   *
   * @param defaults options that a pipeline may override
   */
  public Configuration configuration(Configuration defaults) {
    Configuration configuration = new Configuration(defaults);
    // No operator of a pipeline changes or keeps what it has handed on, so none needs a copy.
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    // A hidden state does not get smaller, and a checkpoint's pause longer.
    configuration.setString("state.backend.rocksdb.compression.per.level", "NO_COMPRESSION");
    // The state of a source before this generation is nobody's any more, and meant to be dropped.
    if (all.stream()
        .anyMatch(job -> job.pipeline().source().generation() > Pipeline.Source.FIRST_GENERATION)) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    }
    configuration.addAll(
        Configuration.fromMap(
            SharedOptions.merged(all.stream().map(PipelineJob::pipeline).toList())));
    configuration.set(PipelineOptions.NAME, name());
    configuration.set(PipelineOptions.MAX_PARALLELISM, Operators.MAX_PARALLELISM);
    configuration.set(PipelineOptions.GENERIC_TYPES, false); // no Kryo
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false); // a forgotten uid fails the job
    return configuration;
  }

  /** Adds each pipeline to a job, with its own source and sinks. */
  public void define(StreamExecutionEnvironment env) {
    Map<String, Accounts> accounts = accounts();
    for (PipelineJob job : all) {
      job.define(env, accounts.getOrDefault(job.pipeline().name(), Accounts.ALONE));
    }
  }
}
