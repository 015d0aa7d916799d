package io.unroll.job.life;

/**
 * The hash codes of the series that have a row in the batch. Asked once per observation and emptied
 * once per batch, so: linear probing over a table four to eight times as large as the batch, and a
 * slot that is taken only if it carries the number of the current batch.
 *
 * <p>Numbers only: a reference from this old table to a young text would cost more than the
 * question, for G1 fences every such store. Two names with one hash code count as one series; then
 * a batch runs early, and nothing else.
 */
final class WaitingSeries {
  private final int[] hashes; // (slots)
  private final long[] takenIn; // (slots)
  private final int shift;
  private long batch = 1;

  /**
   * @param rows the most series of a batch
   */
  WaitingSeries(int rows) {
    int bits = 2 + Integer.SIZE - Integer.numberOfLeadingZeros(rows);
    hashes = new int[1 << bits];
    takenIn = new long[1 << bits];
    shift = Integer.SIZE - bits;
  }

  /** False only if that series does not wait. */
  boolean mayContain(String name) {
    int hash = name.hashCode(); // which the text keeps, since Flink has asked for it
    int slot = slot(hash);
    while (takenIn[slot] == batch) {
      if (hashes[slot] == hash) {
        return true;
      }
      slot = (slot + 1) & (hashes.length - 1);
    }
    return false;
  }

  /** Adds a series that is not there, at most as many as the batch has rows. */
  void add(String name) {
    int hash = name.hashCode();
    int slot = slot(hash);
    while (takenIn[slot] == batch) {
      slot = (slot + 1) & (hashes.length - 1);
    }
    hashes[slot] = hash;
    takenIn[slot] = batch;
  }

  void clear() {
    batch++;
  }

  /** Names that count up have neighbouring hash codes: the product spreads them. */
  private int slot(int hash) {
    return (hash * 0x9E3779B9) >>> shift;
  }
}
