package io.unroll.job.cli;

import io.unroll.connectors.file.FilePreview;
import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * The first lines of a source's CSV files, which name the columns and are never read as records.
 * One that is a record, or names no column that the pipeline reads, is a mistake: the file has no
 * header, and its first record would be lost, or every record rejected.
 */
final class Headers {
  /** How many files are named. */
  private static final int MOST = 5;

  private Headers() {}

  /** A line for each file without a header. */
  static List<String> problems(PipelineJob job) throws IOException {
    if (!(job.pipeline().source().input() instanceof Pipeline.FileInput input)
        || !Files.exists(input.path())) {
      return List.of();
    }
    List<String> found = FilePreview.wrongHeaders(input.path(), job.reader());
    List<String> problems = new ArrayList<>();
    found.stream().limit(MOST).forEach(file -> problems.add("source.file: " + file));
    if (found.size() > MOST) {
      problems.add("source.file: and " + (found.size() - MOST) + " more files without a header");
    }
    return problems;
  }
}
