package io.unroll.bench.fork;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A fork's folder for checkpoints, {@code checkpoints-PID}: who is killed does not delete it. */
public final class ForkFolder {
  private static final String PREFIX = "checkpoints-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})");

  private ForkFolder() {}

  /** That of this JVM, which is not made. */
  public static Path ofThisJvm(Path parent) {
    return parent.resolve(PREFIX + ProcessHandle.current().pid());
  }

  /** Deletes those of forks that are not alive, in {@code parent} and in the folders in it. */
  public static void clearDead(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> paths = Files.find(parent, 2, (path, attributes) -> isOfDead(path))) {
      found = paths.toList();
    }
    for (Path folder : found) {
      delete(folder);
    }
  }

  private static boolean isOfDead(Path folder) {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    return name.matches()
        && ProcessHandle.of(Long.parseLong(name.group(1))).filter(ProcessHandle::isAlive).isEmpty();
  }

  /**
   * Deletes a folder and what is in it.
   *
   * @throws IOException if something cannot be deleted, or is still written
   */
  public static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) { // another one deletes it, too
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e)
              throws IOException {
            if (e != null && !(e instanceof NoSuchFileException)) {
              throw e;
            }
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
