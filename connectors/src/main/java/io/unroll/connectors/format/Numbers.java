package io.unroll.connectors.format;

import com.fasterxml.jackson.core.io.NumberInput;

/** Decimal numbers in text: JSON's grammar, widened by a sign and by zeroes in front. */
public final class Numbers {

  private static final int EXACT_DIGITS = 15;

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private Numbers() {}

  /**
   * True for {@code 12}, {@code -1.50}, {@code +.5}, {@code 1e-3}; false for what only Java reads
   * ({@code 1f}, {@code 0x1p3}, {@code NaN}).
   */
  public static boolean isDecimal(String text) {
    int i = sign(text, 0);
    int whole = digits(text, i);
    int end = whole;
    if (end < text.length() && text.charAt(end) == '.') {
      end = digits(text, end + 1);
      if (end - i == 1) {
        return false;
      }
    } else if (whole == i) {
      return false;
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int exponent = sign(text, end + 1);
      end = digits(text, exponent);
      if (end == exponent) {
        return false;
      }
    }
    return end == text.length();
  }

  /**
   * A number of JSON's grammar as the double next to it. Up to 15 digits and their power of ten are
   * doubles themselves, so that one division rounds rightly (Clinger 1990, the fast case); all else
   * is Jackson's.
   */
  public static double parse(char[] text, int from, int length) {
    int at = from;
    int end = from + length;
    boolean negative = at < end && text[at] == '-';
    if (negative) {
      at++;
    }
    if (end - at <= EXACT_DIGITS + 1) {
      long digits = 0;
      int point = end;
      for (; at < end; at++) {
        char c = text[at];
        if (c >= '0' && c <= '9') {
          digits = 10 * digits + (c - '0');
        } else if (c == '.' && point == end) {
          point = at;
        } else {
          return NumberInput.parseDouble(text, from, length, true);
        }
      }
      int fraction = Math.max(0, end - point - 1);
      if (point < end || length <= EXACT_DIGITS) {
        double value = (double) digits / POWERS_OF_TEN[fraction];
        return negative ? -value : value;
      }
    }
    return NumberInput.parseDouble(text, from, length, true);
  }

  private static int sign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
