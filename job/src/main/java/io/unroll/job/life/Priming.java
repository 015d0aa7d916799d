package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/** Rule 2: the first observation of a sequence only gives the transforms their previous values. */
final class Priming {
  private final ServedModels models;
  private final Opening opening;
  private final Closing close;
  private final SeriesRecords records;
  private final SeriesValue value;
  private final Counters counters;
  private final BehindWatermark behindWatermark;
  private final Emitter emitter;

  Priming(
      ServedModels models,
      Opening opening,
      Closing close,
      SeriesRecords records,
      SeriesValue value,
      Counters counters,
      BehindWatermark behindWatermark,
      Emitter emitter) {
    this.models = models;
    this.opening = opening;
    this.close = close;
    this.records = records;
    this.value = value;
    this.counters = counters;
    this.behindWatermark = behindWatermark;
    this.emitter = emitter;
  }

  /**
   * @param raw the observation's features (features)
   * @param closing why the open sequence closes before it; null without
   * @param arrived when it came, by the clock of the time limits, epoch milliseconds
   * @param behind whether it came behind the watermark
   */
  void prime(
      String series,
      Observation observation,
      double[] raw,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      long arrived,
      boolean behind)
      throws Exception {
    ServedModel served = models.newest();
    Features features = served.features();
    double[] previous = records.left(features, kept, closing, observation).clone();
    features.rememberInto(raw, previous);
    Continuation openIt =
        () -> {
          counters.add(Counter.PRIMINGS);
          behindWatermark.opened(observation, behind);
          SequenceState state = opening.begin(served, observation, previous, arrived);
          opening.inherit(state, kept, closing, observation);
          records.use(served, series, state, observation, raw, features.nothing(), null);
          emitter.opened(served, series, state);
          if (observation.end) {
            close.at(
                series, state, CloseReason.END, observation, () -> value.removeSequence(state));
          } else {
            value.store(state);
          }
        };
    if (kept != null && closing != null) {
      close.before(series, kept, closing, observation, openIt);
    } else {
      openIt.run();
    }
  }
}
