package io.unroll.job.cli;

import io.unroll.connectors.file.CsvTable;
import io.unroll.connectors.file.FilePreview;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fields that a record may do without and that files have no column for, where they name their
 * columns. A record without one that it needs is rejected and says so; a name that is misspelt here
 * is seen in the header only.
 */
final class MissingColumns {
  private MissingColumns() {}

  /**
   * A line for each of them in the header of the first file, or what is wrong with that; none where
   * the source has no such file, or there is none yet.
   */
  static List<String> warnings(PipelineJob job) throws IOException {
    Pipeline pipeline = job.pipeline();
    if (!(pipeline.source().input() instanceof Pipeline.FileInput input)
        || !Files.exists(input.path())) {
      return List.of();
    }
    Map<FieldPath, String> optional = optional(pipeline.fields());
    optional.keySet().removeIf(field -> field.origin() != FieldPath.Origin.VALUE);
    FilePreview.Columns columns;
    try {
      columns = FilePreview.columns(input.path(), job.reader());
    } catch (CsvTable.UnreadableTableException e) {
      return List.of("source.file: " + e.getMessage());
    }
    if (columns == null) {
      return List.of();
    }
    Path file = columns.file();
    List<String> header = columns.names();
    return optional.entrySet().stream()
        .filter(field -> !header.contains(field.getKey().text()))
        .map(
            field ->
                String.format(
                    "%s: found no column '%s' in %s, expected one of %s",
                    field.getValue(),
                    field.getKey().text(),
                    file.getFileName(),
                    String.join(", ", header)))
        .toList();
  }

  /** The fields, each with its key in a pipeline file. */
  private static Map<FieldPath, String> optional(ObservationFields fields) {
    Map<FieldPath, String> optional = new LinkedHashMap<>();
    fields.features().stream()
        .filter(feature -> feature.optional() && !feature.beside())
        .forEach(feature -> optional.put(feature.field(), "observation.features"));
    if (fields.end() != null) {
      optional.put(fields.end().field(), "observation.end");
    }
    if (fields.start() != null) {
      optional.put(fields.start().field(), "observation.start");
    }
    fields.keep().forEach(kept -> optional.put(kept.field(), "observation.keep"));
    return optional;
  }
}
