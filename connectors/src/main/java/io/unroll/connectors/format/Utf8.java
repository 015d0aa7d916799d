package io.unroll.connectors.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells UTF-8 (RFC 3629) from other bytes without decoding it. */
public final class Utf8 {

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** True if the whole of {@code bytes} is what a strict decoder takes. */
  public static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      at = pastAscii(bytes, at);
      if (at == bytes.length) {
        return true;
      }
      int length = lengthOfCharacter(bytes, at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private static int pastAscii(byte[] bytes, int from) {
    int at = from;
    while (at + 8 <= bytes.length && ((long) EIGHT_BYTES.get(bytes, at) & NOT_ASCII) == 0) {
      at += 8;
    }
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** Bytes of the character above ASCII that starts at {@code at}; 0 if there is none. */
  private static int lengthOfCharacter(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    // The second byte's range shuts out overlong forms, surrogates and what is past U+10FFFF.
    int lowest = 0x80;
    int highest = 0xBF;
    int length;
    if (first >= 0xC2 && first <= 0xDF) {
      length = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
      length = 3;
      lowest = first == 0xE0 ? 0xA0 : 0x80;
      highest = first == 0xED ? 0x9F : 0xBF;
    } else if (first >= 0xF0 && first <= 0xF4) {
      length = 4;
      lowest = first == 0xF0 ? 0x90 : 0x80;
      highest = first == 0xF4 ? 0x8F : 0xBF;
    } else {
      return 0;
    }
    if (at + length > bytes.length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
