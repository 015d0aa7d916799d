package io.unroll.local;

import io.unroll.job.cli.RunFailedException;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folders of a pipeline's file sinks. */
final class OutputFolders {
  // Flink's names: part-UUID-N.jsonl, hidden while it is written:
  // .part-UUID-N.jsonl.inprogress.UUID
  private static final Pattern PART = Pattern.compile("part-[0-9a-f-]{36}-[0-9]+\\.(jsonl|csv)");
  private static final Pattern ANY_PART =
      Pattern.compile(PART + "|\\." + PART + "\\.inprogress\\..*");

  private OutputFolders() {}

  /** Absolute paths, predictions first. */
  static List<Path> of(Pipeline pipeline) {
    return pipeline.sink().outputs().stream()
        .filter(Pipeline.FileOutput.class::isInstance)
        .map(output -> ((Pipeline.FileOutput) output).path())
        .toList();
  }

  /** Fails if an output's folder, or one above it, is a file. */
  static void refuseFiles(Pipeline pipeline) throws RunFailedException {
    for (Path folder : of(pipeline)) {
      for (Path path = folder; path != null; path = path.getParent()) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
          throw new RunFailedException(
              "output " + folder + ": found a file at " + path + ", expected a folder");
        }
      }
    }
  }

  /**
   * Fails if a folder has parts of an earlier run, so that two runs never mix.
   *
   * @param wayOut what to do then
   */
  static void refuseParts(Pipeline pipeline, String wayOut) throws RunFailedException {
    List<String> problems = new ArrayList<>();
    for (Path folder : of(pipeline)) {
      int parts = parts(folder).size();
      if (parts > 0) {
        problems.add(
            folder
                + " holds "
                + parts
                + (parts == 1 ? " part file" : " part files")
                + " of an earlier run");
      }
    }
    if (!problems.isEmpty()) {
      throw new RunFailedException(String.join("\n", problems) + "\n" + wayOut);
    }
  }

  /** Deletes finished and unfinished parts; nothing else. */
  static void deleteParts(Pipeline pipeline) throws RunFailedException {
    for (Path folder : of(pipeline)) {
      for (Path part : named(folder, ANY_PART)) {
        try {
          Files.delete(part);
        } catch (IOException e) {
          throw new RunFailedException("cannot delete " + part + ": " + e, e);
        }
      }
    }
  }

  /** The finished parts in {@code folder}. */
  static List<Path> parts(Path folder) throws RunFailedException {
    return named(folder, PART);
  }

  private static List<Path> named(Path folder, Pattern name) throws RunFailedException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new RunFailedException("cannot read " + folder + ": " + e, e);
    }
  }
}
