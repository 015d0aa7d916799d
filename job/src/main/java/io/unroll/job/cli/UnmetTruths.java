package io.unroll.job.cli;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.job.describe.DescribedEvaluation;
import io.unroll.job.describe.Features;
import io.unroll.job.describe.RootKeys;
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
    List<String> truths = Features.truths(pipeline.description());
    List<DescribedEvaluation> evaluations = pipeline.description().get(RootKeys.EVALUATE);
    for (int i = 0; evaluations != null && i < evaluations.size(); i++) {
      String against = evaluations.get(i).against();
      int fromEnd = truths.size() - truths.indexOf(against);
      if (truths.contains(against)
          && observations.stream().allMatch(each -> isAbsent(each.features, fromEnd))) {
        warnings.add(
            String.format(
                "evaluate[%d].against: none of the first %d records has %s",
                i, observations.size(), against));
      }
    }
    return warnings;
  }

  private static boolean isAbsent(double @Nullable [] features, int fromEnd) {
    return features == null || Double.isNaN(features[features.length - fromEnd]);
  }
}
