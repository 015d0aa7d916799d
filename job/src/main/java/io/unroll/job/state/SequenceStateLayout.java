package io.unroll.job.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The bytes of a {@link SequenceState}. Written once per changed series and checkpoint, so small
 * numbers take few bytes and what is the default takes none.
 *
 * <pre>
 * version 1
 *  bytes    field      notes
 *  1        version    1
 *  1        flags      bit 0 output, 1 keep, 2 timer at the end of time, 3 seen before last; others 0
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
  static final int VERSION = 1;

  private static final int OUTPUT = 1;
  private static final int KEEP = 1 << 1;
  private static final int TIMER_AT_END_OF_TIME = 1 << 2;
  private static final int SEEN_BEFORE_LAST = 1 << 3;
  private static final int UNKNOWN = ~(OUTPUT | KEEP | TIMER_AT_END_OF_TIME | SEEN_BEFORE_LAST);

  private final Scratch scratch = new Scratch();

  void write(SequenceState state, DataOutput out) throws IOException {
    int flags = 0;
    flags |= state.output != null ? OUTPUT : 0;
    flags |= state.keep != null ? KEEP : 0;
    flags |= state.timer == Long.MAX_VALUE ? TIMER_AT_END_OF_TIME : 0;
    flags |= state.seen != state.last ? SEEN_BEFORE_LAST : 0;
    scratch.clear();
    scratch.putByte(VERSION);
    scratch.putByte(flags);
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
    scratch.writeTo(out);
  }

  SequenceState read(DataInput in) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException(
          "state of a sequence has layout version "
              + version
              + ", expected "
              + VERSION
              + ": it was written by a newer Unroll");
    }
    int flags = in.readUnsignedByte();
    if ((flags & UNKNOWN) != 0) {
      throw new IOException(
          "state of a sequence has flags 0x"
              + Integer.toHexString(flags)
              + ", which are not known");
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
      String[] keep = new String[Scratch.count(in, 1)];
      for (int i = 0; i < keep.length; i++) {
        keep[i] = scratch.text(in);
      }
      state.keep = keep;
    }
    return state;
  }
}
