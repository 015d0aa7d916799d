package io.unroll.connectors.format;

import java.io.Closeable;
import java.io.IOException;

/**
 * The frames of one stream, one after the other, in bounded memory: one above the limit is counted
 * and passed over, only its first bytes are kept. Not safe to share between threads.
 */
public interface Frames extends Closeable {

  /** Goes to the next frame; false at the end. */
  boolean next() throws IOException;

  /** Length of the frame in bytes, without what ends it. */
  long length();

  /** At most {@code count} bytes of the frame, without what ends it. */
  byte[] bytes(int count);

  /** Where in the file the next frame starts. */
  long offset();
}
