package io.unroll.job.operator;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.model.unroll.Feedback;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/** Writes what the operator says to its outputs, and counts it. */
final class Emitter {
  private final Output<StreamRecord<Prediction>> output;
  private final Counters counters;
  private final String model;

  Emitter(Output<StreamRecord<Prediction>> output, Counters counters, String model) {
    this.output = output;
    this.counters = counters;
    this.model = model;
  }

  void step(String series, SequenceState state, float[] result, String @Nullable [] keep) {
    predict(series, state, Prediction.Kind.STEP, result, keep);
  }

  /** The prediction at the close; nothing for a sequence without a step. */
  void last(String series, SequenceState state) {
    if (state.output != null) {
      predict(series, state, Prediction.Kind.FINAL, state.output, state.keep);
    }
  }

  /**
   * A filled step.
   *
   * @param step from 0
   * @param timestamp the step's, epoch milliseconds
   */
  void filled(String series, SequenceState state, long step, long timestamp, float[] result) {
    Prediction prediction = prediction(series, state, Prediction.Kind.STEP, result, null);
    prediction.step = step;
    prediction.timestamp = timestamp;
    prediction.filled = true;
    send(prediction);
  }

  /**
   * A step of a decoder.
   *
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
      float[] result,
      int token,
      int ahead,
      long predicted,
      String @Nullable [] keep,
      String decoder) {
    Prediction prediction = prediction(series, state, kind, result, keep);
    prediction.token = token;
    prediction.ahead = ahead;
    prediction.predicted = predicted;
    prediction.model = decoder;
    send(prediction);
  }

  private void predict(
      String series,
      SequenceState state,
      Prediction.Kind kind,
      float[] result,
      String @Nullable [] keep) {
    send(prediction(series, state, kind, result, keep));
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

  private void send(Prediction prediction) {
    counters.add(Counter.PREDICTIONS);
    output.collect(new StreamRecord<>(prediction, prediction.timestamp));
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
    output.collect(Outputs.SEQUENCES, new StreamRecord<>(event, timestamp));
  }

  void rejected(Observation observation, String reason) {
    counters.add(Counter.REJECTED);
    output.collect(
        Outputs.REJECTED,
        new StreamRecord<>(Rejected.of(observation, reason), observation.timestamp));
  }

  void late(Observation observation, String reason, long watermark) {
    counters.add(Counter.LATE);
    Rejected late = Rejected.of(observation, reason);
    late.watermark = watermark;
    output.collect(Outputs.LATE, new StreamRecord<>(late, observation.timestamp));
  }
}
