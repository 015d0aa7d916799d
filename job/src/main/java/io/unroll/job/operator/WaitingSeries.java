package io.unroll.job.operator;

/**
 * The series that have a row in the batch. Asked once per observation and emptied once per batch,
 * so: linear probing over a table four times as large as the batch, and a slot that is taken only
 * if it carries the number of the current batch. A text keeps its hash code, which Flink has asked
 * for already.
 */
final class WaitingSeries {
  private final String[] series; // (slots)
  private final long[] takenIn; // (slots)
  private final int shift;
  private long batch = 1;

  /**
   * @param rows the most series of a batch
   */
  WaitingSeries(int rows) {
    int bits = 2 + Integer.SIZE - Integer.numberOfLeadingZeros(rows);
    series = new String[1 << bits];
    takenIn = new long[1 << bits];
    shift = Integer.SIZE - bits;
  }

  boolean contains(String name) {
    int slot = slot(name);
    while (takenIn[slot] == batch) {
      if (series[slot].equals(name)) {
        return true;
      }
      slot = (slot + 1) & (series.length - 1);
    }
    return false;
  }

  /** Adds a series that is not there, at most as many as the batch has rows. */
  void add(String name) {
    int slot = slot(name);
    while (takenIn[slot] == batch) {
      slot = (slot + 1) & (series.length - 1);
    }
    series[slot] = name;
    takenIn[slot] = batch;
  }

  void clear() {
    batch++;
  }

  /** Names that count up have neighbouring hash codes: the product spreads them. */
  private int slot(String name) {
    return (name.hashCode() * 0x9E3779B9) >>> shift;
  }
}
