package io.unroll.job.life;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to advance together, each of another series. Knows nothing of what a row's result
 * means, nor of when the batch is to run.
 *
 * <p>Settling a row may add others, also of the series just settled. Those wait aside until the
 * last result has been taken, since loading a row overwrites a result; then they are the next
 * batch.
 */
public final class Batch {
  /** Takes what has become of a row. May add rows, of series that have none. */
  public interface Settler {
    /**
     * The row has advanced.
     *
     * @param index its row in the advance that has just run
     */
    void settle(Row row, int index) throws Exception;

    /** The row cannot be stepped. */
    void reject(Row row, String reason) throws Exception;
  }

  private final Advance advance;
  private final Settler settler;
  private final @Nullable Row[] rows; // while settling those that are settled
  private final WaitingSeries waiting;
  private final Queue<Row> aside = new ArrayDeque<>(); // added while settling, seldom any
  private int size;
  private boolean flushing;

  /**
   * @param capacity the most rows; {@code advance} has room for them
   */
  public Batch(Advance advance, int capacity, Settler settler) {
    this.advance = advance;
    this.settler = settler;
    this.rows = new Row[capacity];
    this.waiting = new WaitingSeries(capacity);
  }

  /** The most rows. */
  public int capacity() {
    return rows.length;
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size == rows.length;
  }

  /** False only if no row of that series waits, or waits to be settled. */
  public boolean mayHold(String series) {
    return ((size > 0 || flushing) && waiting.mayContain(series)) || !aside.isEmpty();
  }

  /**
   * Takes a row, of a series that has none; or has it rejected.
   *
   * @return true if it is in the batch; false if it has been rejected, or waits aside for the end
   *     of the flush that is under way or, where the batch is full, of the next
   */
  public boolean add(Row row) throws Exception {
    if (flushing || isFull()) {
      aside.add(row);
      return false;
    }
    return load(row);
  }

  private boolean load(Row row) throws Exception {
    String fault = advance.load(size, row);
    if (fault != null) {
      settler.reject(row, fault);
      return false;
    }
    waiting.add(row.series());
    rows[size++] = row;
    return true;
  }

  /**
   * Advances every row by one step and has it settled, in the order in which they came. Rows that
   * this has added wait then: whoever wants none to wait calls until nothing runs.
   *
   * @return how many rows ran; 0 within a flush, which calls again itself
   */
  public int flush() throws Exception {
    if (flushing || size == 0) {
      return 0;
    }
    flushing = true;
    int running = size;
    advance.run(running);
    size = 0;
    for (int i = 0; i < running; i++) {
      settler.settle(Objects.requireNonNull(rows[i]), i);
    }
    waiting.clear();
    Arrays.fill(rows, 0, running, null);
    while (!isFull() && !aside.isEmpty()) {
      load(aside.remove());
    }
    flushing = false;
    return running;
  }
}
