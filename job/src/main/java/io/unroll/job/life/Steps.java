package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes the result of a step into its sequence, emits it, and closes or keeps the sequence. */
final class Steps {
  private final Boundaries boundaries;
  private final Emission emission;
  private final @Nullable Gap gap;
  private final SeriesValue value;
  private final Closing close;
  private final Counters counters;
  private final Emitter emitter;

  Steps(Rules rules, SeriesValue value, Closing close, Counters counters, Emitter emitter) {
    this.boundaries = rules.boundaries();
    this.emission = rules.emission();
    this.gap = rules.gap();
    this.value = value;
    this.close = close;
    this.counters = counters;
    this.emitter = emitter;
  }

  private boolean feedsBack() {
    return gap != null && gap.feedsBack();
  }

  /** The output of a step that has been taken; null if nobody asks for it. */
  float @Nullable [] output(ServedModel served, SequenceState state, int index) {
    DecoderRuns decoder = served.decoder();
    boolean asked =
        feedsBack()
            || switch (emission.on()) {
              case STEP ->
                  emission.after(state.steps) && (decoder == null || decoder.needsOutput());
              case END -> decoder == null || decoder.needsOutput();
            };
    return asked ? served.advance().output(index) : null;
  }

  void advanceTo(SequenceState state, Row request, int index) {
    Observation observation = request.observation();
    ServedModel served = request.served();
    Advance advance = served.advance();
    counters.add(Counter.STEPS);
    advance.takeHidden(index, state.hidden);
    Features features = served.features();
    if (features.remembers()) {
      features.rememberInto(request.raw(), state.previous);
    }
    state.steps++;
    state.last = Math.max(state.last, observation.timestamp);
    state.seen = observation.timestamp;
    if (state.arrivedFirst != SequenceState.NONE) {
      state.arrivedLast = Math.max(state.arrivedLast, request.arrived());
    }
    if (!state.origin.equals(observation.origin)) { // a reference less for G1 to fence
      state.origin = observation.origin;
    }
    state.position = observation.position;
    // Otherwise left by a job that filled gaps or decoded: they are no longer those of the last
    // step.
    DecoderRuns decoder = served.decoder();
    state.inputs =
        gap != null || (decoder != null && decoder.needsInputs()) ? advance.inputs(index) : null;
  }

  /** Emits what a step gives, or keeps it for the close; then closes or stores the sequence. */
  void emit(
      ServedModel served,
      String series,
      SequenceState state,
      Observation observation,
      float @Nullable [] output)
      throws Exception {
    if (emission.on() == Emit.END) {
      state.output = output;
      state.keep = observation.keep;
      goOn(series, state, observation);
      return;
    }
    // Otherwise left by a run that emitted at the end.
    state.output = feedsBack() ? output : null;
    state.keep = null;
    DecoderRuns decoder = served.decoder();
    if (!emission.after(state.steps)) {
      goOn(series, state, observation);
    } else if (decoder != null) {
      decoder.start(
          served,
          series,
          state,
          output,
          Prediction.Kind.FORECAST,
          observation.keep,
          () -> goOn(series, state, observation));
    } else {
      emitter.step(served, series, state, Objects.requireNonNull(output), observation.keep);
      goOn(series, state, observation);
    }
  }

  private void goOn(String series, SequenceState state, Observation observation) throws Exception {
    if (observation.end) {
      close.at(series, state, CloseReason.END, observation, () -> value.removeSequence(state));
    } else if (state.steps >= boundaries.maxSteps()) {
      close.at(
          series, state, CloseReason.MAX_STEPS, observation, () -> value.removeSequence(state));
    } else {
      value.store(state);
    }
  }
}
