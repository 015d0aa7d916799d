package io.unroll.connectors.format;

import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one output. Keeps its buffer from one to the next: not safe to share
 * between threads.
 */
public interface RecordWriter<T> {

  /** A record, without what sets it apart from the next one. */
  byte[] write(T row);

  /** What a file of them begins with; null for nothing. */
  byte @Nullable [] header();
}
