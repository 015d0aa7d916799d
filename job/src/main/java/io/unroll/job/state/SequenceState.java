package io.unroll.job.state;

import org.jspecify.annotations.Nullable;

/**
 * An open sequence: everything that the next observation or the timer of a series needs. The one
 * value of a series in keyed state; absent when the series has no open sequence.
 *
 * <p>Mutable, because it lives in the heap backend between two observations; whoever changes it
 * hands it back to the state with {@code update}, or RocksDB would lose the change. {@link
 * SequenceStateLayout} says how it is written.
 */
public final class SequenceState {
  /** First eight bytes of the fingerprint of the model whose hidden state this is. */
  public long model;

  /** Timestamp of the observation that opened the sequence, epoch milliseconds. */
  public long opened;

  /** Highest timestamp seen in the sequence, epoch milliseconds. Never before {@link #opened}. */
  public long last;

  /** Timestamp of the last observation stepped or primed with, epoch milliseconds. */
  public long seen;

  /** Steps so far. */
  public long steps;

  /** Timestamp of the one event-time timer of this sequence, epoch milliseconds. */
  public long timer;

  /** Source of the last observation stepped or primed with, see {@code Observation.origin}. */
  public String origin = "";

  /** Place of that observation in {@link #origin}. */
  public long position;

  /** The model's state, as its layout says. (state size) */
  public float[] hidden = {};

  /** Raw values that the next transforms need. (transforms with a memory) */
  public double[] previous = {};

  /** The last step's output, kept only where the close emits it; null before the first step. */
  public float @Nullable [] output;

  /** The last observation's kept fields, kept only where the close emits them. */
  public String @Nullable [] keep;

  /** {@link #id}, once asked for. Every step says it. Not stored. */
  private @Nullable String id;

  /** The sequence's id: a label, the decimal {@link #opened}. */
  public String id() {
    String known = id;
    if (known == null) {
      known = Long.toString(opened);
      id = known;
    }
    return known;
  }

  /** A copy that shares nothing mutable with this one. */
  SequenceState copy() {
    SequenceState copy = new SequenceState();
    copy.model = model;
    copy.opened = opened;
    copy.id = id;
    copy.last = last;
    copy.seen = seen;
    copy.steps = steps;
    copy.timer = timer;
    copy.origin = origin;
    copy.position = position;
    copy.hidden = hidden.clone();
    copy.previous = previous.length == 0 ? previous : previous.clone();
    copy.output = output == null ? null : output.clone();
    copy.keep = keep == null ? null : keep.clone();
    return copy;
  }
}
