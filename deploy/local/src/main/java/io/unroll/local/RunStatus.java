package io.unroll.local;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a running job is.
 *
 * @param counts of its tasks
 * @param lag records that the source has yet to read, where it knows
 * @param checkpoint the newest complete one, null if there is none yet
 * @param isWarmingUp whether a task of the operator takes nothing yet, because it warms up its
 *     model
 */
record RunStatus(
    Counts counts, OptionalLong lag, @Nullable Checkpoint checkpoint, boolean isWarmingUp) {

  /**
   * A complete checkpoint.
   *
   * @param id of the job's checkpoints, from 1
   * @param completed when, in epoch milliseconds
   */
  record Checkpoint(long id, long completed) {}
}
