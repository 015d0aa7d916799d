package io.unroll.connectors.format;

import io.unroll.connectors.record.Reading;

/**
 * Reads records that each stand alone, one after the other. Keeps its parser and its buffers from
 * one to the next: not safe to share between threads.
 */
public final class Records {

  private final RecordAssembler assembler;

  Records(RecordAssembler assembler) {
    this.assembler = assembler;
  }

  /**
   * One record. CSV has no header here: only pointers name its columns.
   *
   * @param origin the source with its separator, {@code "weather/0@"}: make it once per partition
   * @param position in {@code origin}
   */
  public Reading read(RecordParts record, String origin, long position) {
    return assembler.read(record, origin, position);
  }
}
