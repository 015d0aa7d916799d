package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.RunFailedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The folders of the pipelines of one job. A pipeline that is alone has its checkpoints in its own.
 * Pipelines that share a job have theirs together in {@code .unroll/A+B}, beside the first one's
 * file; each pipeline's own folder then says so, so that it goes on from there in whatever job it
 * runs next.
 */
final class RunFolders implements AutoCloseable {
  /** Most file systems allow 255 bytes. */
  private static final int LONGEST_NAME = 200;

  private final Map<String, RunFolder> folders;
  private final RunFolder shared;

  private RunFolders(Map<String, RunFolder> folders, RunFolder shared) {
    this.folders = folders;
    this.shared = shared;
  }

  private interface Opening {
    RunFolder folder(Path directory, String name) throws RunFailedException;
  }

  /** Locks all of them: none of the pipelines runs here meanwhile, alone or beside others. */
  static RunFolders open(PipelineJobs jobs) throws RunFailedException {
    return of(jobs, RunFolder::open);
  }

  /** To be read without a lock; makes none that is not there. Fails if a pipeline runs. */
  static RunFolders look(PipelineJobs jobs) throws RunFailedException {
    return of(jobs, RunFolder::look);
  }

  private static RunFolders of(PipelineJobs jobs, Opening opening) throws RunFailedException {
    Map<String, RunFolder> folders = new LinkedHashMap<>();
    try {
      for (PipelineJob job : jobs.all()) {
        folders.put(
            job.pipeline().name(),
            opening.folder(job.pipeline().directory(), job.pipeline().name()));
      }
      PipelineJob first = jobs.all().get(0);
      RunFolder shared =
          jobs.areSeveral()
              ? opening.folder(first.pipeline().directory(), folderName(jobs.name()))
              : Objects.requireNonNull(folders.get(first.pipeline().name()));
      return new RunFolders(folders, shared);
    } catch (RunFailedException e) {
      close(folders.values(), e);
      throw e;
    }
  }

  private static void close(Iterable<RunFolder> folders, RunFailedException failure) {
    for (RunFolder folder : folders) {
      try {
        folder.close();
      } catch (RunFailedException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private static String folderName(String name) {
    return name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, LONGEST_NAME / 2)
            + "+"
            + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Where the checkpoints of the job go. */
  Path checkpoints() {
    return shared.checkpoints();
  }

  RunFolder of(PipelineJob job) {
    return Objects.requireNonNull(folders.get(job.pipeline().name()));
  }

  /** Where the unfinished run of each pipeline that has one goes on from, by their names. */
  Map<String, Path> unfinished() throws RunFailedException {
    Map<String, Path> unfinished = new LinkedHashMap<>();
    for (Map.Entry<String, RunFolder> entry : folders.entrySet()) {
      Optional<Path> checkpoint = entry.getValue().checkpoint();
      if (checkpoint.isPresent()) {
        unfinished.put(entry.getKey(), checkpoint.get());
      }
    }
    return unfinished;
  }

  /** What the pipelines noted of their transactions, one after the other. */
  String transactions(PipelineJobs jobs) throws RunFailedException {
    List<String> notes = new ArrayList<>();
    for (PipelineJob job : jobs.all()) {
      notes.add(of(job).transactions());
    }
    return String.join("", notes);
  }

  /** Deletes every checkpoint that one of the pipelines could go on from. */
  void clear() throws RunFailedException {
    for (RunFolder folder : folders.values()) {
      folder.stay();
      RunFolder.clear(folder.checkpoints());
    }
    RunFolder.clear(checkpoints());
  }

  /** Notes what the run that begins now is of: what may change may have changed. */
  void remember(PipelineJobs jobs, EarlierRun earlier) throws RunFailedException {
    Optional<Path> checkpoint = earlier.checkpoint();
    boolean goesOnHere = checkpoint.filter(path -> path.startsWith(checkpoints())).isPresent();
    if (!goesOnHere) {
      RunFolder.clear(checkpoints()); // of an earlier run, which nobody goes on from
    }
    for (PipelineJob job : jobs.all()) {
      RunFolder folder = of(job);
      folder.remember(job.signature());
      folder.rememberFiles(job.pipeline());
      boolean continues = checkpoint.isPresent() && !earlier.starts(job);
      if (folder == shared && (goesOnHere || !continues)) {
        folder.stay();
      } else {
        folder.moveTo(checkpoints(), continues ? checkpoint : Optional.empty());
      }
    }
  }

  /** Forgets a run that has finished; cut off in between, it leaves nothing to go on from. */
  void finish() throws RunFailedException {
    for (RunFolder folder : folders.values()) {
      folder.forgetStart();
    }
    RunFolder.clear(checkpoints());
    for (RunFolder folder : folders.values()) {
      RunFolder.clear(folder.checkpoints());
      folder.forget();
    }
  }

  @Override
  public void close() throws RunFailedException {
    for (RunFolder folder : folders.values()) {
      folder.close();
    }
    shared.close(); // once more where it is a pipeline's own, which does nothing
  }
}
