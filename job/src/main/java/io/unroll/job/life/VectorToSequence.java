package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes each observation a sequence of its own: it is opened, decoded and closed. */
final class VectorToSequence {
  private final ServedModels models;
  private final Opening opening;
  private final SeriesRecords records;
  private final SeriesValue value;
  private final Counters counters;
  private final BehindWatermark behindWatermark;
  private final Emitter emitter;

  VectorToSequence(
      ServedModels models,
      Opening opening,
      SeriesRecords records,
      SeriesValue value,
      Counters counters,
      BehindWatermark behindWatermark,
      Emitter emitter) {
    this.models = models;
    this.opening = opening;
    this.records = records;
    this.value = value;
    this.counters = counters;
    this.behindWatermark = behindWatermark;
    this.emitter = emitter;
  }

  /**
   * @param observation with features
   * @param arrived when it came, by the clock of the time limits, epoch milliseconds
   * @param behind whether it came behind the watermark
   */
  void decode(
      String series,
      Observation observation,
      @Nullable SequenceState kept,
      long arrived,
      boolean behind) {
    ServedModel served = models.newest();
    Features features = served.features();
    double[] raw = Objects.requireNonNull(observation.features);
    float[] inputs = new float[features.inputs()];
    String fault =
        features.apply(
            series,
            raw,
            features.nothing(),
            records.moments(served, kept, null, observation),
            observation.timestamp,
            SequenceState.NONE,
            inputs,
            0);
    if (fault != null) {
      behindWatermark.other(observation, behind);
      emitter.rejected(observation, fault);
      return;
    }
    counters.add(Counter.STEPS);
    SequenceState state = opening.begin(served, observation, features.nothing(), arrived);
    opening.inherit(state, kept, null, observation);
    state.steps = 1;
    behindWatermark.opened(observation, behind);
    records.use(served, series, state, observation, raw, features.nothing(), inputs);
    emitter.opened(served, series, state);
    DecoderRuns decoder = Objects.requireNonNull(served.alone());
    decoder.start(
        served,
        series,
        state,
        inputs,
        observation.keep,
        () -> {
          emitter.closed(
              served, series, state, CloseReason.END, observation.input(), observation.timestamp);
          value.removeSequence(state);
        });
  }
}
