package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import java.util.Objects;

/**
 * Fills in steps where observations are missing: on a copy of the sequence, so that nothing has
 * happened until the observation behind the gap has stepped.
 */
final class GapFiller {
  private final Gap gap;
  private final SeriesRecords records;
  private final Counters counters;
  private final Emitter emitter;
  private final Emission emission;

  GapFiller(Gap gap, SeriesRecords records, Counters counters, Emitter emitter, Emission emission) {
    this.gap = gap;
    this.records = records;
    this.counters = counters;
    this.emitter = emitter;
    this.emission = emission;
  }

  /** Begins to fill the gap between a sequence and its next observation. */
  Filling begin(ServedModel served, SequenceState open, Observation observation) {
    Filling filling = new Filling(open, gap.missing(open, observation));
    lookAhead(served, filling);
    return filling;
  }

  /** Prepares what the model sees at the next filled step. */
  void lookAhead(ServedModel served, Filling filling) {
    SequenceState work = filling.work;
    float[] inputs = Objects.requireNonNull(work.inputs);
    if (work.output != null) {
      gap.fill(inputs, work.output);
    }
    served.features().moveTo(work.last + gap.expectMillis(), work.seen, inputs);
  }

  /**
   * Takes a filled step into the copy of the sequence.
   *
   * @param index its row in the advance that has just run
   */
  void take(ServedModel served, Filling filling, int index) {
    Advance advance = served.advance();
    SequenceState work = filling.work;
    advance.takeHidden(index, work.hidden);
    work.inputs = advance.inputs(index);
    work.steps++;
    work.last += gap.expectMillis();
    work.seen = work.last;
    float[] output = advance.output(index);
    work.output = gap.feedsBack() || emission.on() == Emit.END ? output : null;
    boolean predicts = served.decoder() == null && emission.after(work.steps);
    filling.steps.add(new Filling.Step(work.steps - 1, work.seen, predicts ? output : null));
    filling.remaining--;
  }

  /** The observation has stepped: what has been filled goes out. */
  void emit(ServedModel served, String series, Filling filling) {
    counters.add(Counter.FILLED, filling.steps.size());
    for (Filling.Step step : filling.steps) {
      records.missed(filling.work);
      if (step.output() != null) {
        emitter.filled(served, series, filling.work, step);
      }
    }
  }
}
