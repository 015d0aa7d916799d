package io.unroll.job.cli;

import io.unroll.connectors.file.FileLook;
import io.unroll.connectors.file.FileLook.Looked;
import io.unroll.connectors.file.FilePreview;
import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a bounded look at the files of a source shows before anything runs. */
final class FilesLooked {
  private FilesLooked() {}

  /** A line for each thing that may not be as it was meant; none where the source is Kafka. */
  static List<String> warnings(PipelineJob job) throws IOException {
    if (!(job.pipeline().source().input() instanceof Pipeline.FileInput input)
        || !Files.exists(input.path())) {
      return List.of();
    }
    FileLook look = FileLook.at(input.path(), job.reader());
    List<String> warnings = new ArrayList<>(FileOrder.warnings(job, look));
    warnings.addAll(SameTimes.warnings(look.observations()));
    warnings.addAll(
        CloseInstant.warnings(
            job.pipeline(), look.observations().stream().map(Looked::observation).toList()));
    warnings.addAll(CounterResets.warnings(job.pipeline(), look.observations()));
    warnings.addAll(look.oddities());
    if (look.observations().isEmpty()
        && FilePreview.first(input.path(), job.reader(), 1).isEmpty()) {
      warnings.add(noRecord(input.path()));
    }
    return warnings;
  }

  private static String noRecord(Path path) throws IOException {
    int files = FilePreview.files(path).size();
    return "source.file: found no record in "
        + path
        + (files == 0 ? " (no file)" : files == 1 ? " (1 file)" : " (" + files + " files)")
        + ", expected one at least: a run ends at once, without a result";
  }
}
