package io.unroll.job.state;

/**
 * When the next flush may be expected, in changes: as many after the last one as that came after
 * the one before. Checkpoints come at a steady distance, and a stream's rate changes slowly; where
 * either is not so, rows wait for the flush as they would without a forecast, or a few are written
 * once more than needed.
 *
 * <p>Rows that leave one per change, as many changes before the flush as there are rows, leave in
 * time: what is changed again meanwhile is a third of them, even of rows that all are hot.
 */
final class FlushForecast {
  /** Begins earlier by this part of the distance, for a flush that comes early. */
  private static final int EARLY = 32;

  /** Gives up when the flush is late by this part of the distance. */
  private static final int LATE = 8;

  private final int few;
  private long changes;
  private long distance;

  /**
   * @param few rows that a flush may have to write: not worth a write of their own
   */
  FlushForecast(int few) {
    this.few = few;
  }

  void changed() {
    changes++;
  }

  void flushed() {
    distance = changes;
    changes = 0;
  }

  /** Whether one of so many rows that wait for the flush should leave now. */
  boolean isNear(int waiting) {
    return waiting > few
        && changes + waiting + distance / EARLY >= distance
        && changes <= distance + distance / LATE;
  }
}
