package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Text in and out of records. */
public final class Text {

  /** Longest value that a reason shows. (characters) */
  static final int SHOWN = 100;

  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /** Strict UTF-8. The fast path decodes leniently and looks for the mark that this leaves. */
  public static String decode(byte[] bytes, String what) throws Unreadable {
    String text = new String(bytes, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      CharsetDecoder decoder = UTF_8.newDecoder();
      ByteBuffer in = ByteBuffer.wrap(bytes);
      CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length), true);
      if (result.isError()) {
        throw new Unreadable(
            String.format(
                "%s: expected UTF-8, found byte 0x%02x at %d",
                what, bytes[in.position()], in.position()));
      }
    }
    return text;
  }

  /** {@code text}, at most {@value #SHOWN} characters of it, safe to encode. */
  public static String cut(String text) {
    return text.length() <= SHOWN
        ? wellFormed(text)
        : wellFormed(text.substring(0, SHOWN)) + "... (" + text.length() + " characters)";
  }

  /**
   * True if each half of a surrogate pair has its other half; a JSON escape may write one alone.
   */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static String wellFormed(String text) {
    if (isWellFormed(text)) {
      return text;
    }
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  /** {@code text} with a capital letter in front. */
  public static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** {@code text} as a JSON string. */
  public static String quote(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /**
   * JSON, in which NaN and infinite numbers may stand bare, without the white space between its
   * tokens: one line. NaN becomes null, so that it is JSON for others too.
   *
   * @return null if an infinite number is in it
   */
  public static @Nullable String compact(String json) {
    StringBuilder line = new StringBuilder(json.length());
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString) {
        line.append(c);
        if (c == '\\') {
          line.append(json.charAt(++i));
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == 'N') {
        line.append("null");
        i += "aN".length();
      } else if (c == 'I') {
        return null;
      } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        line.append(c);
        inString = c == '"';
      }
    }
    return line.toString();
  }

  /** What is wrong with a text of more than {@code longest} bytes; null for a shorter one. */
  static @Nullable String tooLong(String text, int longest) {
    // A character has at most three bytes, so most texts need no counting.
    if (text.length() > longest / 3) {
      int found = text.getBytes(UTF_8).length;
      if (found > longest) {
        return "found " + found + " bytes, expected at most " + longest;
      }
    }
    return null;
  }
}
