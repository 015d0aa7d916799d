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
  private final Kept byTimestamp;

  /** Where they are kept, by timestamp, of the series that is current. */
  public interface Kept {
    /** Those of one timestamp, as they came; null without. Not to be changed. */
    @Nullable List<Observation> get(long timestamp) throws Exception;

    /** Keeps {@code observations} in place of those of the timestamp. */
    void put(long timestamp, List<Observation> observations) throws Exception;

    /** All of them, in any order of the timestamps. Its {@code remove} is supported. */
    Iterator<Map.Entry<Long, List<Observation>>> all() throws Exception;
  }

  /** Those of the series that is current in {@code byTimestamp}. */
  public HeldBack(Kept byTimestamp) {
    this.byTimestamp = byTimestamp;
  }

  void add(Observation observation) throws Exception {
    List<Observation> together = byTimestamp.get(observation.timestamp);
    List<Observation> more = together == null ? new ArrayList<>(1) : new ArrayList<>(together);
    more.add(observation);
    byTimestamp.put(observation.timestamp, more);
  }

  /**
   * Adds a rejected record behind the observations that wait.
   *
   * @param rejected its timestamp is where it waits. Modified.
   * @throws IllegalStateException if none waits
   */
  void addBehind(Observation rejected) throws Exception {
    @Nullable Long highest = null;
    for (Iterator<Map.Entry<Long, List<Observation>>> all = byTimestamp.all(); all.hasNext(); ) {
      Long timestamp = all.next().getKey();
      highest = highest == null ? timestamp : Long.valueOf(Math.max(highest, timestamp));
    }
    if (highest == null) {
      throw new IllegalStateException(
          "series '" + rejected.series + "': found nothing held back, expected something");
    }
    rejected.timestamp = highest;
    add(rejected);
  }

  /**
   * Those that the watermark has passed, and those that still wait.
   *
   * @param observations by timestamp, of one timestamp by nanoseconds and else as they came, end
   *     markers without features behind the others and what was rejected behind those
   * @param next the lowest timestamp that still waits; {@link SequenceState#NEVER} without
   */
  record Taken(List<Observation> observations, long next) {}

  /** Takes what the watermark has passed. */
  Taken take(long watermark) throws Exception {
    List<Observation> taken = new ArrayList<>();
    long next = SequenceState.NEVER;
    Iterator<Map.Entry<Long, List<Observation>>> entries = byTimestamp.all();
    while (entries.hasNext()) {
      Map.Entry<Long, List<Observation>> entry = entries.next();
      if (entry.getKey() <= watermark) {
        taken.addAll(entry.getValue());
        entries.remove();
      } else {
        next = Math.min(next, entry.getKey());
      }
    }
    taken.sort(HeldBack::compare); // stable: the order of arrival stays
    return new Taken(taken, next);
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
