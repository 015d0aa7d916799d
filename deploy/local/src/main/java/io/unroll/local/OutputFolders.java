package io.unroll.local;

import io.unroll.job.cli.RunFailedException;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The folders of a pipeline's file sinks. */
final class OutputFolders {
  private OutputFolders() {}

  /** Absolute paths, predictions first. */
  static List<Path> of(Pipeline pipeline) {
    Pipeline.Sink sink = pipeline.sink();
    return Stream.of(sink.predictions(), sink.sequences(), sink.rejected(), sink.late())
        .filter(Objects::nonNull)
        .filter(Pipeline.FileOutput.class::isInstance)
        .map(output -> ((Pipeline.FileOutput) output).path())
        .toList();
  }

  /** Fails if a folder has parts of an earlier run, so that two runs never mix. */
  static void refuseParts(Pipeline pipeline) throws RunFailedException {
    List<String> problems = new ArrayList<>();
    for (Path folder : of(pipeline)) {
      List<Path> parts = parts(folder, "part-");
      if (!parts.isEmpty()) {
        problems.add(folder + " holds " + parts.size() + " part files of an earlier run");
      }
    }
    if (!problems.isEmpty()) {
      throw new RunFailedException(
          String.join("\n", problems) + "\nMove them away, or run with --overwrite.");
    }
  }

  /** Deletes finished and unfinished parts; nothing else. */
  static void deleteParts(Pipeline pipeline) throws RunFailedException {
    for (Path folder : of(pipeline)) {
      for (String prefix : List.of("part-", ".part-")) {
        for (Path part : parts(folder, prefix)) {
          try {
            Files.delete(part);
          } catch (IOException e) {
            throw new RunFailedException("cannot delete " + part + ": " + e, e);
          }
        }
      }
    }
  }

  static List<Path> parts(Path folder, String prefix) throws RunFailedException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(prefix)).sorted().toList();
    } catch (IOException e) {
      throw new RunFailedException("cannot read " + folder + ": " + e, e);
    }
  }
}
