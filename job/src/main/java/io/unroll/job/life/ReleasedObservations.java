package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Observations that were held back and may step now but must step one after the other: of each
 * series one at a time, of all series together, so that what the watermark lets go runs in batches.
 */
public final class ReleasedObservations {
  private final Map<String, Queue<Observation>> bySeries = new LinkedHashMap<>();
  private final List<String> over = new ArrayList<>();

  /** Takes the next observation of a series. */
  public interface Taker {
    void take(String series, Observation observation) throws Exception;
  }

  /** Adds a series' observations, in their order. */
  public void add(String series, List<Observation> observations) {
    if (!observations.isEmpty()) {
      bySeries.computeIfAbsent(series, unused -> new ArrayDeque<>()).addAll(observations);
    }
  }

  /** The series that have had their last turn since this was asked. */
  public List<String> over() {
    List<String> result = List.copyOf(over);
    over.clear();
    return result;
  }

  /** Series that wait for a turn. */
  public int size() {
    return bySeries.size();
  }

  /**
   * Gives each series that waits its next turn.
   *
   * @return false if none waits
   */
  public boolean next(Taker taker) throws Exception {
    if (bySeries.isEmpty()) {
      return false;
    }
    for (String series : new ArrayList<>(bySeries.keySet())) {
      Queue<Observation> waiting = bySeries.get(series);
      Observation observation = waiting == null ? null : waiting.poll();
      if (waiting == null || waiting.isEmpty()) {
        bySeries.remove(series);
        over.add(series);
      }
      if (observation != null) {
        taker.take(series, observation);
      }
    }
    return true;
  }
}
