package io.unroll.job.cli;

import io.unroll.connectors.file.FileLook.Looked;
import io.unroll.connectors.record.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records of one series at one time. Each is a step, and a few of them are nothing: two trades in a
 * millisecond. Where most records are so, they may be no observations but parts of some.
 */
final class SameTimes {
  private record Moment(String series, long timestamp, int nanos) {}

  private SameTimes() {}

  /** A line if they are more than half of all; what has an identity is told apart by that. */
  static List<String> warnings(List<Looked> records) {
    Map<Moment, Integer> moments = new HashMap<>();
    List<Looked> steps =
        records.stream()
            .filter(r -> r.observation().features != null && r.observation().identity == null)
            .toList();
    steps.forEach(step -> moments.merge(moment(step), 1, Integer::sum));
    List<Looked> shared =
        steps.stream().filter(step -> moments.getOrDefault(moment(step), 0) > 1).toList();
    if (2 * shared.size() <= steps.size()) {
      return List.of();
    }
    return List.of(
        "observation.timestamp: %d of %d records looked at have the series and the time of another, the first of them %s: each is a step of its own. If they are the parts of one observation (a row for each quantity), or one that is sent again (a candle in the making, a correction), make them one record before they come here"
            .formatted(shared.size(), steps.size(), shared.get(0).place()));
  }

  private static Moment moment(Looked looked) {
    Observation step = looked.observation();
    return new Moment(step.series, step.timestamp, step.nanos);
  }
}
