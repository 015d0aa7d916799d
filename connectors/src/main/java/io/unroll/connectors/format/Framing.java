package io.unroll.connectors.format;

import java.io.InputStream;
import java.io.Serializable;

/** How a file is cut into records. Immutable. */
public interface Framing extends Serializable {
  /** One record per line, which ends with LF or CR LF; a blank line is none. */
  Framing LINES = LineFraming.LINES;

  /**
   * Cuts a stream into frames, each a record with what sets it apart.
   *
   * @param in is closed with what is returned
   * @param offset of the stream's first byte in its file, where a frame begins
   * @param limit longest frame to keep, in bytes
   */
  Frames frames(InputStream in, long offset, int limit);

  /** The record in a frame. {@code first}: of the file. */
  byte[] record(byte[] frame, boolean first);

  /** True if there is nothing in a record. */
  boolean isNothing(byte[] record);

  /** What a frame is called. */
  String word();

  /**
   * True if frames are found from anywhere in a file: at most the first one found is a part of one.
   */
  boolean startsAnywhere();
}
