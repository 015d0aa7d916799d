package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.model.unroll.Feedback;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes what the rules say to the outlet, and counts it. */
public final class Emitter {
  private final Outlet outlet;
  private final Counters counters;
  private final int warmUp;
  private final Evaluator evaluator;

  /**
   * @param warmUp steps of a sequence whose predictions are marked
   * @param evaluator hears of every prediction
   */
  public Emitter(Outlet outlet, Counters counters, int warmUp, Evaluator evaluator) {
    this.outlet = outlet;
    this.counters = counters;
    this.warmUp = warmUp;
    this.evaluator = evaluator;
  }

  void step(
      ServedModel served,
      String series,
      SequenceState state,
      float[] result,
      String @Nullable [] keep) {
    float[] unscaled = unscaled(served, series, state, result);
    send(state, prediction(served, series, state, Prediction.Kind.STEP, unscaled, keep));
  }

  /** The prediction at the close; nothing for a sequence without a step. */
  void last(ServedModel served, String series, SequenceState state) {
    if (state.output != null) {
      float[] unscaled = unscaled(served, series, state, state.output);
      send(state, prediction(served, series, state, Prediction.Kind.FINAL, unscaled, state.keep));
    }
  }

  /** A filled step, which has an output. */
  void filled(ServedModel served, String series, SequenceState state, Filling.Step step) {
    float[] unscaled = unscaled(served, series, state, Objects.requireNonNull(step.output()));
    Prediction prediction = prediction(served, series, state, Prediction.Kind.STEP, unscaled, null);
    prediction.step = step.step();
    prediction.timestamp = step.timestamp();
    prediction.filled = true;
    send(state, prediction);
  }

  /** The outputs in the units that the pipeline names. */
  private static float[] unscaled(
      ServedModel served, String series, SequenceState state, float[] result) {
    Unscaler unscaler = served.unscaler();
    return unscaler.isIdle() ? result : unscaler.apply(series, state, result);
  }

  /**
   * A step of a decoder, which has been counted.
   *
   * @param unscaled its outputs, in the units that the pipeline names
   * @param token the step's; {@link Feedback#NO_TOKEN} without
   * @param predicted the time that it is about, epoch milliseconds, or {@link
   *     Prediction#NOT_PREDICTED}
   * @param decoder its id
   */
  void decoded(DecoderRun run, float[] unscaled, int token, long predicted, String decoder) {
    SequenceState state = run.state;
    Prediction prediction = prediction(run.served, run.series, state, run.kind, unscaled, run.keep);
    prediction.token = token;
    prediction.ahead = run.steps;
    prediction.predicted = predicted;
    prediction.model = decoder;
    send(state, prediction);
  }

  private static Prediction prediction(
      ServedModel served,
      String series,
      SequenceState state,
      Prediction.Kind kind,
      float[] result,
      String @Nullable [] keep) {
    Prediction prediction = new Prediction();
    prediction.series = series;
    prediction.sequence = state.id();
    prediction.step = state.steps - 1;
    prediction.timestamp = state.seen;
    prediction.kind = kind;
    prediction.output = result;
    prediction.model = served.id();
    prediction.origin = state.origin;
    prediction.position = state.position;
    prediction.keep = keep;
    return prediction;
  }

  private void send(SequenceState state, Prediction prediction) {
    counters.add(Counter.PREDICTIONS);
    prediction.warming = prediction.step < warmUp;
    if (state.record != null && evaluator.isNeeded()) {
      evaluator.await(state.record, prediction);
    }
    outlet.prediction(prediction);
  }

  void opened(ServedModel served, String series, SequenceState state) {
    counters.add(Counter.OPENED);
    event(
        served,
        series,
        state,
        SequenceEvent.Event.OPENED,
        null,
        state.origin + state.position,
        state.opened);
  }

  /**
   * @param input the place of the observation that closed it, or of the last one seen
   * @param timestamp when it closed, epoch milliseconds
   */
  void closed(
      ServedModel served,
      String series,
      SequenceState state,
      CloseReason reason,
      String input,
      long timestamp) {
    counters.add(
        switch (reason) {
          case END -> Counter.CLOSED_END;
          case IDLE -> Counter.CLOSED_IDLE;
          case MAX_STEPS -> Counter.CLOSED_MAX_STEPS;
          case END_OF_INPUT -> Counter.CLOSED_END_OF_INPUT;
          case MAX_DURATION -> Counter.CLOSED_MAX_DURATION;
          case CHANGED -> Counter.CLOSED_CHANGED;
          case RESTARTED -> Counter.CLOSED_RESTARTED;
          case CLOSE_AT -> Counter.CLOSED_CLOSE_AT;
          case GAP -> Counter.CLOSED_GAP;
        });
    event(served, series, state, SequenceEvent.Event.CLOSED, reason, input, timestamp);
  }

  private void event(
      ServedModel served,
      String series,
      SequenceState state,
      SequenceEvent.Event what,
      @Nullable CloseReason reason,
      String input,
      long timestamp) {
    SequenceEvent event = new SequenceEvent();
    event.series = series;
    event.sequence = state.id();
    event.event = what;
    event.reason = reason;
    event.steps = state.steps;
    event.first = state.opened;
    event.last = state.last;
    event.input = input;
    event.model = served.id();
    event.timestamp = timestamp;
    outlet.event(event);
  }

  void rejected(Observation observation, String reason) {
    rejected(Rejected.of(observation, reason));
  }

  /** A record that was rejected before. */
  void rejected(Rejected rejected) {
    counters.add(Counter.REJECTED);
    outlet.rejected(rejected);
  }

  void late(Observation observation, String reason, long watermark) {
    counters.add(Counter.LATE);
    Rejected late = Rejected.of(observation, reason);
    late.watermark = watermark;
    outlet.late(late);
  }
}
