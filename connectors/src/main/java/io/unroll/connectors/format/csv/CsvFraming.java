package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.Framing;
import io.unroll.connectors.format.LineBytes;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of which some may be comments, which are nothing. In an encoding other than UTF-8 the bytes
 * of its byte order mark stay where they are, so that reading them says so.
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record CsvFraming(byte[] comment, boolean utf8) implements Framing {

  /** The framing of a file that is so written. */
  static Framing of(CsvSettings settings) {
    CsvFraming comments = ofComments(settings);
    return comments.comment.length == 0 && comments.utf8 ? Framing.LINES : comments;
  }

  static CsvFraming ofComments(CsvSettings settings) {
    return new CsvFraming(
        settings.rows().comment().getBytes(settings.encoding().charset()),
        settings.encoding().isUtf8());
  }

  @Override
  public Frames frames(InputStream in, long offset, int limit) {
    return Framing.LINES.frames(in, offset, limit);
  }

  @Override
  public byte[] record(byte[] frame, boolean first) {
    return LineBytes.trim(frame, first && utf8);
  }

  @Override
  public boolean isNothing(byte[] record) {
    return Framing.LINES.isNothing(record) || isComment(record);
  }

  private boolean isComment(byte[] record) {
    return comment.length > 0
        && record.length >= comment.length
        && Arrays.equals(record, 0, comment.length, comment, 0, comment.length);
  }

  @Override
  public String word() {
    return Framing.LINES.word();
  }

  @Override
  public boolean startsAnywhere() {
    return true;
  }
}
