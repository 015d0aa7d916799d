package io.unroll.job.cli;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.job.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fields that predictions are held against, that the model does not see, and that none of the first
 * records has. A name that is misspelt there is no mistake that a pipeline file shows.
 */
final class UnmetTruths {
  private UnmetTruths() {}

  /** A line for each of them; none where there are no records to judge by. */
  static List<String> warnings(Pipeline pipeline, List<Reading> first) {
    List<Observation> observations =
        first.stream().map(reading -> reading.observation).filter(Objects::nonNull).toList();
    List<String> warnings = new ArrayList<>();
    if (observations.isEmpty()) {
      return warnings;
    }
    int seen = pipeline.observation().features().size();
    List<Pipeline.EvaluateRule> rules = pipeline.evaluations().rules();
    int truths = pipeline.evaluations().truths().size();
    for (int i = 0; i < rules.size(); i++) {
      int fromEnd = truths - (rules.get(i).feature() - seen);
      if (rules.get(i).feature() >= seen
          && observations.stream().allMatch(each -> isAbsent(each.features, fromEnd))) {
        warnings.add(
            String.format(
                "evaluate[%d].against: none of the first %d records has %s",
                i, observations.size(), rules.get(i).against().text()));
      }
    }
    return warnings;
  }

  private static boolean isAbsent(double @Nullable [] features, int fromEnd) {
    return features == null || Double.isNaN(features[features.length - fromEnd]);
  }
}
