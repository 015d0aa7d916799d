package io.unroll.job.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts and their UTF-8 bytes, side by side. The origins of a job's observations are as many as its
 * partitions or files: a text that comes again is neither encoded nor made anew, and many series
 * share one String. A table without chains: a text takes the place of another.
 *
 * <p>One instance serves one direction: what cannot be encoded comes back as another text.
 */
final class RecentTexts {
  private static final int SLOTS = 64;

  private final @Nullable String[] texts = new String[SLOTS];
  private final byte[][] encoded = new byte[SLOTS][0];

  /** The UTF-8 bytes of a text. Not to be modified. */
  byte[] bytes(String text) {
    int slot = text.hashCode() & (SLOTS - 1);
    if (!text.equals(texts[slot])) {
      texts[slot] = text;
      encoded[slot] = text.getBytes(UTF_8);
    }
    return encoded[slot];
  }

  /** The text of the first {@code length} bytes. */
  String text(byte[] bytes, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = hash & (SLOTS - 1);
    String known = texts[slot];
    if (known != null && Arrays.equals(encoded[slot], 0, encoded[slot].length, bytes, 0, length)) {
      return known;
    }
    String text = new String(bytes, 0, length, UTF_8);
    texts[slot] = text;
    encoded[slot] = Arrays.copyOf(bytes, length);
    return text;
  }
}
