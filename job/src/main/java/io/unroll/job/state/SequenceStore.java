package io.unroll.job.state;

import org.jspecify.annotations.Nullable;

/**
 * The open sequences of a subtask, each under the key that is current in Flink's keyed state
 * backend. What {@link #get} gave may be changed and must be {@link #put} back.
 */
public interface SequenceStore {
  /** The open sequence of the current key, or null. */
  @Nullable SequenceState get() throws Exception;

  /** Makes it the open sequence of the current key. */
  void put(SequenceState sequence) throws Exception;

  /** The current key has no open sequence any more. */
  void remove() throws Exception;

  /**
   * Brings the state backend up to date: before a checkpoint's barrier. Leaves no current key that
   * anybody may rely on.
   */
  void flush() throws Exception;
}
