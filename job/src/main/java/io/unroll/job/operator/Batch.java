package io.unroll.job.operator;

import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to advance together, each of another series. Knows nothing of what a row's result
 * means, nor of when the batch is to run.
 */
final class Batch {
  private final Advance advance;
  private final Row[] rows;
  private final WaitingSeries waiting;
  private int size;

  /**
   * @param capacity the most rows; {@code advance} has room for them
   */
  Batch(Advance advance, int capacity) {
    this.advance = advance;
    this.rows = new Row[capacity];
    for (int i = 0; i < capacity; i++) {
      rows[i] = new Row();
    }
    this.waiting = new WaitingSeries(capacity);
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == rows.length;
  }

  /** True if a row of that series waits. */
  boolean holds(String series) {
    return size > 0 && waiting.contains(series);
  }

  /** The row that {@link #add} takes next, for a request to be written into. */
  Row vacant() {
    return rows[size];
  }

  /**
   * Takes the {@link #vacant} row into the batch.
   *
   * @return why its observation cannot be stepped, then it is not in the batch; or null
   */
  @Nullable String add() {
    Row row = rows[size];
    String fault = advance.load(size, row.raw(), row.previous(), row.hidden());
    if (fault == null) {
      waiting.add(row.series());
      size++;
    }
    return fault;
  }

  /** Advances every row by one step. */
  void run() {
    advance.run(size);
  }

  /** One of the rows, in the order in which they came. */
  Row row(int index) {
    return rows[index];
  }

  /** Empties the batch. */
  void clear() {
    for (int i = 0; i < size; i++) {
      rows[i].clear();
    }
    size = 0;
    waiting.clear();
  }
}
