package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.model.RecurrentModel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first observations would give, without a job: every series steps from the model's
 * initial state and nothing closes.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public final class Preview {
  private final Features features;
  private final Advance advance;
  private final Map<String, Remembered> series = new HashMap<>();

  private record Remembered(float @Nullable [] hidden, double[] previous) {}

  /**
   * The result for one observation.
   *
   * @param output the model's outputs, or null
   * @param note why there are none, or empty
   */
  public record Result(float @Nullable [] output, String note) {}

  public Preview(SequenceConfig config, RecurrentModel model) {
    this.features = new Features(config.features());
    this.advance = new Advance(model, features, 1);
  }

  public Result observe(Observation observation) {
    double[] raw = observation.features;
    if (raw == null) {
      return new Result(null, observation.unusable == null ? "end" : observation.unusable);
    }
    String fault = features.fault(raw);
    if (fault != null) {
      return new Result(null, "rejected: " + fault);
    }
    Remembered before = series.get(observation.series);
    if (before == null && features.primed()) {
      series.put(observation.series, new Remembered(null, features.remember(raw)));
      return new Result(null, "primes the transforms");
    }
    fault =
        advance.load(
            0,
            raw,
            before == null ? new double[0] : before.previous(),
            before == null ? null : before.hidden());
    if (fault == null) {
      advance.run(1);
      fault = advance.fault(0);
    }
    if (fault != null) {
      return new Result(null, "rejected: " + fault);
    }
    float[] hidden = advance.initialState();
    advance.takeHidden(0, hidden);
    series.put(observation.series, new Remembered(hidden, features.remember(raw)));
    return new Result(advance.output(0), "");
  }
}
