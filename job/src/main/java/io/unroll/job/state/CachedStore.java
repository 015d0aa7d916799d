package io.unroll.job.state;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Live series in front of a state backend that serializes every value: a series that is here costs
 * the backend nothing when it is read, and one write for all its changes until it leaves or a
 * checkpoint is near.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A row that is not changed is equal to the backend's, or absent in both.
 *   <li>A row leaves by being the one used longest ago, and is written before if it is changed. So
 *       the bytes here are within the limit after every call.
 *   <li>At most {@code mostChanged} rows are changed after every call: with one more, the row that
 *       was changed longest ago is written. That bounds what {@link #flush} has to write, and so
 *       the pause before a checkpoint's barrier; series that change all the time stay.
 *   <li>Shortly before a checkpoint is expected, a change makes the row changed longest ago be
 *       written ({@link FlushForecast}).
 *   <li>A removed series is a row without a sequence, so that it does not come back from the
 *       backend.
 *   <li>The backend's current key is the caller's after every call.
 * </ol>
 *
 * <p>For one thread, and for backends that keep bytes: what a backend on the heap gives is the very
 * object that its snapshots read. What waits here is lost with the task, like all that came after
 * the last checkpoint.
 */
final class CachedStore implements SequenceStore {
  /**
   * At 3 to 5 microseconds a row a pause of 50 to 80 ms. The decision log says what other bounds
   * cost.
   */
  static final int MOST_CHANGED = 16_384;

  /** Changed rows that a flush writes in 3 to 5 ms. */
  static final int FEW_CHANGED = 1_024;

  private final CurrentKey current;
  private final ValueState<SequenceState> state;
  private final long limit;
  private final int mostChanged;

  private final Map<String, CachedRow> rows = new HashMap<>();
  private final RowQueue used = new RowQueue();
  private final RowQueue changed = new RowQueue();
  private final FlushForecast forecast;
  private long bytes;

  private long hits;
  private long misses;
  private long writtenBehind;
  private long flushed;

  /**
   * @param current the key that the calls are about, and the state too
   * @param limit bytes of the rows here, as {@link CachedRow#measure} estimates them
   * @param mostChanged rows that may wait for {@link #flush}
   * @param fewChanged rows that are left to it although it is near
   */
  CachedStore(
      CurrentKey current,
      ValueState<SequenceState> state,
      long limit,
      int mostChanged,
      int fewChanged) {
    this.current = current;
    this.state = state;
    this.limit = limit;
    this.mostChanged = mostChanged;
    this.forecast = new FlushForecast(fewChanged);
  }

  @Override
  public @Nullable SequenceState get() throws Exception {
    String key = key();
    CachedRow row = rows.get(key);
    if (row != null) {
      hits++;
      used.moveToEnd(row.use);
      return row.sequence;
    }
    misses++;
    SequenceState stored = state.value();
    row = row(key, stored != null);
    row.sequence = stored;
    add(row);
    shrink(key);
    return stored;
  }

  @Override
  public void put(SequenceState sequence) throws Exception {
    String key = key();
    CachedRow row = rowToChange(key);
    row.sequence = sequence;
    bytes += row.measure();
    change(row, key);
    shrink(key);
  }

  @Override
  public void remove() throws Exception {
    String key = key();
    CachedRow row = rowToChange(key);
    row.sequence = null;
    bytes += row.measure();
    if (row.stored) {
      change(row, key);
    } else {
      settle(row); // opened and closed between two checkpoints: the backend never hears of it
    }
    shrink(key);
  }

  /** In the backend's order, which costs it less than any other. The rows stay here. */
  @Override
  public void flush() throws Exception {
    forecast.flushed();
    flushed = changed.size();
    if (flushed == 0) {
      return;
    }
    String key = current.get();
    CachedRow[] sorted = changed.toArray();
    Arrays.sort(sorted, CachedRow.BY_KEY);
    for (CachedRow row : sorted) {
      write(row);
    }
    if (key != null) {
      current.set(key);
    }
  }

  private String key() {
    return Objects.requireNonNull(current.get(), "no current key");
  }

  private CachedRow rowToChange(String key) {
    CachedRow row = rows.get(key);
    if (row == null) {
      row = row(key, true); // for all that is known here
      add(row);
    } else {
      used.moveToEnd(row.use);
    }
    return row;
  }

  private CachedRow row(String key, boolean stored) {
    return new CachedRow(key, current.group(key), stored);
  }

  private void add(CachedRow row) {
    rows.put(row.key, row);
    used.add(row.use);
    bytes += row.measure();
  }

  /** Takes a change; another row may leave for it. Leaves the caller's key. */
  private void change(CachedRow row, String key) throws Exception {
    if (row.changed) {
      changed.moveToEnd(row.change);
    } else {
      row.changed = true;
      changed.add(row.change);
    }
    if (forecast.changed(changed.size()) || changed.size() > mostChanged) {
      writeBehind(first(changed));
      current.set(key);
    }
  }

  private void settle(CachedRow row) {
    if (row.changed) {
      row.changed = false;
      changed.remove(row.change);
    }
  }

  /** Brings bytes back to their bound, and the key back to the caller's. */
  private void shrink(String key) throws Exception {
    long before = writtenBehind;
    while (bytes > limit) {
      CachedRow row = first(used);
      if (row.changed) {
        writeBehind(row);
      }
      used.remove(row.use);
      rows.remove(row.key);
      bytes -= row.bytes();
    }
    if (writtenBehind != before) {
      current.set(key);
    }
  }

  private static CachedRow first(RowQueue queue) {
    return Objects.requireNonNull(queue.first(), "bytes or changes without a row");
  }

  private void writeBehind(CachedRow row) throws Exception {
    writtenBehind++;
    write(row);
  }

  private void write(CachedRow row) throws Exception {
    current.set(row.key);
    if (row.sequence == null) {
      state.clear();
    } else {
      state.update(row.sequence);
    }
    row.stored = row.sequence != null;
    settle(row);
  }

  /** Bytes of the rows here. */
  long bytes() {
    return bytes;
  }

  /** Series here, those known to have no sequence among them. */
  int rows() {
    return rows.size();
  }

  /** Rows that {@link #flush} would write now. */
  int changedRows() {
    return changed.size();
  }

  long hits() {
    return hits;
  }

  long misses() {
    return misses;
  }

  /** Rows written by other calls than {@link #flush}. */
  long writtenBehind() {
    return writtenBehind;
  }

  /** Rows that the last {@link #flush} wrote. */
  long flushed() {
    return flushed;
  }

  /** Shows in a group of metrics what is here and how well it serves. */
  CachedStore shownIn(MetricGroup group) {
    group.gauge("cache.bytes", this::bytes);
    group.gauge("cache.rows", this::rows);
    group.gauge("cache.changed", this::changedRows);
    group.gauge("cache.hits", this::hits);
    group.gauge("cache.misses", this::misses);
    group.gauge("cache.written-behind", this::writtenBehind);
    group.gauge("cache.flushed", this::flushed);
    return this;
  }
}
