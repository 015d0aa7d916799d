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
import org.jspecify.annotations.Nullable;

/** Writes what the rules say to the outlet, and counts it. */
public final class Emitter {
  private final Outlet outlet;
  private final Counters counters;
  private final String model;
  private final int warmUp;
  private final Unscaler unscaler;
  private final Evaluator evaluator;

  /**
   * @param warmUp steps of a sequence whose predictions are marked
   * @param unscaler of the outputs, which are the decoder's where there is one
   * @param evaluator hears of every prediction
   */
  public Emitter(
      Outlet outlet,
      Counters counters,
      String model,
      int warmUp,
      Unscaler unscaler,
      Evaluator evaluator) {
    this.outlet = outlet;
    this.counters = counters;
    this.model = model;
    this.warmUp = warmUp;
    this.unscaler = unscaler;
    this.evaluator = evaluator;
  }

  void step(String series, SequenceState state, float[] result, String @Nullable [] keep) {
    send(
        state,
        prediction(series, state, Prediction.Kind.STEP, unscaled(series, state, result), keep));
  }

  /** The prediction at the close; nothing for a sequence without a step. */
  void last(String series, SequenceState state) {
    if (state.output != null) {
      float[] unscaled = unscaled(series, state, state.output);
      send(state, prediction(series, state, Prediction.Kind.FINAL, unscaled, state.keep));
    }
  }

  /**
   * A filled step.
   *
   * @param step from 0
   * @param timestamp the step's, epoch milliseconds
   */
  void filled(String series, SequenceState state, long step, long timestamp, float[] result) {
    float[] unscaled = unscaled(series, state, result);
    Prediction prediction = prediction(series, state, Prediction.Kind.STEP, unscaled, null);
    prediction.step = step;
    prediction.timestamp = timestamp;
    prediction.filled = true;
    send(state, prediction);
  }

  /** The outputs in the units that the pipeline names. */
  private float[] unscaled(String series, SequenceState state, float[] result) {
    return unscaler.isIdle() ? result : unscaler.apply(series, state, result);
  }

  /**
   * A step of a decoder.
   *
   * @param unscaled its outputs, in the units that the pipeline names
   * @param token the step's; {@link Feedback#NO_TOKEN} without
   * @param ahead from 1
   * @param predicted the time that it is about, epoch milliseconds, or {@link
   *     Prediction#NOT_PREDICTED}
   * @param decoder its id
   */
  void decoded(
      String series,
      SequenceState state,
      Prediction.Kind kind,
      float[] unscaled,
      int token,
      int ahead,
      long predicted,
      String @Nullable [] keep,
      String decoder) {
    Prediction prediction = prediction(series, state, kind, unscaled, keep);
    prediction.token = token;
    prediction.ahead = ahead;
    prediction.predicted = predicted;
    prediction.model = decoder;
    send(state, prediction);
  }

  private Prediction prediction(
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
    prediction.model = model;
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

  void opened(String series, SequenceState state) {
    counters.add(Counter.OPENED);
    event(
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
      String series, SequenceState state, CloseReason reason, String input, long timestamp) {
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
    event(series, state, SequenceEvent.Event.CLOSED, reason, input, timestamp);
  }

  private void event(
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
    event.model = model;
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
