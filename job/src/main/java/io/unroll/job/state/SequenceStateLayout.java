package io.unroll.job.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The bytes of a {@link SequenceState}. Written once per changed series and checkpoint, so small
 * numbers take few bytes and what is the default takes none.
 *
 * <pre>
 * version 2
 *  bytes    field      notes
 *  1        version    2
 *  1-2      flags      varint: bit 0 output, 1 keep, 2 timer at the end of time, 3 seen before last,
 *                      4 no open sequence, 5 name, 6 arrivals, 7 held back, 8 inputs,
 *                      9 record, 10 moments, 11 evaluations, 12 left; others 0
 *  8        model      big-endian, as in the fingerprint
 *  8        opened     epoch milliseconds
 *  1-10     last       varint of last - opened
 *  0, 1-10  seen       flag 3: varint of last - seen; otherwise seen = last
 *  1-10     steps      varint
 *  0, 8     timer      unless flag 2: epoch milliseconds
 *  1-5 + n  origin     text
 *  1-10     position   varint
 *  1-5 + 4n hidden     varint count, then floats
 *  1-5 + 8n previous   varint count, then doubles
 *  1-5 + 4n output     flag 0: varint count, then floats
 *  1-5 + n  keep       flag 1: varint count, then texts
 *  1-5 + n  name       flag 5: text
 *  24       arrivals   flag 6: first, last, alarm: milliseconds of the wall clock
 *  8        held back  flag 7: the lowest timestamp, epoch milliseconds
 *  1-5 + 4n inputs     flag 8: varint count, then floats
 *  8        record     flag 9: its last timestamp, then
 *  1-5 + n             the identities: varint count, then texts
 *  1-5 + 8n            flag 10, of the record: moments: varint count, then doubles
 *  8                   flag 11, of the record: which evaluations
 *  1-10                varint of the observations
 *  1-5 + 8n            the last values: varint count, then doubles
 *  1-5 + ...           what is pending: varint count, then for each
 *                      varint of its evaluation, varint of due - observations, long of the time predicted,
 *                      doubles of value and persistence, varint of step, long of its time, text of its
 *                      sequence, origin (text), varint of position
 *  1-5 + 8n            flag 12, of the record: previous: varint count, then doubles
 *
 * version 1, read only: flags are one byte, bits 0 to 3; ends behind keep
 *
 *  text     varint count of UTF-8 bytes, then these
 *  varint   seven bits a byte, lowest first, the high bit says that more follow; a negative long takes ten
 * </pre>
 *
 * A released version never changes; a new one gets a new number and a branch in {@link #read}.
 * Files of every released version are fixtures of {@code SequenceStateLayoutTest}.
 *
 * <p>An instance has room of its own that it works in: one thread at a time.
 */
final class SequenceStateLayout {
  static final int VERSION = 2;

  private static final int FIRST_VERSION = 1;

  private static final int OUTPUT = 1;
  private static final int KEEP = 1 << 1;
  private static final int TIMER_AT_END_OF_TIME = 1 << 2;
  private static final int SEEN_BEFORE_LAST = 1 << 3;
  private static final int NOT_OPEN = 1 << 4;
  private static final int NAME = 1 << 5;
  private static final int ARRIVALS = 1 << 6;
  private static final int HELD = 1 << 7;
  private static final int INPUTS = 1 << 8;
  private static final int RECORD = 1 << 9;
  private static final int MOMENTS = 1 << 10;
  private static final int EVALUATIONS = 1 << 11;
  private static final int LEFT = 1 << 12;
  private static final int FIRST_FLAGS = NOT_OPEN - 1;
  private static final int FLAGS = (LEFT << 1) - 1;

  /** Bytes of a prediction that waits, with texts of none. */
  private static final int SMALLEST_PENDING = 38;

  private final Scratch scratch = new Scratch();

  void write(SequenceState state, DataOutput out) throws IOException {
    int flags = flags(state);
    scratch.clear();
    scratch.putByte(VERSION);
    scratch.putVarint(flags);
    scratch.putLong(state.model);
    scratch.putLong(state.opened);
    scratch.putVarint(state.last - state.opened);
    if (state.seen != state.last) {
      scratch.putVarint(state.last - state.seen);
    }
    scratch.putVarint(state.steps);
    if (state.timer != Long.MAX_VALUE) {
      scratch.putLong(state.timer);
    }
    scratch.putRecentText(state.origin);
    scratch.putVarint(state.position);
    scratch.putFloats(state.hidden);
    scratch.putDoubles(state.previous);
    if (state.output != null) {
      scratch.putFloats(state.output);
    }
    if (state.keep != null) {
      scratch.putVarint(state.keep.length);
      for (String value : state.keep) {
        scratch.putText(value);
      }
    }
    if (state.name != null) {
      scratch.putText(state.name);
    }
    if ((flags & ARRIVALS) != 0) {
      scratch.putLong(state.arrivedFirst);
      scratch.putLong(state.arrivedLast);
      scratch.putLong(state.alarm);
    }
    if ((flags & HELD) != 0) {
      scratch.putLong(state.heldFrom);
    }
    if (state.inputs != null) {
      scratch.putFloats(state.inputs);
    }
    if (state.record != null) {
      write(state.record, flags);
    }
    scratch.writeTo(out);
  }

  private void write(SeriesRecord record, int flags) {
    scratch.putLong(record.last);
    scratch.putVarint(record.identities.length);
    for (String identity : record.identities) {
      scratch.putText(identity);
    }
    if ((flags & MOMENTS) != 0) {
      scratch.putDoubles(record.moments);
    }
    if ((flags & EVALUATIONS) != 0) {
      scratch.putLong(record.evaluations);
      scratch.putVarint(record.observed);
      scratch.putDoubles(record.actuals);
      scratch.putVarint(record.pending.size());
      for (PendingPrediction one : record.pending) {
        scratch.putVarint(one.evaluation());
        scratch.putVarint(one.due() - record.observed);
        scratch.putLong(one.predicted());
        scratch.putLong(Double.doubleToRawLongBits(one.value()));
        scratch.putLong(Double.doubleToRawLongBits(one.persistence()));
        scratch.putVarint(one.step());
        scratch.putLong(one.made());
        scratch.putText(one.sequence());
        scratch.putRecentText(one.origin());
        scratch.putVarint(one.position());
      }
    }
    if ((flags & LEFT) != 0) {
      scratch.putDoubles(record.previous);
    }
  }

  private static int flags(SequenceState state) {
    int flags = 0;
    flags |= state.output != null ? OUTPUT : 0;
    flags |= state.keep != null ? KEEP : 0;
    flags |= state.timer == Long.MAX_VALUE ? TIMER_AT_END_OF_TIME : 0;
    flags |= state.seen != state.last ? SEEN_BEFORE_LAST : 0;
    flags |= state.open ? 0 : NOT_OPEN;
    flags |= state.name != null ? NAME : 0;
    flags |=
        state.arrivedFirst != SequenceState.NONE || state.alarm != SequenceState.NONE
            ? ARRIVALS
            : 0;
    flags |= state.heldFrom != SequenceState.NEVER ? HELD : 0;
    flags |= state.inputs != null ? INPUTS : 0;
    if (state.record != null) {
      flags |= RECORD;
      flags |= state.record.moments.length > 0 ? MOMENTS : 0;
      flags |= state.record.actuals.length > 0 ? EVALUATIONS : 0;
      flags |= state.record.previous.length > 0 ? LEFT : 0;
    }
    return flags;
  }

  SequenceState read(DataInput in) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION && version != FIRST_VERSION) {
      throw new IOException(
          "state of a sequence has layout version "
              + version
              + ", expected at most "
              + VERSION
              + ": it was written by a newer Unroll");
    }
    long flags = Scratch.varint(in);
    if ((flags & ~(version == FIRST_VERSION ? FIRST_FLAGS : FLAGS)) != 0) {
      throw new IOException(
          "state of a sequence has flags 0x" + Long.toHexString(flags) + ", which are not known");
    }
    SequenceState state = new SequenceState();
    state.model = in.readLong();
    state.opened = in.readLong();
    state.last = state.opened + Scratch.varint(in);
    state.seen = (flags & SEEN_BEFORE_LAST) != 0 ? state.last - Scratch.varint(in) : state.last;
    state.steps = Scratch.varint(in);
    state.timer = (flags & TIMER_AT_END_OF_TIME) != 0 ? Long.MAX_VALUE : in.readLong();
    state.origin = scratch.recentText(in);
    state.position = Scratch.varint(in);
    state.hidden = scratch.floats(in);
    state.previous = scratch.doubles(in);
    state.output = (flags & OUTPUT) != 0 ? scratch.floats(in) : null;
    if ((flags & KEEP) != 0) {
      state.keep = texts(in);
    }
    state.open = (flags & NOT_OPEN) == 0;
    state.name = (flags & NAME) != 0 ? scratch.text(in) : null;
    if ((flags & ARRIVALS) != 0) {
      state.arrivedFirst = in.readLong();
      state.arrivedLast = in.readLong();
      state.alarm = in.readLong();
    }
    if ((flags & HELD) != 0) {
      state.heldFrom = in.readLong();
    }
    state.inputs = (flags & INPUTS) != 0 ? scratch.floats(in) : null;
    if ((flags & RECORD) != 0) {
      state.record = record(in, flags);
    }
    return state;
  }

  private SeriesRecord record(DataInput in, long flags) throws IOException {
    SeriesRecord record = new SeriesRecord();
    record.last = in.readLong();
    record.identities = texts(in);
    if ((flags & MOMENTS) != 0) {
      record.moments = scratch.doubles(in);
    }
    if ((flags & EVALUATIONS) != 0) {
      record.evaluations = in.readLong();
      record.observed = Scratch.varint(in);
      record.actuals = scratch.doubles(in);
      PendingPrediction[] pending = new PendingPrediction[Scratch.count(in, SMALLEST_PENDING)];
      for (int i = 0; i < pending.length; i++) {
        pending[i] = pending(in, record.observed);
      }
      record.pending = List.of(pending);
    }
    if ((flags & LEFT) != 0) {
      record.previous = scratch.doubles(in);
    }
    return record;
  }

  private PendingPrediction pending(DataInput in, long observed) throws IOException {
    return new PendingPrediction(
        Math.toIntExact(Scratch.varint(in)),
        observed + Scratch.varint(in),
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        Scratch.varint(in),
        in.readLong(),
        scratch.text(in),
        scratch.recentText(in),
        Scratch.varint(in));
  }

  private String[] texts(DataInput in) throws IOException {
    String[] texts = new String[Scratch.count(in, 1)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = scratch.text(in);
    }
    return texts;
  }
}
