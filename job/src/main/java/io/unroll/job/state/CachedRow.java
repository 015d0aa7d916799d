package io.unroll.job.state;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A series in a {@link CachedStore}, and its places in the two orders there. */
final class CachedRow {
  // Objects of a 64-bit JVM with compressed references.
  private static final int ROW = 48 + 2 * 24;
  private static final int MAP_ENTRY = 32 + 8;
  static final int SEQUENCE = 160; // as StateFieldsTest counts its fields
  private static final int ID = 56;
  private static final int STRING = 24 + 16;
  private static final int ARRAY = 16;
  private static final int PENDING = 88;

  /** In the order of RocksDB's bytes, as far as keys are alike: the group, then the key. */
  static final Comparator<CachedRow> BY_KEY =
      (one, other) ->
          one.group != other.group
              ? Integer.compare(one.group, other.group)
              : one.key.compareTo(other.key);

  final String key;

  private final int group;

  /** Its place among the rows by use. */
  final RowQueue.Link use = new RowQueue.Link(this);

  /** Its place among the changed rows; in no order while it is not changed. */
  final RowQueue.Link change = new RowQueue.Link(this);

  /** Null where nothing is known of the series. */
  @Nullable SequenceState sequence;

  /** True if the backend may have a value. */
  boolean stored;

  /** True if the backend has another value, or one where there is none. */
  boolean changed;

  private int bytes;

  /**
   * @param group the key's
   * @param stored see {@link #stored}
   */
  CachedRow(String key, int group, boolean stored) {
    this.key = key;
    this.group = group;
    this.stored = stored;
  }

  /** What {@link #measure} found last. */
  int bytes() {
    return bytes;
  }

  /**
   * Estimates what the row takes on the heap: its objects and arrays, the key, every text as if it
   * were nobody else's.
   *
   * @return the bytes it grew by
   */
  int measure() {
    int before = bytes;
    bytes = ROW + MAP_ENTRY + bytes(key);
    if (sequence != null) {
      bytes += SEQUENCE + ID + bytes(sequence.origin);
      bytes += ARRAY + Float.BYTES * sequence.hidden.length;
      bytes += ARRAY + Double.BYTES * sequence.previous.length;
      if (sequence.output != null) {
        bytes += ARRAY + Float.BYTES * sequence.output.length;
      }
      if (sequence.inputs != null) {
        bytes += ARRAY + Float.BYTES * sequence.inputs.length;
      }
      if (sequence.record != null) {
        bytes += 2 * ARRAY;
        for (String identity : sequence.record.identities) {
          bytes += Integer.BYTES + bytes(identity);
        }
        bytes +=
            Double.BYTES
                * (sequence.record.moments.length
                    + sequence.record.actuals.length
                    + sequence.record.previous.length);
        for (PendingPrediction one : sequence.record.pending) {
          bytes += PENDING + bytes(one.sequence()) + bytes(one.origin());
        }
      }
      if (sequence.name != null) {
        bytes += bytes(sequence.name);
      }
      if (sequence.keep != null) {
        bytes += ARRAY;
        for (String text : sequence.keep) {
          bytes += Integer.BYTES + bytes(text);
        }
      }
    }
    return bytes - before;
  }

  private static int bytes(String text) {
    return STRING + text.length();
  }
}
