package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.RecordLines;
import io.unroll.connectors.record.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
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

  /** How far the end of a quoted text is looked for: in so many lines, of so many bytes. */
  private static final int MOST_LINES = 100;

  private static final int MOST_BYTES = 64 * 1024;

  /**
   * A line of the file.
   *
   * @param bytes without the line feed, as many as may be held
   * @param length of the whole line in bytes
   * @param offset where in the file the next line starts
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Line(byte[] bytes, long length, long offset) {}

  private final RecordLines records;
  private final int longest;
  private @Nullable Frames lines;

  /** Lines that were looked at and not yet read. */
  private final Deque<Line> ahead = new ArrayDeque<>();

  private long number;

  LineReadings(RecordLines records, int longest) {
    this.records = records;
    this.longest = longest;
  }

  /**
   * Lets a file's header be known to a reader that starts after it.
   *
   * @param before lines that come before that reader's first one
   */
  void readHeader(Frames start, long before) throws IOException {
    for (long line = 1; line <= before && records.awaitsHeader(); line++) {
      Line above = next(start);
      if (above == null) {
        return;
      }
      read(above, line);
    }
  }

  /** Starts with the line that {@code lines} is in front of; {@code before} come before it. */
  void start(Frames lines, long before) {
    this.lines = lines;
    this.number = before;
  }

  @Override
  public BulkFormat.@Nullable RecordIterator<Reading> readBatch() throws IOException {
    Frames from = lines;
    if (from == null) {
      return null;
    }
    List<RecordAndPosition<Reading>> batch = new ArrayList<>();
    long bytes = 0;
    while (batch.size() < BATCH_RECORDS && bytes < BATCH_BYTES) {
      Line line = ahead.isEmpty() ? next(from) : ahead.remove();
      if (line == null) {
        break;
      }
      number++;
      bytes += line.length();
      Reading reading = read(line, number);
      long offset = line.offset();
      if (reading != null && reading.rejected != null && records.opensText(line.bytes())) {
        int more = linesToEndOfText(from, line);
        if (more > 0) {
          reading = records.spread(reading.rejected, text(line, more));
          for (int i = 0; i < more; i++) {
            Line last = ahead.remove();
            offset = last.offset();
            bytes += last.length();
          }
        }
        batch.add(new RecordAndPosition<>(reading, offset, number + more));
        number += more;
      } else if (reading != null) {
        batch.add(new RecordAndPosition<>(reading, offset, number));
      }
    }
    // A batch of nothing but blank lines is not the end: only the end of the file is.
    return batch.isEmpty() && bytes < BATCH_BYTES ? null : new Batch(batch.iterator());
  }

  private @Nullable Reading read(Line line, long number) {
    return line.length() > longest
        ? records.tooLong(Arrays.copyOf(line.bytes(), SHOWN), line.length(), longest, number)
        : records.read(line.bytes(), number);
  }

  /** Null at the end. */
  private @Nullable Line next(Frames from) throws IOException {
    return from.next() ? new Line(from.bytes(longest), from.length(), from.offset()) : null;
  }

  /**
   * How many of the next lines belong to the quoted text that {@code line} leaves open; 0 if its
   * quote is a stray one: then a line stands in between that is a record, or no line ends the text.
   */
  private int linesToEndOfText(Frames from, Line line) throws IOException {
    Iterator<Line> looked = List.copyOf(ahead).iterator();
    long bytes = line.length();
    for (int more = 1; more <= MOST_LINES; more++) {
      Line next = looked.hasNext() ? looked.next() : next(from);
      if (next == null) {
        return 0;
      }
      if (ahead.size() < more) {
        ahead.add(next);
      }
      bytes += next.length();
      if (bytes > MOST_BYTES || records.isRow(next.bytes())) {
        return 0;
      }
      byte[] text = text(line, more);
      if (!records.opensText(text)) {
        return records.isRow(text) ? more : 0;
      }
    }
    return 0;
  }

  /** {@code line} and {@code more} behind it, with the line feeds between them. */
  private byte[] text(Line line, int more) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(line.bytes());
    ahead.stream()
        .limit(more)
        .forEach(
            next -> {
              text.write('\n');
              text.writeBytes(next.bytes());
            });
    return text.toByteArray();
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
