package io.unroll.connectors.format;

/** Decimal numbers in text: JSON's grammar, widened by a sign and by zeroes in front. */
final class Numbers {

  private Numbers() {}

  /**
   * True for {@code 12}, {@code -1.50}, {@code +.5}, {@code 1e-3}; false for what only Java reads
   * ({@code 1f}, {@code 0x1p3}, {@code NaN}).
   */
  static boolean isDecimal(String text) {
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
