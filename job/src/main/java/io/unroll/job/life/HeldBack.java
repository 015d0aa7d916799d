package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The observations of the series in Flink's key context that wait for the watermark, by timestamp.
 * Apart from the series' value, which is read with every observation and would carry them along.
 *
 * <p>A record that was rejected while it was read has no timestamp that may be believed. It waits
 * behind the highest one that waits, M, and goes at once where nothing waits. Its place among the
 * series' records is then the same in every run in which no observation of the series comes behind
 * the watermark: after all observations up to M, before all later ones, where M is the highest
 * timestamp of those that came before it.
 *
 * <ul>
 *   <li>Something waits: what waits is above the watermark, all else that came is not, so M is the
 *       highest that waits. What comes later with a timestamp up to M is sorted in before it.
 *   <li>Nothing waits: the watermark has passed M, so all that came before is out, and what comes
 *       later is above the watermark, so above M.
 * </ul>
 */
public final class HeldBack {
  /**
   * Observations that are kept together by timestamp. Each one more costs as much as there are, so
   * others of the same timestamp are kept apart, in the order in which they came.
   */
  static final int MOST_TOGETHER = 64;

  private final Kept kept;

  /** Where they are kept, by timestamp, of the series that is current. */
  public interface Kept {
    /** Those of one timestamp, as they came; null without. Not to be changed. */
    @Nullable List<Observation> get(long timestamp) throws Exception;

    /** Keeps {@code observations} in place of those of the timestamp. */
    void put(long timestamp, List<Observation> observations) throws Exception;

    /** All of them, in any order of the timestamps. Its {@code remove} is supported. */
    Iterator<Map.Entry<Long, List<Observation>>> all() throws Exception;

    /** Keeps one more that has no room among those of its timestamp. */
    void addMore(Observation observation) throws Exception;

    /** What {@link #addMore} has kept, as they came. */
    Iterable<Observation> more() throws Exception;

    /** Keeps these in place of {@link #more}. */
    void setMore(List<Observation> observations) throws Exception;
  }

  /** Those of the series that is current in {@code kept}. */
  public HeldBack(Kept kept) {
    this.kept = kept;
  }

  void add(SequenceState series, Observation observation) throws Exception {
    if (series.heldFrom == SequenceState.NEVER) {
      series.heldTo = observation.timestamp;
    } else if (series.heldTo != SequenceState.NONE) {
      series.heldTo = Math.max(series.heldTo, observation.timestamp);
    }
    series.heldFrom = Math.min(series.heldFrom, observation.timestamp);
    keep(observation);
  }

  private void keep(Observation observation) throws Exception {
    List<Observation> together = kept.get(observation.timestamp);
    if (together != null && together.size() >= MOST_TOGETHER) {
      kept.addMore(observation);
      return;
    }
    List<Observation> more = together == null ? new ArrayList<>(1) : new ArrayList<>(together);
    more.add(observation);
    kept.put(observation.timestamp, more);
  }

  /**
   * Adds a rejected record behind the observations that wait.
   *
   * @param series whose observations wait
   * @param rejected its timestamp is where it waits. Modified.
   * @throws IllegalStateException if none waits
   */
  void addBehind(SequenceState series, Observation rejected) throws Exception {
    if (series.heldTo == SequenceState.NONE) {
      series.heldTo = highest(rejected.series);
    }
    rejected.timestamp = series.heldTo;
    keep(rejected);
  }

  private long highest(String series) throws Exception {
    @Nullable Long highest = null;
    for (Iterator<Map.Entry<Long, List<Observation>>> all = kept.all(); all.hasNext(); ) {
      Long timestamp = all.next().getKey();
      highest = highest == null ? timestamp : Long.valueOf(Math.max(highest, timestamp));
    }
    if (highest == null) {
      throw new IllegalStateException(
          "series '" + series + "': found nothing held back, expected something");
    }
    return highest;
  }

  /**
   * Takes what the watermark has passed.
   *
   * @param series Modified: the lowest timestamp that still waits
   * @return by timestamp, of one timestamp by nanoseconds and else as they came, end markers
   *     without features behind the others and what was rejected behind those
   */
  List<Observation> take(SequenceState series, long watermark) throws Exception {
    List<Observation> taken = new ArrayList<>();
    boolean more = false;
    long next = SequenceState.NEVER;
    Iterator<Map.Entry<Long, List<Observation>>> entries = kept.all();
    while (entries.hasNext()) {
      Map.Entry<Long, List<Observation>> entry = entries.next();
      if (entry.getKey() <= watermark) {
        taken.addAll(entry.getValue());
        more |= entry.getValue().size() >= MOST_TOGETHER;
        entries.remove();
      } else {
        next = Math.min(next, entry.getKey());
      }
    }
    if (more) {
      takeMore(taken, watermark);
    }
    series.heldFrom = next;
    if (next == SequenceState.NEVER) {
      series.heldTo = SequenceState.NONE;
    }
    taken.sort(HeldBack::compare); // stable: the order of arrival stays
    return taken;
  }

  private void takeMore(List<Observation> taken, long watermark) throws Exception {
    List<Observation> stay = new ArrayList<>();
    for (Observation one : kept.more()) {
      (one.timestamp <= watermark ? taken : stay).add(one);
    }
    kept.setMore(stay);
  }

  private static int compare(Observation a, Observation b) {
    int byTime = Long.compare(a.timestamp, b.timestamp);
    if (byTime != 0) {
      return byTime;
    }
    if (a.rejected == null && b.rejected == null && a.nanos != b.nanos) {
      return Integer.compare(a.nanos, b.nanos);
    }
    return Integer.compare(rank(a), rank(b));
  }

  private static int rank(Observation observation) {
    if (observation.rejected != null) {
      return 2;
    }
    return observation.end && observation.features == null && observation.unusable == null ? 1 : 0;
  }
}
