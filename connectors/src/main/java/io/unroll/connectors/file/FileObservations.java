package io.unroll.connectors.file;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.record.Reading;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.core.fs.Path;

/**
 * A file, or all files in a folder and below, as a bounded source of readings: one record per line.
 *
 * <p><b>Run it with parallelism 1</b>: the files are handed out in path order, and only one reader
 * keeps that order. Files whose name starts with a dot or an underscore are not read; .gz, .bz2,
 * .xz and .deflate files are unpacked. A reading's place is {@code NAME:LINE}, where NAME is the
 * path below the folder, or the file's name. A restored job continues at the very next line.
 */
public final class FileObservations {

  private FileObservations() {}

  /** {@code path} is a file or a folder on any file system that Flink knows. */
  public static Source<Reading, ?, ?> source(Path path, ObservationReader reader) {
    FileNames names = FileNames.below(path);
    return FileSource.forBulkFileFormat(new ReadingFormat(names, reader), path)
        .setFileEnumerator(() -> new NonSplittingRecursiveEnumerator(new VisibleFiles(names)))
        .setSplitAssigner(PathOrderAssigner::new)
        .build();
  }
}
