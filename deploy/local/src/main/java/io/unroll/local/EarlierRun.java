package io.unroll.local;

import io.unroll.job.CheckpointedState;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.signature.Signature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What earlier runs left on disk, held against the pipelines that are to run next: a checkpoint
 * that they would go on from, or output beside which they would write. Changes nothing.
 *
 * @param checkpoint where the run goes on from; empty where it starts from nothing
 * @param starting names of the pipelines that start from nothing; all of them without a checkpoint
 * @param readingAnew names of those that go on with the state, and read their source from the start
 * @param finished names of those whose input had ended
 */
record EarlierRun(
    Optional<Path> checkpoint,
    Set<String> starting,
    Set<String> readingAnew,
    Set<String> finished) {

  /**
   * Looks.
   *
   * @param folders of the pipelines
   * @param fresh whether to start from nothing although something is unfinished
   * @param overwrite whether to start in place of the output that is there
   * @throws RunFailedException if a run would mix with what is left, saying the way out
   */
  static EarlierRun of(PipelineJobs jobs, RunFolders folders, boolean fresh, boolean overwrite)
      throws RunFailedException {
    for (PipelineJob job : jobs.all()) {
      OutputFolders.refuseFiles(job.pipeline());
    }
    Map<String, Path> unfinished = fresh ? Map.of() : folders.unfinished();
    EarlierRun earlier =
        new EarlierRun(
            unfinished.values().stream().findFirst(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>());
    refuseSeveral(unfinished);
    for (PipelineJob job : jobs.all()) {
      if (unfinished.containsKey(job.pipeline().name())) {
        earlier.goOn(job, folders.of(job));
      } else {
        earlier.starting.add(job.pipeline().name());
        if (!overwrite) {
          OutputFolders.refuseParts(
              job.pipeline(),
              unfinished.isEmpty()
                  ? "Move them away, or run with --overwrite."
                  : "Move them away; --overwrite would start the other pipelines over too.");
        }
      }
    }
    if (jobs.areSeveral() && earlier.checkpoint.isPresent()) {
      earlier.lookInto(earlier.checkpoint.get(), jobs);
    }
    return earlier;
  }

  private static void refuseSeveral(Map<String, Path> unfinished) throws RunFailedException {
    if (Set.copyOf(unfinished.values()).size() > 1) {
      StringBuilder lines = new StringBuilder();
      unfinished.forEach((name, path) -> lines.append("  " + name + ": " + path + "\n"));
      throw new RunFailedException(
          "found unfinished runs of these pipelines that were no longer together, expected one that"
              + " they all go on from:\n"
              + lines
              + "Run each without the others to its end first, or start over with --fresh (and"
              + " --overwrite).");
    }
  }

  private void goOn(PipelineJob job, RunFolder folder) throws RunFailedException {
    Signature now = job.signature();
    Signature before = folder.remembered().orElse(now);
    folder.refuseAnotherPipeline(before, now);
    if (now.readsAnew(before)) {
      readingAnew.add(job.pipeline().name());
    } else {
      folder.refuseChangedFiles(job.pipeline());
    }
  }

  /** State of a pipeline that has ended or gone on elsewhere since would be restored unasked. */
  private void lookInto(Path path, PipelineJobs jobs) throws RunFailedException {
    CheckpointedState state;
    try {
      state = CheckpointedState.read(path.toUri().toString());
    } catch (IOException e) {
      throw new RunFailedException("cannot read " + path + "; --fresh starts over: " + e, e);
    }
    for (PipelineJob job : jobs.all()) {
      String name = job.pipeline().name();
      if (starts(job) && state.has(job)) {
        throw new RunFailedException(
            name
                + ": the unfinished run of the others, "
                + path
                + ", has state of this pipeline, whose own run has ended since. Run the others"
                + " without it to their end first, or start over with --fresh (and --overwrite).");
      }
      if (state.isFinished(job)) {
        finished.add(name);
      }
    }
  }

  /**
   * How the pipelines go on, a line each; nothing where all start from nothing.
   *
   * @param checkpoints where those of the run that begins now go
   */
  List<String> tell(PipelineJobs jobs, Path checkpoints) {
    if (checkpoint.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    for (PipelineJob job : jobs.all()) {
      String name = job.pipeline().name();
      if (readingAnew.contains(name)) {
        lines.add(name + ": " + Signature.GENERATION + " is higher: reads the source anew");
      }
    }
    lines.add(jobs.name() + ": continues from " + checkpoint.get());
    if (!checkpoint.get().startsWith(checkpoints)) {
      lines.add(
          jobs.name()
              + ": that run had other pipelines; those that are not in this one keep their state"
              + " there");
    }
    for (PipelineJob job : jobs.all()) {
      String name = job.pipeline().name();
      if (starts(job)) {
        lines.add(name + ": was not in that run and starts from nothing");
      } else if (finished.contains(name)) {
        lines.add(name + ": had come to the end of its input and reads nothing more");
      }
    }
    return lines;
  }

  /** Whether a pipeline starts from nothing. */
  boolean starts(PipelineJob job) {
    return starting.contains(job.pipeline().name());
  }

  /**
   * Why {@code run} without options would not start because of what is left, a line for each
   * reason; nothing if it would.
   */
  static List<String> obstacles(PipelineJobs jobs) {
    try {
      of(jobs, RunFolders.look(jobs), false, false);
      return List.of();
    } catch (RunFailedException e) {
      return String.valueOf(e.getMessage()).lines().toList();
    }
  }
}
