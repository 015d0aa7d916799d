package io.unroll.connectors.file;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.api.common.io.compression.InflaterInputStreamFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.compression.StandardDeCompressors;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

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

  ReadingFormat(FileNames names, ObservationReader reader) {
    this.names = names;
    this.reader = reader;
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
    if (linesBefore > 0 && reader.format() == RecordFormat.CSV) {
      try (LineSplitter start = new LineSplitter(open(file, 0), 0, LONGEST_LINE)) {
        readings.readFirstLine(start);
      }
    }
    readings.start(new LineSplitter(open(file, offset), offset, LONGEST_LINE), linesBefore);
    return readings;
  }

  /** The unpacked bytes of {@code file} from {@code offset} on. */
  private static InputStream open(Path file, long offset) throws IOException {
    FSDataInputStream stored = file.getFileSystem().open(file);
    try {
      @Nullable InflaterInputStreamFactory<?> unpacker =
          StandardDeCompressors.getDecompressorForFileName(file.getPath());
      if (unpacker == null) {
        stored.seek(offset);
        return stored;
      }
      InputStream unpacked = unpacker.create(stored);
      unpacked.skipNBytes(offset);
      return unpacked;
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw e;
    }
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
