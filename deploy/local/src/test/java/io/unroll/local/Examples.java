package io.unroll.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's {@code deploy/examples}; the working folder of tests is deploy/local. */
final class Examples {
  private static final Path FOLDER = Path.of("..", "examples");

  private Examples() {}

  /** Copies the examples, without what was written beside them; returns the copy. */
  static Path copy(Path to) throws IOException {
    Path copy = Files.createDirectories(to.toRealPath().resolve("examples"));
    List<Path> files;
    try (Stream<Path> walk = Files.walk(FOLDER)) {
      files = walk.filter(Files::isRegularFile).map(FOLDER::relativize).toList();
    }
    for (Path file : files) {
      if (!file.startsWith("out") && !file.startsWith(".unroll")) {
        Path target = copy.resolve(file);
        Files.createDirectories(target.getParent());
        Files.copy(FOLDER.resolve(file), target);
      }
    }
    return copy;
  }
}
