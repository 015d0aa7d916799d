package io.unroll.connectors.file;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.RecordAndPosition;

/** The first readings of a file source, without a job: what {@link FileObservations} reads. */
public final class FilePreview {

  private FilePreview() {}

  /**
   * At most {@code count} readings of a file, or of the files of a folder and below, in the
   * source's order and with the source's places.
   *
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a file cannot be read
   */
  public static List<Reading> first(Path path, ObservationReader reader, int count)
      throws IOException {
    var root = new org.apache.flink.core.fs.Path(path.toUri());
    ReadingFormat format = new ReadingFormat(FileNames.below(root), reader);
    PathOrderAssigner files = inOrder(path);
    List<Reading> first = new ArrayList<>();
    while (first.size() < count) {
      Optional<FileSourceSplit> file = files.getNext(null);
      if (file.isEmpty()) {
        break;
      }
      try (BulkFormat.Reader<Reading> readings =
          format.createReader(new Configuration(), file.get())) {
        fill(first, readings, count);
      }
    }
    return first;
  }

  /**
   * The files that a file source reads at {@code path}, in its order.
   *
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> files(Path path) throws IOException {
    PathOrderAssigner files = inOrder(path);
    List<Path> paths = new ArrayList<>();
    for (var file = files.getNext(null); file.isPresent(); file = files.getNext(null)) {
      paths.add(Path.of(file.get().path().toUri()));
    }
    return paths;
  }

  private static PathOrderAssigner inOrder(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    var root = new org.apache.flink.core.fs.Path(path.toUri());
    return new PathOrderAssigner(
        new NonSplittingRecursiveEnumerator(new VisibleFiles(FileNames.below(root)))
            .enumerateSplits(new org.apache.flink.core.fs.Path[] {root}, 1));
  }

  private static void fill(List<Reading> first, BulkFormat.Reader<Reading> readings, int count)
      throws IOException {
    for (var batch = readings.readBatch(); batch != null; batch = readings.readBatch()) {
      RecordAndPosition<Reading> next = batch.next();
      while (next != null && first.size() < count) {
        first.add(next.getRecord());
        next = batch.next();
      }
      if (first.size() == count) {
        return;
      }
    }
  }
}
