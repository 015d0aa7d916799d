package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.SequenceState;

/**
 * Closes sequences: the final prediction or the decoder's run, then the closed record, then what
 * follows. It says by which input and at what time a sequence closed; whether it is to close has
 * been decided.
 */
final class Closing {
  private final Boundaries boundaries;
  private final Emission emission;
  private final Emitter emitter;
  private final ServedModels models;

  Closing(Rules rules, Emitter emitter, ServedModels models) {
    this.boundaries = rules.boundaries();
    this.emission = rules.emission();
    this.emitter = emitter;
    this.models = models;
  }

  /** Closes a sequence that was over before the observation, as this one shows. */
  void before(
      String series,
      SequenceState open,
      CloseReason reason,
      Observation observation,
      Continuation then)
      throws Exception {
    switch (reason) {
      case RESTARTED, CHANGED, GAP -> at(series, open, reason, observation, then);
      case MAX_STEPS -> // at a filled step
          close(series, open, reason, open.origin + open.position, open.last, then);
      default -> byTime(series, open, reason, then);
    }
  }

  /** Closes a sequence at an observation. */
  void at(
      String series,
      SequenceState open,
      CloseReason reason,
      Observation observation,
      Continuation then)
      throws Exception {
    close(series, open, reason, observation.input(), observation.timestamp, then);
  }

  /** Closes a sequence at a limit of time, or at the end of the input. */
  void byTime(String series, SequenceState open, CloseReason reason, Continuation then)
      throws Exception {
    long due = boundaries.due(open);
    close(
        series,
        open,
        reason,
        open.origin + open.position,
        reason == CloseReason.END_OF_INPUT || due == Long.MAX_VALUE ? open.last : due,
        then);
  }

  private void close(
      String series,
      SequenceState state,
      CloseReason reason,
      String input,
      long timestamp,
      Continuation then)
      throws Exception {
    ServedModel served = models.of(series, state);
    DecoderRuns decoder = served.decoder();
    boolean predicts =
        emission.on() == Emit.END && state.steps > 0 && state.steps >= boundaries.minSteps();
    if (decoder != null && predicts && decoder.canStart(state)) {
      decoder.start(
          served,
          series,
          state,
          state.output,
          Prediction.Kind.DECODED,
          state.keep,
          () -> {
            emitter.closed(served, series, state, reason, input, timestamp);
            then.run();
          });
      return;
    }
    if (decoder == null && predicts) {
      emitter.last(served, series, state);
    }
    emitter.closed(served, series, state, reason, input, timestamp);
    then.run();
  }
}
