package io.unroll.job.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of one value, put together here and written at once, or read at once and taken apart
 * here: a call of Flink's views per slice instead of one per number. Big-endian. Reused from value
 * to value, so it belongs to one thread.
 *
 * <p>A varint is a long in seven bits a byte, lowest first; the high bit says that more follow. A
 * text is the varint of its count of UTF-8 bytes and these, since {@code DataOutput.writeUTF} ends
 * at 64 KiB.
 */
final class Scratch {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.BIG_ENDIAN);

  private static final int LONGEST_VARINT = 10;

  private final RecentTexts written = new RecentTexts();
  private final RecentTexts read = new RecentTexts();
  private byte[] bytes = new byte[1024];
  private int end;

  // Putting together.

  void clear() {
    end = 0;
  }

  void writeTo(DataOutput out) throws IOException {
    out.write(bytes, 0, end);
  }

  void putByte(int value) {
    reserve(1);
    bytes[end++] = (byte) value;
  }

  void putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, end, value);
    end += Long.BYTES;
  }

  void putVarint(long value) {
    reserve(LONGEST_VARINT);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[end++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
  }

  /** Count and values. */
  void putFloats(float[] values) {
    putVarint(values.length);
    reserve(values.length * Float.BYTES);
    byte[] to = bytes;
    int at = end;
    for (float value : values) {
      FLOAT.set(to, at, value);
      at += Float.BYTES;
    }
    end = at;
  }

  /** Count and values. */
  void putDoubles(double[] values) {
    putVarint(values.length);
    reserve(values.length * Double.BYTES);
    for (double value : values) {
      DOUBLE.set(bytes, end, value);
      end += Double.BYTES;
    }
  }

  void putText(String value) {
    putBytes(value.getBytes(UTF_8));
  }

  /** A text that is probably one of the last few. */
  void putRecentText(String value) {
    putBytes(written.bytes(value));
  }

  private void putBytes(byte[] value) {
    putVarint(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, end, value.length);
    end += value.length;
  }

  private void reserve(int more) {
    if (bytes.length - end < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(end, more)));
    }
  }

  // Taking apart.

  static long varint(DataInput in) throws IOException {
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

  float[] floats(DataInput in) throws IOException {
    int count = load(in, Float.BYTES);
    float[] values = new float[count];
    byte[] from = bytes;
    for (int i = 0; i < count; i++) {
      values[i] = (float) FLOAT.get(from, i * Float.BYTES);
    }
    return values;
  }

  double[] doubles(DataInput in) throws IOException {
    int count = load(in, Double.BYTES);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (double) DOUBLE.get(bytes, i * Double.BYTES);
    }
    return values;
  }

  String text(DataInput in) throws IOException {
    return new String(bytes, 0, load(in, 1), UTF_8);
  }

  /** A text that is probably one of the last few: the same object then. */
  String recentText(DataInput in) throws IOException {
    int length = load(in, 1);
    return read.text(bytes, length);
  }

  /** Reads a count, and so many values of so many bytes to the start of {@link #bytes}. */
  private int load(DataInput in, int size) throws IOException {
    int count = count(in, size);
    end = 0;
    reserve(count * size);
    in.readFully(bytes, 0, count * size);
    return count;
  }

  /** A count of values of so many bytes each. */
  static int count(DataInput in, int size) throws IOException {
    long count = varint(in);
    if (count < 0 || count > Integer.MAX_VALUE / 2 / size) {
      throw new IOException(
          "the state of a sequence has a count of "
              + count
              + ", expected 0 to "
              + Integer.MAX_VALUE / 2 / size);
    }
    return (int) count;
  }
}
