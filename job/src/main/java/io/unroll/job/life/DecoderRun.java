package io.unroll.job.life;

import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/** A decoder on its way for one series. */
final class DecoderRun {
  /** Whose decoder it is. */
  final ServedModel served;

  final String series;

  /** Whose last observation every prediction names; nobody changes it while this runs. */
  final SequenceState state;

  final Prediction.Kind kind;
  final String @Nullable [] keep;
  final Continuation then;

  /** The decoder's state. (state) */
  final float[] hidden;

  /** What the decoder sees next. (inputs) */
  final float[] input;

  /** Where outputs go on from that are changes. Modified at each step. (unscaled) */
  final double[] bases;

  /** Steps so far. */
  int steps;

  DecoderRun(
      ServedModel served,
      String series,
      SequenceState state,
      Prediction.Kind kind,
      String @Nullable [] keep,
      float[] hidden,
      float[] input,
      Continuation then) {
    this.served = served;
    this.series = series;
    this.state = state;
    this.kind = kind;
    this.keep = keep;
    this.hidden = hidden;
    this.input = input;
    this.bases = served.unscaler().bases(state.previous);
    this.then = then;
  }
}
