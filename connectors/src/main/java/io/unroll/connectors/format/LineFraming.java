package io.unroll.connectors.format;

import java.io.InputStream;

/** See {@link Framing#LINES}. */
enum LineFraming implements Framing {
  LINES;

  @Override
  public Frames frames(InputStream in, long offset, int limit) {
    return new LineSplitter(in, offset, limit);
  }

  @Override
  public byte[] record(byte[] frame, boolean first) {
    return LineBytes.trim(frame, first);
  }

  @Override
  public boolean isNothing(byte[] record) {
    return LineBytes.isBlank(record);
  }

  @Override
  public String word() {
    return "line";
  }

  @Override
  public boolean startsAnywhere() {
    return true;
  }
}
