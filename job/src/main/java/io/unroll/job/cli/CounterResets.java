package io.unroll.job.cli;

import io.unroll.connectors.file.FileLook.Looked;
import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Transform;
import io.unroll.job.pipeline.FeatureField;
import io.unroll.job.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counters that start anew: a value of which the model sees the difference rises, and now and then
 * falls to less than half. The difference there is no increase. Where another sequence opens there
 * is no difference, and a counter may start anew.
 */
final class CounterResets {
  /** Of so many rises one may be a fall: what falls more often is no counter. */
  private static final int RISES_TO_A_FALL = 3;

  private CounterResets() {}

  /** A line for each such feature. */
  static List<String> warnings(Pipeline pipeline, List<Looked> records) {
    List<String> warnings = new ArrayList<>();
    List<FeatureField> features = pipeline.observation().features();
    int place = 0; // among the values of a record, which a time has none of
    for (int i = 0; i < features.size(); i++) {
      if (!features.get(i).feature().isField()) {
        continue;
      }
      if (features.get(i).feature().transform().kind() == Transform.Kind.DIFF) {
        String resets = resets(pipeline.boundaries(), records, place);
        if (resets != null) {
          warnings.add(
              "observation.features[%d]: %s rises, but for %s: if it is a counter that starts anew, its difference there is no increase. Let its producer write increases"
                  .formatted(i, features.get(i).field(), resets));
        }
      }
      place++;
    }
    return warnings;
  }

  private static @Nullable String resets(Boundaries boundaries, List<Looked> records, int place) {
    Map<String, Observation> last = new HashMap<>();
    int rises = 0;
    int falls = 0;
    String first = "";
    for (Looked record : records) {
      Observation observation = record.observation();
      double[] values = observation.features;
      if (values == null || Double.isNaN(values[place])) {
        continue;
      }
      double now = values[place];
      Observation previous = last.put(observation.series, observation);
      Double before =
          previous == null || opens(boundaries, previous, observation)
              ? null
              : Objects.requireNonNull(previous.features)[place];
      if (now < 0) {
        return null;
      }
      if (before != null && now > before) {
        rises++;
      } else if (before != null && now < before) {
        if (now > before / 2) {
          return null;
        }
        if (falls++ == 0) {
          first = "%s (%s after %s)".formatted(record.place(), now, before);
        }
      }
    }
    return falls > 0 && rises >= RISES_TO_A_FALL * falls
        ? Counted.of(falls, "fall") + ", the first of them at " + first
        : null;
  }

  /** Whether an observation opens another sequence than the one before it stepped in. */
  private static boolean opens(Boundaries boundaries, Observation before, Observation now) {
    return before.end
        || now.start
        || (now.by != null && !now.by.equals(before.by))
        || boundaries.areBetween(before.timestamp, now.timestamp);
  }
}
