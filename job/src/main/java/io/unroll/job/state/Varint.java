package io.unroll.job.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Longs in seven bits a byte, lowest first; the high bit says that more follow. */
final class Varint {
  private Varint() {}

  static void write(long value, DataOutput out) throws IOException {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  static long read(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.readByte();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a number in the state of a sequence has more than ten bytes");
  }
}
