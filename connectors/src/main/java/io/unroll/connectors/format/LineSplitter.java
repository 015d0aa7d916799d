package io.unroll.connectors.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes at its line feeds, in bounded memory: a line above the limit is counted
 * and passed over, only its first bytes are kept.
 */
final class LineSplitter implements Frames {

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;

  private byte[] line = new byte[256];
  private int kept;
  private long length;
  private long offset;

  /**
   * @param offset of the stream's first byte in its file
   * @param limit longest line to keep, in bytes
   */
  LineSplitter(InputStream in, long offset, int limit) {
    this.in = in;
    this.offset = offset;
    this.limit = limit;
  }

  /** A last line needs no line feed. */
  @Override
  public boolean next() throws IOException {
    kept = 0;
    length = 0;
    boolean any = false;
    while (true) {
      if (at == end) {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        if (end == 0) {
          return any;
        }
      }
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      keep(from, at - from);
      offset += at - from;
      if (at < end) {
        at++;
        offset++;
        return true;
      }
    }
  }

  private void keep(int from, int count) {
    length += count;
    int room = Math.min(count, limit - kept);
    if (room > 0) {
      if (kept + room > line.length) {
        line = Arrays.copyOf(line, (int) Math.min(limit, Math.max(kept + room, 2L * line.length)));
      }
      System.arraycopy(buffer, from, line, kept, room);
      kept += room;
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public byte[] bytes(int count) {
    return Arrays.copyOf(line, Math.min(kept, count));
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
