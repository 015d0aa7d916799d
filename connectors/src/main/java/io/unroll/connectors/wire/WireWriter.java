package io.unroll.connectors.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record's bytes as they grow. Numbers are little-endian. {@link WireReader} reads them.
 *
 * <pre>
 * count   7 bits per byte, the lowest first, the high bit set on all but the last
 * text    count: 0 for null, else 1 + 2 * length + (1 if wide); then a byte per character, or two
 *         where it is wide: where a character is above U+00FF
 * bytes   count: 0 for null, else 1 + length; then the bytes
 * </pre>
 */
public final class WireWriter {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /** A buffer that one large record made longer than this is not kept. (bytes) */
  private static final int KEPT = 64 * 1024;

  private byte[] buffer = new byte[256];
  private int at;

  WireWriter() {}

  /** Starts over, with {@code room} bytes left for what is known at the end. */
  void start(int room) {
    if (buffer.length > KEPT) {
      buffer = new byte[256];
    }
    at = room;
  }

  byte[] buffer() {
    return buffer;
  }

  int length() {
    return at;
  }

  private void need(int more) {
    if (more > buffer.length - at) {
      long wanted = Math.max((long) at + more, 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }

  /** One byte, the lowest of {@code value}. */
  public void putByte(int value) {
    need(1);
    buffer[at++] = (byte) value;
  }

  public void putInt(int value) {
    need(4);
    INT.set(buffer, at, value);
    at += 4;
  }

  public void putLong(long value) {
    need(8);
    LONG.set(buffer, at, value);
    at += 8;
  }

  /** A number, bit for bit. */
  public void putDouble(double value) {
    putLong(Double.doubleToRawLongBits(value));
  }

  /** A number that is never negative, in few bytes if it is small. */
  public void putCount(int value) {
    need(5);
    int left = value;
    while (left > 0x7F) {
      buffer[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    buffer[at++] = (byte) left;
  }

  /** Numbers, bit for bit, after their count. */
  public void putDoubles(double[] values) {
    putCount(values.length);
    need(Math.multiplyExact(8, values.length));
    int to = at;
    for (double value : values) {
      LONG.set(buffer, to, Double.doubleToRawLongBits(value));
      to += 8;
    }
    at = to;
  }

  /** Numbers, bit for bit, after their count. */
  public void putFloats(float[] values) {
    putCount(values.length);
    need(Math.multiplyExact(4, values.length));
    int to = at;
    for (float value : values) {
      FLOAT.set(buffer, to, value);
      to += 4;
    }
    at = to;
  }

  public void putText(@Nullable String text) {
    if (text == null) {
      putByte(0);
      return;
    }
    int length = text.length();
    int start = at;
    putCount(header(length, 0));
    need(length);
    byte[] to = buffer;
    int from = at;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c > 0xFF) {
        at = start;
        putWide(text);
        return;
      }
      to[from + i] = (byte) c;
    }
    at = from + length;
  }

  private void putWide(String text) {
    int length = text.length();
    putCount(header(length, 1));
    need(Math.multiplyExact(2, length));
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      buffer[at++] = (byte) c;
      buffer[at++] = (byte) (c >>> 8);
    }
  }

  private static int header(int length, int wide) {
    return Math.addExact(Math.multiplyExact(2, length), 1 + wide);
  }

  /** Texts after one more than their count; null is 0. */
  public void putTexts(@Nullable String @Nullable [] texts) {
    if (texts == null) {
      putByte(0);
      return;
    }
    putCount(1 + texts.length);
    for (String text : texts) {
      putText(text);
    }
  }

  public void putBytes(byte @Nullable [] bytes) {
    if (bytes == null) {
      putByte(0);
      return;
    }
    putCount(Math.addExact(1, bytes.length));
    need(bytes.length);
    System.arraycopy(bytes, 0, buffer, at, bytes.length);
    at += bytes.length;
  }

  /** Byte arrays after one more than their count; null is 0. */
  public void putByteArrays(byte @Nullable [] @Nullable [] arrays) {
    if (arrays == null) {
      putByte(0);
      return;
    }
    putCount(1 + arrays.length);
    for (byte[] array : arrays) {
      putBytes(array);
    }
  }
}
