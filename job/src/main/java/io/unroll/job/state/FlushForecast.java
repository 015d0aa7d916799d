package io.unroll.job.state;

/**
 * When the next flush may be expected, in changes: as many after the last one as that came after
 * the one before. Checkpoints come at a steady distance, and a stream's rate changes slowly; where
 * either is not so, rows wait for the flush as they would without a forecast.
 *
 * <p>Rows leave one per change, for half as many changes before the flush as there are rows.
 * Earlier ones would be changed again: of rows that all are hot, and all wait, that leaves six in
 * ten, one in five of the written ones having changed meanwhile; twice as long leaves four in ten,
 * for twice the writes, and a stream that has to wait for them before the flush instead of at it.
 * At most as many rows leave between two flushes as waited when the first one left, so a forecast
 * that is wrong costs at most one write more per row.
 */
final class FlushForecast {
  /** Begins earlier by this part of the distance, for a flush that comes early. */
  private static final int EARLY = 128;

  /** Gives up when the flush is late by this part of the distance. */
  private static final int LATE = 8;

  private static final int NOT_BEGUN = -1;

  private final int few;
  private long changes;
  private long distance;
  private int left = NOT_BEGUN;

  /**
   * @param few rows that a flush may have to write: not worth a write of their own
   */
  FlushForecast(int few) {
    this.few = few;
  }

  void flushed() {
    distance = changes;
    changes = 0;
    left = NOT_BEGUN;
  }

  /**
   * Counts a change.
   *
   * @param waiting rows that wait for the flush
   * @return whether one of them should leave now
   */
  boolean changed(int waiting) {
    changes++;
    if (waiting <= few
        || changes + waiting / 2 + distance / EARLY < distance
        || changes > distance + distance / LATE) {
      return false;
    }
    if (left == NOT_BEGUN) {
      left = waiting;
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
