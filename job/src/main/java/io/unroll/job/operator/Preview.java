package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.model.RecurrentModel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first observations would give, without a job: sequences open, step and close as in
 * {@code SequenceOperator}, but for what only time behind the last record can close, and lateness.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public final class Preview {
  private final SequenceConfig config;
  private final Features features;
  private final Advance advance;
  private final Map<String, Open> series = new HashMap<>();

  private record Open(float @Nullable [] hidden, double[] previous, long last, long steps) {}

  /**
   * The result for one observation.
   *
   * @param output what the step gives, or null
   * @param note what else there is to say, or empty
   */
  public record Result(float @Nullable [] output, String note) {}

  /** A preview with nothing open yet. */
  public Preview(SequenceConfig config, RecurrentModel model) {
    this.config = config;
    this.features = new Features(config.features());
    this.advance = new Advance(model, features, 1);
  }

  /** Takes the next observation, in the order of the source. */
  public Result observe(Observation observation) {
    String key = observation.series;
    Open open = series.get(key);
    if (open != null && observation.timestamp >= config.due(open.last())) {
      series.remove(key);
      open = null;
    }
    double[] raw = observation.features;
    String fault = observation.unusable;
    if (raw != null && fault == null) {
      fault = features.fault(raw);
    }
    if (fault != null) {
      return ended(observation, new Result(null, "rejected: " + fault));
    }
    if (raw == null) {
      return ended(observation, new Result(null, "end marker"));
    }
    if (open == null && features.primed()) {
      series.put(key, new Open(null, features.remember(raw), observation.timestamp, 0));
      return ended(observation, new Result(null, "primes the transforms"));
    }
    fault =
        open == null
            ? advance.load(0, raw, new double[0], null)
            : advance.load(0, raw, open.previous(), open.hidden());
    if (fault == null) {
      advance.run(1);
      fault = advance.fault(0);
    }
    if (fault != null) {
      return ended(observation, new Result(null, "rejected: " + fault));
    }
    float[] hidden = advance.initialState();
    advance.takeHidden(0, hidden);
    long steps = open == null ? 1 : open.steps() + 1;
    long last = open == null ? observation.timestamp : Math.max(open.last(), observation.timestamp);
    series.put(key, new Open(hidden, features.remember(raw), last, steps));
    boolean closes = observation.end || steps >= config.maxSteps();
    if (closes) {
      series.remove(key);
    }
    String note = config.emit() == Emit.END && !closes ? "not emitted: the sequence goes on" : "";
    return new Result(advance.output(0), note);
  }

  private Result ended(Observation observation, Result result) {
    if (observation.end) {
      series.remove(observation.series);
    }
    return result;
  }
}
