package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;

/**
 * The observations of the series in Flink's key context that wait for the watermark, by timestamp.
 * Apart from the series' value, which is read with every observation and would carry them along.
 */
final class HeldBack {
  private final MapState<Long, List<Observation>> byTimestamp;

  HeldBack(MapState<Long, List<Observation>> byTimestamp) {
    this.byTimestamp = byTimestamp;
  }

  void add(Observation observation) throws Exception {
    List<Observation> together = byTimestamp.get(observation.timestamp);
    List<Observation> more = together == null ? new ArrayList<>(1) : new ArrayList<>(together);
    more.add(observation);
    byTimestamp.put(observation.timestamp, more);
  }

  /**
   * Those that the watermark has passed, and those that still wait.
   *
   * @param observations by timestamp, of one timestamp as they came, end markers without features
   *     last
   * @param next the lowest timestamp that still waits; {@link SequenceState#NEVER} without
   */
  record Taken(List<Observation> observations, long next) {}

  /** Takes what the watermark has passed. */
  Taken take(long watermark) throws Exception {
    List<Observation> taken = new ArrayList<>();
    long next = SequenceState.NEVER;
    Iterator<Map.Entry<Long, List<Observation>>> entries = byTimestamp.iterator();
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
    return byTime != 0 ? byTime : Boolean.compare(isMarker(a), isMarker(b));
  }

  private static boolean isMarker(Observation observation) {
    return observation.end && observation.features == null && observation.unusable == null;
  }
}
