package io.unroll.job.operator;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to advance together, each of another series. Knows nothing of what a row's result
 * means, nor of when the batch is to run.
 */
final class Batch {
  private final Advance advance;
  private final @Nullable Row[] rows;
  private final WaitingSeries waiting;
  private int size;

  /**
   * @param capacity the most rows; {@code advance} has room for them
   */
  Batch(Advance advance, int capacity) {
    this.advance = advance;
    this.rows = new Row[capacity];
    this.waiting = new WaitingSeries(capacity);
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == rows.length;
  }

  /** False only if no row of that series waits. */
  boolean mayHold(String series) {
    return size > 0 && waiting.mayContain(series);
  }

  /**
   * Takes a row, of a series that has none.
   *
   * @return why its observation cannot be stepped, then it is not in the batch; or null
   */
  @Nullable String add(Row row) {
    String fault = advance.load(size, row.raw(), row.previous(), row.hidden());
    if (fault == null) {
      waiting.add(row.series());
      rows[size++] = row;
    }
    return fault;
  }

  /** Advances every row by one step. */
  void run() {
    advance.run(size);
  }

  /** One of the rows, in the order in which they came. */
  Row row(int index) {
    return Objects.requireNonNull(rows[index]);
  }

  /** Empties the batch, and lets go of what its rows held. */
  void clear() {
    Arrays.fill(rows, 0, size, null);
    size = 0;
    waiting.clear();
  }
}
