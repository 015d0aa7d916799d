package io.unroll.connectors.format.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/**
 * The characters of a file: a charset in which lines are cut at the byte of a line feed.
 *
 * @param name the charset's own name, {@code UTF-8} or {@code windows-1252}
 */
public record Encoding(String name) implements Serializable {
  /** Where nothing else is said. */
  public static final Encoding UTF8 = new Encoding(UTF_8.name());

  private static final String LATIN = "windows-1252";

  /** What the three bytes of UTF-8's byte order mark are in other charsets. */
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /**
   * The encoding that Java calls so; an alias of its name will do.
   *
   * @throws IllegalArgumentException if there is none, or its lines cannot be told apart
   */
  public static Encoding of(String name) {
    Charset charset;
    try {
      charset = Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "an encoding that Java knows, such as UTF-8, windows-1252 or ISO-8859-15", e);
    }
    if (!keepsLineFeeds(charset)) {
      throw new IllegalArgumentException(
          "an encoding in which a line feed is one byte: convert the records to UTF-8");
    }
    return new Encoding(charset.name());
  }

  /** True if a line feed is the byte 10, which is a part of no other character. */
  private static boolean keepsLineFeeds(Charset charset) {
    if (!charset.canEncode()) {
      return false;
    }
    StringBuilder others = new StringBuilder();
    for (char c = 0; c < Character.MIN_SURROGATE; c++) {
      if (c != '\n') {
        others.append(c);
      }
    }
    for (byte b : others.toString().getBytes(charset)) {
      if (b == '\n') {
        return false;
      }
    }
    byte[] feed = "\n".getBytes(charset);
    return feed.length == 1 && feed[0] == '\n';
  }

  boolean isUtf8() {
    return name.equals(UTF8.name());
  }

  Charset charset() {
    return Charset.forName(name);
  }

  /**
   * The text of a record.
   *
   * @param what holds it, in messages
   * @throws Unreadable if a byte is none of this encoding; says which one may be meant
   */
  String decode(byte[] bytes, String what) throws Unreadable {
    if (isUtf8()) {
      try {
        return Text.decode(bytes, what);
      } catch (Unreadable e) {
        throw new Unreadable(e.reason() + wayOut(bytes));
      }
    }
    if (bytes.length >= MARK.length
        && bytes[0] == MARK[0]
        && bytes[1] == MARK[1]
        && bytes[2] == MARK[2]) {
      throw new Unreadable(
          what
              + ": expected "
              + name
              + ", found a byte order mark of UTF-8. Leave out source.format.csv.encoding");
    }
    CharsetDecoder decoder = charset().newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out =
        CharBuffer.allocate((int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1);
    CoderResult result = decoder.decode(in, out, true);
    if (!result.isError()) {
      result = decoder.flush(out);
    }
    if (result.isError()) {
      throw new Unreadable(
          "%s: expected %s, found byte 0x%02x at %d"
              .formatted(what, name, bytes[in.position()], in.position()));
    }
    return out.flip().toString();
  }

  /** What to do about bytes that are not UTF-8. */
  private static String wayOut(byte[] bytes) {
    int zeros = 0;
    for (byte b : bytes) {
      zeros += b == 0 ? 1 : 0;
    }
    if (zeros > 0) {
      return 3 * zeros > bytes.length ? ". It looks like UTF-16: convert the records to UTF-8" : "";
    }
    String text = asLatin(bytes);
    return text == null || text.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))
        ? ""
        : ". Read as "
            + LATIN
            + " it is "
            + Text.cut(text)
            + ": if that is right, say source.format: {csv: {encoding: "
            + LATIN
            + "}}";
  }

  private static @Nullable String asLatin(byte[] bytes) {
    try {
      return Charset.forName(LATIN).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
