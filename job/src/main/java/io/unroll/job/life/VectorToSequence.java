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
  private static final float[] NO_STATE = {};

  private final Features features;
  private final Opening opening;
  private final SeriesRecords records;
  private final SeriesValue value;
  private final Counters counters;
  private final BehindWatermark behindWatermark;
  private final Emitter emitter;
  private final DecoderRuns decoder;

  VectorToSequence(
      Features features,
      Opening opening,
      SeriesRecords records,
      SeriesValue value,
      Counters counters,
      BehindWatermark behindWatermark,
      Emitter emitter,
      DecoderRuns decoder) {
    this.features = features;
    this.opening = opening;
    this.records = records;
    this.value = value;
    this.counters = counters;
    this.behindWatermark = behindWatermark;
    this.emitter = emitter;
    this.decoder = decoder;
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
    double[] raw = Objects.requireNonNull(observation.features);
    float[] inputs = new float[features.inputs()];
    String fault =
        features.apply(
            series,
            raw,
            features.nothing(),
            records.moments(kept, null, observation),
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
    SequenceState state = opening.begin(observation, NO_STATE, features.nothing(), arrived);
    opening.inherit(state, kept, null, observation);
    state.steps = 1;
    behindWatermark.opened(observation, behind);
    records.use(series, state, observation, raw, features.nothing(), inputs);
    emitter.opened(series, state);
    decoder.start(
        series,
        state,
        inputs,
        observation.keep,
        () -> {
          emitter.closed(
              series, state, CloseReason.END, observation.input(), observation.timestamp);
          value.removeSequence(state);
        });
  }
}
