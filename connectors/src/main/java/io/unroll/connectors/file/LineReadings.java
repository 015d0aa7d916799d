package io.unroll.connectors.file;

import io.unroll.connectors.format.RecordLines;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.jspecify.annotations.Nullable;

/** The readings of one file, in batches. */
final class LineReadings implements BulkFormat.Reader<Reading> {

  /** A batch ends at the first of these; two of them wait while a third is read. */
  private static final int BATCH_RECORDS = 1024;

  private static final int BATCH_BYTES = 1024 * 1024;

  /** How much of a line that is too long goes into the rejected output. (bytes) */
  private static final int SHOWN = 1024;

  private final RecordLines records;
  private final int longest;
  private @Nullable LineSplitter lines;
  private long number;

  LineReadings(RecordLines records, int longest) {
    this.records = records;
    this.longest = longest;
  }

  /** Lets a CSV file's header be known to a reader that starts after it. */
  void readFirstLine(LineSplitter start) throws IOException {
    if (start.next()) {
      read(start, 1);
    }
  }

  /** Starts with the line that {@code lines} is in front of; {@code before} come before it. */
  void start(LineSplitter lines, long before) {
    this.lines = lines;
    this.number = before;
  }

  @Override
  public BulkFormat.@Nullable RecordIterator<Reading> readBatch() throws IOException {
    LineSplitter from = lines;
    if (from == null) {
      return null;
    }
    List<RecordAndPosition<Reading>> batch = new ArrayList<>();
    long bytes = 0;
    while (batch.size() < BATCH_RECORDS && bytes < BATCH_BYTES && from.next()) {
      number++;
      bytes += from.length();
      Reading reading = read(from, number);
      if (reading != null) {
        batch.add(new RecordAndPosition<>(reading, from.offset(), number));
      }
    }
    // A batch of nothing but blank lines is not the end: only the end of the file is.
    return batch.isEmpty() && bytes < BATCH_BYTES ? null : new Batch(batch.iterator());
  }

  private @Nullable Reading read(LineSplitter line, long number) {
    return line.length() > longest
        ? records.tooLong(line.bytes(SHOWN), line.length(), longest, number)
        : records.read(line.bytes(longest), number);
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }

  private record Batch(Iterator<RecordAndPosition<Reading>> records)
      implements BulkFormat.RecordIterator<Reading> {

    @Override
    public @Nullable RecordAndPosition<Reading> next() {
      return records.hasNext() ? records.next() : null;
    }

    @Override
    public void releaseBatch() {
      // Each batch has its own objects: nothing goes back to a pool.
    }
  }
}
