package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.Arrays;

/**
 * A line of output as it grows: UTF-8 in a buffer that the next line uses again. Plain ASCII is
 * copied; what needs more thought goes by Jackson's encoder and the JDK's.
 */
public final class OutputLine {

  /** A buffer that one long line made longer than this is not kept. (bytes) */
  private static final int KEPT = 64 * 1024;

  private static final int LONGEST_LONG = 20;

  /** ASCII characters that a JSON string holds as they are. */
  private static final boolean[] PLAIN = plain();

  private byte[] buffer = new byte[512];
  private int at;

  private static boolean[] plain() {
    boolean[] plain = new boolean[0x80];
    for (char c = 0; c < plain.length; c++) {
      plain[c] = JsonStringEncoder.getInstance().quoteAsString(String.valueOf(c)).length == 1;
    }
    return plain;
  }

  /** Begins a line. */
  public OutputLine start() {
    if (buffer.length > KEPT) {
      buffer = new byte[512];
    }
    at = 0;
    return this;
  }

  /** The line, without an end. */
  public byte[] end() {
    return endFrom(0);
  }

  /**
   * The line without an end, and without its start.
   *
   * @param from how many of its bytes are left out
   */
  public byte[] endFrom(int from) {
    return Arrays.copyOfRange(buffer, from, at);
  }

  /** How much there is of it. (bytes) */
  public int length() {
    return at;
  }

  /**
   * Makes an object of JSON of members that have a comma in front of each.
   *
   * @param from where the first one begins: what {@link #length} was before it
   */
  public OutputLine object(int from) {
    if (at == from) {
      return ascii('{').ascii('}');
    }
    buffer[from] = '{';
    return ascii('}');
  }

  private void need(int more) {
    if (more > buffer.length - at) {
      long wanted = Math.max((long) at + more, 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }

  /** {@code bytes} as they are. */
  public OutputLine bytes(byte[] bytes) {
    need(bytes.length);
    System.arraycopy(bytes, 0, buffer, at, bytes.length);
    at += bytes.length;
    return this;
  }

  /** {@code text} as it is. */
  public OutputLine text(String text) {
    int length = text.length();
    need(length);
    byte[] to = buffer;
    int from = at;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return bytes(text.getBytes(UTF_8));
      }
      to[from + i] = (byte) c;
    }
    at = from + length;
    return this;
  }

  /**
   * {@code text} as it is, if it has no other characters than these.
   *
   * @param allowed for each character of ASCII
   * @return false if it has others: nothing is written then
   */
  public boolean textOf(String text, boolean[] allowed) {
    int length = text.length();
    need(length);
    byte[] to = buffer;
    int from = at;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || !allowed[c]) {
        return false;
      }
      to[from + i] = (byte) c;
    }
    at = from + length;
    return true;
  }

  /** {@code text} as a JSON string. */
  public OutputLine quoted(String text) {
    int length = text.length();
    need(length + 2);
    byte[] to = buffer;
    int from = at + 1;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || !PLAIN[c]) {
        return bytes(Text.quote(text).getBytes(UTF_8));
      }
      to[from + i] = (byte) c;
    }
    to[from - 1] = '"';
    to[from + length] = '"';
    at = from + length + 1;
    return this;
  }

  /** A character of ASCII. */
  public OutputLine ascii(char c) {
    need(1);
    buffer[at++] = (byte) c;
    return this;
  }

  /** A whole number. */
  public OutputLine number(long number) {
    need(LONGEST_LONG);
    at = NumberOutput.outputLong(number, buffer, at);
    return this;
  }

  /** The shortest text that reads back as {@code number}. */
  public OutputLine number(float number) {
    return text(JsonLine.shortest(number));
  }

  /** The shortest text that reads back as {@code number}. */
  public OutputLine number(double number) {
    return text(JsonLine.shortest(number));
  }

  /** {@link #number(float)}, as a text where JSON has no such number. */
  public OutputLine jsonNumber(float number) {
    return Float.isFinite(number) ? number(number) : quoted(JsonLine.shortest(number));
  }

  /** {@link #number(double)}, as a text where JSON has no such number. */
  public OutputLine jsonNumber(double number) {
    return Double.isFinite(number) ? number(number) : quoted(JsonLine.shortest(number));
  }
}
