package io.unroll.connectors.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.jspecify.annotations.Nullable;

/** Reads what {@link WireWriter} wrote. */
public final class WireReader {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /** A buffer that one large record made longer than this is not kept. (bytes) */
  private static final int KEPT = 64 * 1024;

  /** Texts that are kept; a power of two. */
  private static final int KNOWN = 32;

  private byte[] buffer = new byte[256];
  private int at;
  private int end;

  /** Texts read by {@link #sharedText}, by a hash of their bytes; the last one stays. */
  private final byte[][] knownBytes = new byte[KNOWN][];

  private final String[] knownTexts = new String[KNOWN];

  WireReader() {
    Arrays.fill(knownBytes, new byte[0]);
    Arrays.fill(knownTexts, "");
  }

  /** Takes the next {@code length} bytes of {@code source}. */
  void start(DataInputView source, int length) throws IOException {
    if (length < 0) {
      throw new IOException("a record of " + length + " bytes, expected 0 or more");
    }
    if (length > buffer.length || buffer.length > KEPT) {
      buffer = new byte[Math.max(256, length)];
    }
    source.readFully(buffer, 0, length);
    at = 0;
    end = length;
  }

  byte[] buffer() {
    return buffer;
  }

  /** Fails unless the record has been read to its end. */
  void finish() throws IOException {
    if (at != end) {
      throw new IOException("a record of " + end + " bytes, expected " + at);
    }
  }

  /** Takes the next {@code length} bytes and returns where they start. */
  private int take(int length) throws IOException {
    if (length < 0 || length > end - at) {
      throw new IOException("a record of " + end + " bytes, expected " + length + " more at " + at);
    }
    int from = at;
    at += length;
    return from;
  }

  public byte getByte() throws IOException {
    return buffer[take(1)];
  }

  public int getInt() throws IOException {
    return (int) INT.get(buffer, take(4));
  }

  public long getLong() throws IOException {
    return (long) LONG.get(buffer, take(8));
  }

  public double getDouble() throws IOException {
    return Double.longBitsToDouble(getLong());
  }

  public int getCount() throws IOException {
    int value = 0;
    int shift = 0;
    byte next = getByte();
    while (next < 0 && shift < 28) {
      value |= (next & 0x7F) << shift;
      shift += 7;
      next = getByte();
    }
    return value | (next << shift);
  }

  public double[] getDoubles() throws IOException {
    int count = getCount();
    int from = take(bytes(count, 8));
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Double.longBitsToDouble((long) LONG.get(buffer, from + 8 * i));
    }
    return values;
  }

  public float[] getFloats() throws IOException {
    int count = getCount();
    int from = take(bytes(count, 4));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) FLOAT.get(buffer, from + 4 * i);
    }
    return values;
  }

  /** Bytes of so many values; -1, which nothing takes, if that is no number. */
  private static int bytes(int count, int size) {
    return count < 0 || count > Integer.MAX_VALUE / size ? -1 : count * size;
  }

  public @Nullable String getText() throws IOException {
    int header = getCount();
    if (header == 0) {
      return null;
    }
    int length = (header - 1) >>> 1;
    if (((header - 1) & 1) == 1) {
      int from = take(bytes(length, 2));
      return wide(from, length);
    }
    return new String(buffer, take(length), length, ISO_8859_1);
  }

  /** {@link #getText} for one of few texts: the same text is the same object, most times. */
  public @Nullable String sharedText() throws IOException {
    int start = at;
    int header = getCount();
    int length = (header - 1) >>> 1;
    if (header == 0 || ((header - 1) & 1) == 1 || length < 2) {
      at = start;
      return getText();
    }
    int from = take(length);
    // Places in a source differ near the end: weather/11@, weather/12@.
    int hash = buffer[at - 1] + 7 * buffer[at - 2] + 31 * buffer[at - Math.min(3, length)];
    int slot = hash & (KNOWN - 1);
    byte[] known = knownBytes[slot];
    if (Arrays.equals(buffer, from, at, known, 0, known.length)) {
      return knownTexts[slot];
    }
    String text = new String(buffer, from, length, ISO_8859_1);
    knownBytes[slot] = Arrays.copyOfRange(buffer, from, at);
    knownTexts[slot] = text;
    return text;
  }

  private String wide(int from, int length) {
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = (char) ((buffer[from + 2 * i] & 0xFF) | (buffer[from + 2 * i + 1] & 0xFF) << 8);
    }
    return new String(text);
  }

  public @Nullable String @Nullable [] getTexts() throws IOException {
    int count = getCount();
    if (count == 0) {
      return null;
    }
    @Nullable String[] texts = new String[believed(count - 1)];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = getText();
    }
    return texts;
  }

  public byte @Nullable [] getBytes() throws IOException {
    int count = getCount();
    if (count == 0) {
      return null;
    }
    int from = take(count - 1);
    return Arrays.copyOfRange(buffer, from, at);
  }

  public byte @Nullable [] @Nullable [] getByteArrays() throws IOException {
    int count = getCount();
    if (count == 0) {
      return null;
    }
    byte[] @Nullable [] arrays = new byte[believed(count - 1)][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = getBytes();
    }
    return arrays;
  }

  /** {@code count} of things of at least one byte each, if there can be so many. */
  private int believed(int count) throws IOException {
    at = take(count);
    return count;
  }
}
