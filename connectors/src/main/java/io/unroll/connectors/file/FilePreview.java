package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.jspecify.annotations.Nullable;

/** The first readings of a file source, without a job: what {@link FileObservations} reads. */
public final class FilePreview {
  /** Of each file: a file without line feeds must not be read to its end for five records. */
  private static final long MOST_BYTES = 32 << 20;

  /** Of all files: where all are skipped there is none to find. */
  private static final int MOST_RECORDS = 100_000;

  /** Lines behind a header that show what is wrong with it. */
  private static final int LINES_BEHIND = 19;

  /** Of each of these. */
  private static final int LINE_BYTES = 16 << 10;

  private FilePreview() {}

  /**
   * The inputs of a file, or of the files of a folder and below, in the source's order and with the
   * source's places: {@code count} of them at most, each an observation or a rejected record.
   *
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a file cannot be read, or is none but a pipe or a device
   */
  public static List<Reading> first(Path path, ObservationReader reader, int count)
      throws IOException {
    ReadingFormat format = new ReadingFormat(FileNames.below(flinkPath(path)), reader, MOST_BYTES);
    List<Reading> first = new ArrayList<>();
    int records = 0;
    for (Path file : files(path)) {
      if (first.size() == count || records >= MOST_RECORDS) {
        break;
      }
      try (BulkFormat.Reader<Reading> readings =
          format.createReader(new Configuration(), whole(file))) {
        records += fill(first, readings, count, MOST_RECORDS - records);
      }
    }
    return first;
  }

  /**
   * The files that a file source reads at {@code path}, in its order.
   *
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a folder cannot be read, or has a pipe or a device in it
   */
  public static List<Path> files(Path path) throws IOException {
    PathOrderAssigner files = inOrder(path);
    List<Path> paths = new ArrayList<>();
    for (var file = files.getNext(null); file.isPresent(); file = files.getNext(null)) {
      Path found = Path.of(file.get().path().toUri());
      String other = OrdinaryFile.otherwise(found);
      if (other != null) {
        throw new IOException(found + ": found " + other + ", expected a file");
      }
      paths.add(found);
    }
    return paths;
  }

  /**
   * The files whose first line, which should be the names of the columns, is a record or names none
   * that the pipeline reads: what is wrong, one line each. None where files have no such line.
   *
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a file cannot be read
   */
  public static List<String> wrongHeaders(Path path, ObservationReader reader) throws IOException {
    List<String> found = new ArrayList<>();
    if (!reader.namesColumns()) {
      return found;
    }
    FileNames names = FileNames.below(flinkPath(path));
    for (Path file : files(path)) {
      try (Frames frames = frames(file, reader)) {
        HeaderLine.Found header = HeaderLine.find(frames, reader);
        String wrong = header == null ? null : reader.wrongHeader(header.line(), first(frames));
        if (header != null && wrong != null) {
          found.add(names.of(flinkPath(file)) + ":" + header.number() + ": " + wrong);
        }
      }
    }
    return found;
  }

  /** A few lines, as far as each is of a usual length. */
  private static List<byte[]> first(Frames frames) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    while (lines.size() < LINES_BEHIND && frames.next()) {
      lines.add(frames.bytes(LINE_BYTES));
    }
    return lines;
  }

  /**
   * The columns of a file.
   *
   * @param names as its first line has them
   */
  public record Columns(Path file, List<String> names) {}

  /**
   * The columns of the first file; null where there is no file, or where files do not name them.
   *
   * @throws CsvTable.UnreadableTableException if there should be names and are none
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a file cannot be read
   */
  public static @Nullable Columns columns(Path path, ObservationReader reader) throws IOException {
    List<Path> files = reader.namesColumns() ? files(path) : List.of();
    if (files.isEmpty()) {
      return null;
    }
    Path file = files.get(0);
    try (Frames frames =
        reader
            .format()
            .framing()
            .frames(StoredFile.open(flinkPath(file), 0), 0, ReadingFormat.LONGEST_LINE)) {
      return new Columns(file, HeaderLine.read(file, frames, reader));
    }
  }

  private static Frames frames(Path file, ObservationReader reader) throws IOException {
    return reader
        .format()
        .framing()
        .frames(
            StoredFile.atMost(MOST_BYTES, StoredFile.open(flinkPath(file), 0)),
            0,
            ReadingFormat.LONGEST_LINE);
  }

  static FileSourceSplit whole(Path file) throws IOException {
    long bytes = Files.size(file);
    return new FileSourceSplit("preview", flinkPath(file), 0, bytes, 0, bytes);
  }

  static org.apache.flink.core.fs.Path flinkPath(Path path) {
    return new org.apache.flink.core.fs.Path(path.toUri());
  }

  private static PathOrderAssigner inOrder(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    var root = flinkPath(path);
    return new PathOrderAssigner(
        new NonSplittingRecursiveEnumerator(new VisibleFiles(FileNames.below(root)))
            .enumerateSplits(new org.apache.flink.core.fs.Path[] {root}, 1));
  }

  /** Returns how many records were read for it. */
  private static int fill(
      List<Reading> first, BulkFormat.Reader<Reading> readings, int count, int most)
      throws IOException {
    int records = 0;
    for (var batch = readings.readBatch(); batch != null; batch = readings.readBatch()) {
      RecordAndPosition<Reading> next = batch.next();
      while (next != null && first.size() < count && records < most) {
        records++;
        next.getRecord().inputs().stream().limit(count - first.size()).forEach(first::add);
        next = batch.next();
      }
      if (first.size() == count || records == most) {
        return records;
      }
    }
    return records;
  }
}
