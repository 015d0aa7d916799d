package io.unroll.connectors.file;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether a path is a file as others: a pipe waits for its writer, a device may never end. */
public final class OrdinaryFile {
  private OrdinaryFile() {}

  /** What is there in place of an ordinary file, for a message; null for one, or for nothing. */
  public static @Nullable String otherwise(Path path) {
    if (Files.isDirectory(path)) {
      return "a folder";
    }
    return Files.exists(path) && !Files.isRegularFile(path) ? "a pipe or a device" : null;
  }
}
