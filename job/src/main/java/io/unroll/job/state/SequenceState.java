package io.unroll.job.state;

import org.jspecify.annotations.Nullable;

/**
 * Everything that the next observation or the timer of a series needs: its open sequence, or that
 * it has none. The one value of a series in keyed state; absent when the series has no open
 * sequence and nothing is to be remembered of it.
 *
 * <p>Mutable, because it lives in the heap backend between two observations; whoever changes it
 * hands it back to the state with {@code update}, or RocksDB would lose the change. {@link
 * SequenceStateLayout} says how it is written.
 */
public final class SequenceState {
  /** {@link #heldFrom} without a held-back observation, and {@link #timer} at the end of time. */
  public static final long NEVER = Long.MAX_VALUE;

  /** {@link #alarm} and {@link #timer} where none stands; {@link #arrivedFirst} where none is. */
  public static final long NONE = Long.MIN_VALUE;

  /** False: what is here stands for a series between two sequences. */
  public boolean open = true;

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

  /** Timestamp of the one event-time timer of this series, epoch milliseconds. */
  public long timer = NONE;

  /**
   * The lowest timestamp of the observations that are held back, epoch milliseconds; {@link #NEVER}
   * without.
   */
  public long heldFrom = NEVER;

  /**
   * The highest timestamp of the observations that are held back, epoch milliseconds; {@link #NONE}
   * where it is not known or there is none. Not stored.
   */
  public long heldTo = NONE;

  /** What the observations name the sequence; null where they do not. */
  public @Nullable String name;

  /**
   * When the observation that opened the sequence arrived, epoch milliseconds of the wall clock;
   * {@link #NONE} where the event clock decides.
   */
  public long arrivedFirst = NONE;

  /** When the last one arrived, likewise. */
  public long arrivedLast = NONE;

  /** Where the one timer of the wall clock stands, likewise. */
  public long alarm = NONE;

  /** Source of the last observation stepped or primed with, see {@code Observation.origin}. */
  public String origin = "";

  /** Place of that observation in {@link #origin}. */
  public long position;

  /** The model's state, as its layout says. (state size) */
  public float[] hidden = {};

  /** Raw values that the next transforms need. (transforms with a memory) */
  public double[] previous = {};

  /**
   * What the model saw at the last step, kept only where something starts from it; null before the
   * first step. (features)
   */
  public float @Nullable [] inputs;

  /** The last step's output, kept only where the close emits it; null before the first step. */
  public float @Nullable [] output;

  /** The last observation's kept fields, kept only where the close emits them. */
  public String @Nullable [] keep;

  /** {@link #id}, once asked for. Every step says it. Not stored. */
  private @Nullable String id;

  /** What is remembered across sequences; null for nothing. */
  public @Nullable SeriesRecord record;

  /** Whether the state backend may have a value of the series. Not stored. */
  public boolean stored;

  /** When time closes the sequence by the hour of the day; 0 before that is known. Not stored. */
  public long closesAt;

  /** The sequence's id: a label, its {@link #name} or the decimal {@link #opened}. */
  public String id() {
    String known = id;
    if (known == null) {
      known = name != null ? name : Long.toString(opened);
      id = known;
    }
    return known;
  }

  /** Takes over what a series keeps across its sequences, from the one before. */
  public void outlive(SequenceState before) {
    timer = before.timer;
    alarm = before.alarm;
    heldFrom = before.heldFrom;
    heldTo = before.heldTo;
    stored = before.stored;
    record = before.record;
  }

  /** What is left of a series when its sequence has closed; null for nothing. */
  public static @Nullable SequenceState between(SequenceState closed) {
    if (closed.heldFrom == NEVER && closed.record == null) {
      return null;
    }
    SequenceState rest = closed();
    rest.outlive(closed);
    return rest;
  }

  /** A series without an open sequence. */
  public static SequenceState closed() {
    SequenceState state = new SequenceState();
    state.open = false;
    return state;
  }

  /** A copy that shares nothing mutable with this one. */
  public SequenceState copy() {
    SequenceState copy = new SequenceState();
    copy.model = model;
    copy.open = open;
    copy.stored = stored;
    copy.record = record == null ? null : record.copy();
    copy.opened = opened;
    copy.id = id;
    copy.closesAt = closesAt;
    copy.heldFrom = heldFrom;
    copy.heldTo = heldTo;
    copy.name = name;
    copy.arrivedFirst = arrivedFirst;
    copy.arrivedLast = arrivedLast;
    copy.alarm = alarm;
    copy.inputs = inputs == null ? null : inputs.clone();
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
