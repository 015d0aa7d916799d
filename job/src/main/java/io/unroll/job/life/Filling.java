package io.unroll.job.life;

import io.unroll.job.state.SequenceState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gap that is being filled before an observation steps. Works on a copy of the sequence: until
 * the observation has stepped nothing has happened.
 */
final class Filling {
  /** As the series has it. */
  final SequenceState original;

  /** With the steps that are filled so far. */
  final SequenceState work;

  /** What has been filled. */
  final List<Step> steps = new ArrayList<>();

  /** Steps still to be filled. */
  long remaining;

  /**
   * A filled step.
   *
   * @param output its prediction; null if none is to go out
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Step(long step, long timestamp, float @Nullable [] output) {}

  Filling(SequenceState original, long missing) {
    this.original = original;
    this.work = original.copy();
    this.remaining = missing;
  }
}
