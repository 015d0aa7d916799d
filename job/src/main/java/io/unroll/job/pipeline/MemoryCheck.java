package io.unroll.job.pipeline;

import io.unroll.job.life.Scale;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a series across its sequences: somebody says for how long, and only where
 * something is.
 */
final class MemoryCheck {
  private static final String KEEP = "sequence.keep-series-for";

  private MemoryCheck() {}

  /**
   * Reports it where it is otherwise.
   *
   * @param observation whose scales may remember; null if it is wrong in itself
   */
  static void check(Findings findings, Pipeline.@Nullable Observation observation) {
    List<String> remembering = new ArrayList<>();
    for (String key : List.of("observation.deduplicate-by", EvaluateSection.KEY)) {
      if (findings.isPlaced(key)) {
        remembering.add(key);
      }
    }
    boolean known = observation != null && !findings.isWrong("observation.features");
    if (observation != null && known) {
      for (int i = 0; i < observation.features().size(); i++) {
        if (observation.features().get(i).feature().scale() instanceof Scale.Online) {
          remembering.add("observation.features[" + i + "].scale");
        }
      }
    }
    if (!findings.isPlaced(KEEP)) {
      remembering.forEach(
          key ->
              findings.mistake(
                  key,
                  "found without "
                      + KEEP
                      + ", expected it beside it: how long a series is remembered after its last"
                      + " observation"));
    } else if (remembering.isEmpty() && known) {
      findings.mistake(
          KEEP,
          "found without observation.deduplicate-by, scale: online and evaluate, expected one of them:"
              + " nothing else is remembered of a series");
    }
  }
}
