package io.unroll.connectors.file;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes one part file, a line per record, after an optional header line. */
final class LineWriter<T> implements BulkWriter<T> {

  /** A record as one line without its end. */
  @FunctionalInterface
  interface Encoder<T> extends Serializable {
    byte[] encode(T record);
  }

  private final FSDataOutputStream out;
  private final Encoder<T> encoder;
  private final byte[] buffer = new byte[64 * 1024];
  private int filled;

  private LineWriter(FSDataOutputStream out, Encoder<T> encoder) {
    this.out = out;
    this.encoder = encoder;
  }

  @Override
  public void addElement(T record) throws IOException {
    line(encoder.encode(record));
  }

  private void line(byte[] line) throws IOException {
    if (filled + line.length + 1 > buffer.length) {
      drain();
    }
    if (line.length + 1 > buffer.length) {
      out.write(line);
      out.write('\n');
      return;
    }
    System.arraycopy(line, 0, buffer, filled, line.length);
    filled += line.length;
    buffer[filled++] = '\n';
  }

  private void drain() throws IOException {
    out.write(buffer, 0, filled);
    filled = 0;
  }

  @Override
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  /** Flushes; the stream is Flink's to close. */
  @Override
  public void finish() throws IOException {
    flush();
  }

  /** Starts a part file. */
  static final class Factory<T> implements BulkWriter.Factory<T> {

    private static final long serialVersionUID = 1L;

    private final byte @Nullable [] header;
    private final Encoder<T> encoder;

    Factory(byte @Nullable [] header, Encoder<T> encoder) {
      this.header = header;
      this.encoder = encoder;
    }

    @Override
    public BulkWriter<T> create(FSDataOutputStream out) throws IOException {
      LineWriter<T> writer = new LineWriter<>(out, encoder);
      if (header != null) {
        writer.line(header);
      }
      return writer;
    }
  }
}
