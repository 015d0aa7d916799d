package io.unroll.job.operator;

import io.unroll.job.state.SequenceState;
import java.util.ArrayList;
import java.util.List;

/**
 * A gap that is being filled before an observation steps. Works on a copy of the sequence: until
 * the observation has stepped nothing has happened.
 */
final class Filling {
  /** As the series has it. */
  final SequenceState original;

  /** With the steps that are filled so far. */
  final SequenceState work;

  /** Predictions of filled steps that are to go out. */
  final List<Step> steps = new ArrayList<>();

  /** Steps still to be filled. */
  long remaining;

  /** Steps filled. */
  long filled;

  /** A filled step's prediction. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Step(long step, long timestamp, float[] output) {}

  Filling(SequenceState original, long missing) {
    this.original = original;
    this.work = original.copy();
    this.remaining = missing;
  }
}
