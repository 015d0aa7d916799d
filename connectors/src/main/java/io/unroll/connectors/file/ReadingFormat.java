package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.Path;

/**
 * Reads a file's lines as readings.
 *
 * <p>A position in a checkpoint is exact: the offset of the next line (in the unpacked bytes) and,
 * in the place of Flink's record count, the number of lines before it. So a restored reader seeks
 * and keeps its line numbers.
 */
final class ReadingFormat implements BulkFormat<Reading, FileSourceSplit> {

  private static final long serialVersionUID = 1L;

  /** Longer lines are rejected: a file without line feeds must not fill the memory. (bytes) */
  static final int LONGEST_LINE = 8 * 1024 * 1024;

  private final FileNames names;
  private final ObservationReader reader;
  private final long most;

  ReadingFormat(FileNames names, ObservationReader reader) {
    this(names, reader, Long.MAX_VALUE);
  }

  /**
   * @param most the bytes of a file that are read, as if it ended there
   */
  ReadingFormat(FileNames names, ObservationReader reader, long most) {
    this.names = names;
    this.reader = reader;
    this.most = most;
  }

  @Override
  public Reader<Reading> createReader(Configuration config, FileSourceSplit split)
      throws IOException {
    return reader(split, 0, 0);
  }

  @Override
  public Reader<Reading> restoreReader(Configuration config, FileSourceSplit split)
      throws IOException {
    CheckpointedPosition position =
        split
            .getReaderPosition()
            .orElseThrow(
                () -> new IllegalStateException(split + ": no position, expected one to restore"));
    return position.getOffset() == CheckpointedPosition.NO_OFFSET
        ? reader(split, 0, 0)
        : reader(split, position.getOffset(), position.getRecordsAfterOffset());
  }

  private Reader<Reading> reader(FileSourceSplit split, long offset, long linesBefore)
      throws IOException {
    Path file = split.path();
    LineReadings readings = new LineReadings(reader.lines(names.of(file) + ":"), LONGEST_LINE);
    if (linesBefore > 0 && reader.hasHeader()) {
      try (Frames start = frames(file, 0)) {
        readings.readHeader(start, linesBefore);
      }
    }
    readings.start(frames(file, offset), linesBefore);
    return readings;
  }

  private Frames frames(Path file, long offset) throws IOException {
    return reader.format().framing().frames(open(file, offset), offset, LONGEST_LINE);
  }

  private InputStream open(Path file, long offset) throws IOException {
    InputStream all = StoredFile.open(file, offset);
    return most == Long.MAX_VALUE ? all : StoredFile.atMost(most, all);
  }

  @Override
  public boolean isSplittable() {
    return false;
  }

  @Override
  public TypeInformation<Reading> getProducedType() {
    return TypeInformation.of(Reading.class);
  }
}
