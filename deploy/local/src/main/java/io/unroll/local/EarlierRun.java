package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.signature.Signature;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an earlier run left on disk, held against the pipeline that is to run next: checkpoints that
 * it would go on from, or output beside which it would write. Changes nothing.
 *
 * @param checkpoint where a run goes on from; empty where it starts from nothing
 * @param readsAnew whether it goes on with the state, and reads its source from the start
 */
record EarlierRun(Optional<Path> checkpoint, boolean readsAnew) {
  private static final EarlierRun NONE = new EarlierRun(Optional.empty(), false);

  /**
   * Looks.
   *
   * @param folder of the pipeline
   * @param fresh whether to start from nothing although something is unfinished
   * @param overwrite whether to start in place of the output that is there
   * @throws RunFailedException if a run would mix with what is left, saying the way out
   */
  static EarlierRun of(PipelineJob job, RunFolder folder, boolean fresh, boolean overwrite)
      throws RunFailedException {
    OutputFolders.refuseFiles(job.pipeline());
    Optional<Path> unfinished =
        fresh ? Optional.empty() : RunFolder.newestCheckpoint(folder.checkpoints());
    if (unfinished.isEmpty()) {
      if (!overwrite) {
        OutputFolders.refuseParts(job.pipeline());
      }
      return NONE;
    }
    Signature now = job.signature();
    Signature before = folder.remembered().orElse(now);
    folder.refuseAnotherPipeline(before, now);
    boolean readsAnew = now.readsAnew(before);
    if (!readsAnew) {
      folder.refuseChangedFiles(job.pipeline());
    }
    return new EarlierRun(unfinished, readsAnew);
  }

  /**
   * Why {@code run} without options would not start because of what is left, a line for each
   * reason; nothing if it would.
   */
  static List<String> obstacles(PipelineJob job) {
    Path directory = job.pipeline().directory();
    String name = job.pipeline().name();
    try {
      if (!RunFolder.isThere(directory, name)) { // opening would make one
        OutputFolders.refuseFiles(job.pipeline());
        OutputFolders.refuseParts(job.pipeline());
        return List.of();
      }
      RunFolder folder = RunFolder.open(directory, name);
      folder.close(); // a run may start while its files are looked at
      of(job, folder, false, false);
      return List.of();
    } catch (RunFailedException e) {
      return String.valueOf(e.getMessage()).lines().toList();
    }
  }
}
