package io.unroll.local;

import io.unroll.job.cli.RunFailedException;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.signature.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded run leaves on disk beside its pipeline: {@code .unroll/NAME/checkpoints}, while
 * it has not finished, or where they are if other pipelines share them; and what it knows of its
 * transactions. Locked while a run uses it.
 */
final class RunFolder implements AutoCloseable {
  private static final String SIGNATURE = "signature";

  /** What earlier versions noted in the place of a signature. */
  private static final String BEFORE = "input";

  private static final String FILES = "input-files";

  private static final String TRANSACTIONS = "transactions";

  /** Where the checkpoints are of a run beside other pipelines, and the one that it began with. */
  private static final String ELSEWHERE = "checkpoints-elsewhere";

  private final Path folder;
  private final @Nullable FileChannel channel;

  private RunFolder(Path folder, @Nullable FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * The folder, to be read without a lock: a run may start meanwhile. Fails if one holds it now.
   * Makes none if there is none.
   */
  static RunFolder look(Path directory, String name) throws RunFailedException {
    if (Files.isDirectory(at(directory, name))) {
      open(directory, name).close();
    }
    return unlocked(directory, name);
  }

  /** The folder, to be read whoever holds it. */
  static RunFolder unlocked(Path directory, String name) {
    return new RunFolder(at(directory, name), null);
  }

  private static Path at(Path directory, String name) {
    return directory.resolve(".unroll").resolve(name);
  }

  /** Opens the folder of pipeline {@code name} beside its file. */
  static RunFolder open(Path directory, String name) throws RunFailedException {
    Path folder = at(directory, name);
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new RunFailedException(
            "pipeline '" + name + "' is running already (" + folder + " is locked)");
      }
      return new RunFolder(folder, channel);
    } catch (IOException e) {
      throw new RunFailedException("cannot use " + folder + ": " + e, e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** Where checkpoints go unless the pipeline says otherwise. */
  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /**
   * Where an unfinished run of this pipeline goes on from, be it alone or beside others; empty if
   * there is none.
   */
  Optional<Path> checkpoint() throws RunFailedException {
    Path noted = folder.resolve(ELSEWHERE);
    if (!Files.exists(noted)) {
      return newestCheckpoint(checkpoints());
    }
    try {
      List<String> lines = Files.readAllLines(noted);
      Optional<Path> newest = newestCheckpoint(Path.of(URI.create(lines.get(0))));
      return newest.isPresent() || lines.size() == 1
          ? newest
          : Optional.of(Path.of(URI.create(lines.get(1)))).filter(Files::isDirectory);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new RunFailedException("cannot read " + noted + "; --fresh starts over: " + e, e);
    }
  }

  /**
   * Notes that from now on this pipeline's checkpoints are in another folder.
   *
   * @param start the one that counts until the first is there; empty for none
   */
  void moveTo(Path checkpoints, Optional<Path> start) throws RunFailedException {
    note(ELSEWHERE, checkpoints.toUri() + start.map(path -> "\n" + path.toUri()).orElse("") + "\n");
  }

  /** Notes that this pipeline's checkpoints are in its own folder. */
  void stay() throws RunFailedException {
    delete(ELSEWHERE);
  }

  /** Takes the start out of what {@link #moveTo} noted. */
  void forgetStart() throws RunFailedException {
    Path noted = folder.resolve(ELSEWHERE);
    try {
      if (Files.exists(noted)) {
        note(ELSEWHERE, Files.readAllLines(noted).get(0) + "\n");
      }
    } catch (IOException e) {
      throw new RunFailedException("cannot read " + noted + ": " + e, e);
    }
  }

  /** Notes what a run is of, so that a changed pipeline is not taken for its continuation. */
  void remember(Signature signature) throws RunFailedException {
    note(SIGNATURE, signature.text());
  }

  /** Notes the files that a run reads, so that changed ones are not taken for them. */
  void rememberFiles(Pipeline pipeline) throws RunFailedException {
    String text;
    try {
      text = InputFiles.of(pipeline).text();
    } catch (IOException e) {
      throw new RunFailedException("cannot read the input: " + e, e);
    }
    note(FILES, text);
  }

  /**
   * Notes what became of the transactions of a run that has ended. It stays true when the run is
   * forgotten: it is compared with what the broker says then.
   */
  void rememberTransactions(String note) throws RunFailedException {
    note(TRANSACTIONS, note);
  }

  /** What was noted last; empty if nothing was. */
  String transactions() throws RunFailedException {
    Path noted = folder.resolve(TRANSACTIONS);
    try {
      return Files.exists(noted) ? Files.readString(noted) : "";
    } catch (IOException e) {
      throw new RunFailedException("cannot read " + noted + ": " + e, e);
    }
  }

  private void note(String name, String text) throws RunFailedException {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new RunFailedException("cannot write " + folder.resolve(name) + ": " + e, e);
    }
  }

  /** Forgets a run that has finished. */
  void forget() throws RunFailedException {
    for (String noted : List.of(SIGNATURE, BEFORE, FILES, ELSEWHERE)) {
      delete(noted);
    }
  }

  private void delete(String noted) throws RunFailedException {
    try {
      Files.deleteIfExists(folder.resolve(noted));
    } catch (IOException e) {
      throw new RunFailedException("cannot delete " + folder.resolve(noted) + ": " + e, e);
    }
  }

  /** Fails if a file that the unfinished run read is not what it was; one may have grown. */
  void refuseChangedFiles(Pipeline pipeline) throws RunFailedException {
    Path noted = folder.resolve(FILES);
    if (!Files.exists(noted)) {
      return; // written before files were noted
    }
    List<String> changes;
    try {
      changes = InputFiles.parse(Files.readString(noted)).changes(pipeline);
    } catch (IOException e) {
      throw new RunFailedException(
          "cannot compare the input with " + noted + "; --fresh starts over: " + e, e);
    }
    if (!changes.isEmpty()) {
      throw new RunFailedException(
          "the unfinished run in "
              + folder
              + " read another input:\n"
              + String.join("\n", changes).indent(2)
              + "Put it back to go on, or start over with --fresh (and --overwrite).");
    }
  }

  /**
   * What the unfinished run was of.
   *
   * @return empty if it noted nothing
   * @throws RunFailedException if that cannot be read, or was noted by a version that wrote down
   *     less
   */
  Optional<Signature> remembered() throws RunFailedException {
    Path noted = folder.resolve(SIGNATURE);
    if (Files.exists(folder.resolve(BEFORE)) && !Files.exists(noted)) {
      throw new RunFailedException(
          "the unfinished run in "
              + folder
              + " was started by an earlier version of Unroll, which did not note all that a pipeline"
              + " is compared by now. Let that version finish it, or start over with --fresh (and"
              + " --overwrite).");
    }
    try {
      return Files.exists(noted)
          ? Optional.of(Signature.parse(Files.readString(noted)))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new RunFailedException(
          "cannot read " + noted + "; --fresh starts over: " + e.getMessage(), e);
    }
  }

  /** Fails if the state of the unfinished run would mean something else to this pipeline. */
  void refuseAnotherPipeline(Signature before, Signature now) throws RunFailedException {
    String refusal = now.refusal(before);
    if (refusal != null) {
      throw new RunFailedException("the unfinished run in " + folder + ": " + refusal);
    }
  }

  /** The newest complete checkpoint under {@code checkpoints}, if an unfinished run left one. */
  static Optional<Path> newestCheckpoint(Path checkpoints) throws RunFailedException {
    if (!Files.isDirectory(checkpoints)) {
      return Optional.empty();
    }
    // checkpoints/JOB-ID/chk-N/_metadata or stopped/savepoint-ID/_metadata: that is written last.
    try (Stream<Path> files = Files.walk(checkpoints, 3)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(RunFolder::modified))
          .map(Path::getParent);
    } catch (IOException | UncheckedIOException e) {
      throw new RunFailedException("cannot read " + checkpoints + ": " + e, e);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a run that is stopped writes its last state, to be found among {@code checkpoints}. */
  static Path stopped(Path checkpoints) {
    return checkpoints.resolve("stopped");
  }

  /** Deletes what stands under {@code checkpoints}. */
  static void clear(Path checkpoints) throws RunFailedException {
    try {
      deleteTree(checkpoints);
    } catch (IOException e) {
      throw new RunFailedException("cannot delete " + checkpoints + ": " + e, e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    // A Flink that has just finished may still be deleting its own files here.
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (e != null && !(e instanceof NoSuchFileException)) {
              throw e;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws RunFailedException {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new RunFailedException("cannot release " + folder + ": " + e, e);
    }
  }
}
