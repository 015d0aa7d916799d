package io.unroll.connectors.format;

import org.jspecify.annotations.Nullable;

/**
 * Picks the wanted fields out of records, one after the other. Keeps its parser and its buffers
 * from one to the next: not safe to share between threads.
 */
public interface RecordReader {

  /**
   * The fast way, for sound records alone: it needs no words for what is wrong. The values are good
   * until the next record is read.
   *
   * @param values those of the wanted fields. Modified.
   * @return false if the record has to be read the exact way
   */
  default boolean readFast(byte[] record, Value[] values) {
    return false;
  }

  /**
   * The exact way, for any record.
   *
   * @param values those of the wanted fields; one that is not there is {@link Value#MISSING}, or
   *     says why. Modified.
   * @throws Unreadable if the record is none; a field that cannot be read is a {@link Value#broken}
   */
  void read(byte[] record, Value[] values) throws Unreadable;

  /** What a file's first record is; null if it is one like all others. */
  default @Nullable FileHeader header() {
    return null;
  }
}
