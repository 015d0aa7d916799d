package io.unroll.connectors.format;

import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one file, from the first. Not safe to share between threads.
 *
 * <p>To continue in the middle of a file, hand over its first frames while {@link #awaitsHeader}
 * (their readings are to be dropped) and then the frames from there on.
 */
public final class RecordLines {

  private final RecordAssembler assembler;
  private final Framing framing;
  private final @Nullable FileHeader header;
  private final String origin;

  /** The header; null where it may be a record as well. */
  private byte @Nullable [] names;

  private @Nullable String badHeader;

  /** A header is still to come. */
  private boolean awaited;

  RecordLines(RecordAssembler assembler, String origin) {
    this.assembler = assembler;
    this.framing = assembler.framing();
    this.header = assembler.header();
    this.awaited = header != null;
    this.origin = origin;
  }

  /** True until the header of the file has been read, where files have one. */
  public boolean awaitsHeader() {
    return awaited;
  }

  /**
   * One frame.
   *
   * @param frame its bytes, with or without the line end
   * @param number of the frame, from 1
   * @return null if it holds no record: a blank line, or the header of a file and what is above it;
   *     a header stands again where files were put together
   */
  public @Nullable Reading read(byte[] frame, long number) {
    byte[] bytes = framing.record(frame, number == 1);
    if (header != null && awaited) {
      if (header.isAbove(bytes, number)) {
        return null;
      }
      awaited = false;
      if (!header.isRecord()) {
        return header(header, bytes, number);
      }
      readRecordAsHeader(header, bytes);
    }
    if (framing.isNothing(bytes) || isNames(bytes)) {
      return null;
    }
    String bad = badHeader;
    if (bad != null) {
      return assembler.reject(RecordParts.ofValue(bytes), origin, number, bad);
    }
    return assembler.read(RecordParts.ofValue(bytes), origin, number);
  }

  /** True if a frame ends in the middle of a text, which may go on in the next ones. */
  public boolean opensText(byte[] frame) {
    return header != null && header.opensText(framing.record(frame, false));
  }

  /** True if a frame, or more than one of them, is a record as the header says. */
  public boolean isRow(byte[] frames) {
    return header != null && header.isRow(framing.record(frames, false));
  }

  /**
   * A record that is rejected as it takes more than one frame: once, with all of them.
   *
   * @param rejected what became of its first one
   * @param frames all of it
   */
  public Reading spread(Rejected rejected, byte[] frames) {
    if (rejected.raw != null) {
      rejected.raw = RecordParts.ofValue(framing.record(frames, false)).raw();
    }
    return Reading.of(rejected);
  }

  /**
   * What becomes of a frame that is too long to be held; null if it would be nothing if it were
   * shorter.
   *
   * @param start its first bytes
   * @param length of the whole frame in bytes
   * @param limit that it exceeds, in bytes
   */
  public @Nullable Reading tooLong(byte[] start, long length, long limit, long number) {
    byte[] bytes = framing.record(start, number == 1);
    boolean first = header != null && awaited;
    if (first && header != null && header.isAbove(bytes, number)) {
      return null;
    }
    if (framing.isNothing(bytes) && !LineBytes.isBlank(bytes)) {
      return null;
    }
    awaited = false;
    String reason =
        "expected a "
            + framing.word()
            + " of at most "
            + limit
            + " bytes, found "
            + length
            + " (raw holds the first "
            + start.length
            + ")";
    if (first && header != null && !header.isRecord()) {
      badHeader = inHeader(reason, number);
    }
    return assembler.reject(RecordParts.ofValue(start), origin, number, reason);
  }

  private boolean isNames(byte[] record) {
    return names != null
        && (Arrays.equals(record, names) || Arrays.equals(framing.record(record, true), names));
  }

  private static void readRecordAsHeader(FileHeader header, byte[] bytes) {
    try {
      header.read(bytes);
    } catch (Unreadable e) {
      // As a record it is rejected, with this reason.
    }
  }

  private @Nullable Reading header(FileHeader header, byte[] bytes, long number) {
    try {
      header.read(bytes);
      String notOne = header.notOne(bytes, assembler::observation);
      names = notOne == null && !assembler.hasTime(bytes) ? bytes : null;
      // It is not lost without a word; the records behind it have the same fields.
      return notOne == null
          ? null
          : assembler.reject(RecordParts.ofValue(bytes), origin, number, notOne);
    } catch (Unreadable e) {
      badHeader = inHeader(e.reason(), number);
      return assembler.reject(RecordParts.ofValue(bytes), origin, number, badHeader);
    }
  }

  private String inHeader(String reason, long number) {
    return "the header in " + framing.word() + " " + number + ": " + reason;
  }
}
