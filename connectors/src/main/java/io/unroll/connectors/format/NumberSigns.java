package io.unroll.connectors.format;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The signs with which a format writes numbers. A number is read only as these signs say, and never
 * guessed: thousands are apart by threes, or not at all.
 *
 * @param decimal in front of the fraction
 * @param thousands between groups of three digits; a blank stands for one that does not break, too;
 *     {@link #NONE} if nothing is
 */
public record NumberSigns(char decimal, char thousands) implements Serializable {
  /** No sign. */
  public static final char NONE = 0;

  /** As JSON and Java write numbers. */
  public static final NumberSigns PLAIN = new NumberSigns('.', NONE);

  private static final char NO_BREAK_SPACE = '\u00a0';
  private static final char NARROW_NO_BREAK_SPACE = '\u202f';

  /**
   * @throws IllegalArgumentException if the two are the same
   */
  public NumberSigns {
    if (decimal == thousands) {
      throw new IllegalArgumentException(
          "found '" + decimal + "' as the sign of decimals and of thousands, expected two");
    }
  }

  /** True for {@link #PLAIN} signs. */
  public boolean isPlain() {
    return decimal == '.' && thousands == NONE;
  }

  /**
   * A number as {@link Double#parseDouble} reads it.
   *
   * @param text without white space around it
   * @return null if {@code text} is no number with these signs
   */
  public @Nullable String plain(String text) {
    if (isPlain()) {
      return Numbers.isDecimal(text) ? text : null;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      plain.append(text.charAt(at++));
    }
    int whole = at;
    boolean grouped = false;
    int digits = 0;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
        plain.append(c);
      } else if (isThousands(c)) {
        // A zero in front is how fractions begin: 0.123 is no 123.
        if (grouped ? digits != 3 : digits < 1 || digits > 3 || text.charAt(whole) == '0') {
          return null;
        }
        grouped = true;
        digits = 0;
      } else {
        break;
      }
    }
    if (grouped && digits != 3) {
      return null;
    }
    if (at < text.length() && text.charAt(at) == decimal) {
      plain.append('.');
      at++;
    } else if (at < text.length() && text.charAt(at) == '.') {
      return null;
    }
    plain.append(text, at, text.length());
    String number = plain.toString();
    return Numbers.isDecimal(number) && !(grouped && hasExponent(number)) ? number : null;
  }

  /**
   * What to do about a number that has other signs than {@link #PLAIN} ones; empty for no number.
   */
  static String plainWayOut(String text) {
    return FieldReader.COMMA.matcher(text).matches()
        ? "Write numbers with a decimal point, and nothing between thousands"
        : "";
  }

  private boolean isThousands(char c) {
    return thousands != NONE
        && (c == thousands
            || (thousands == ' ' && (c == NO_BREAK_SPACE || c == NARROW_NO_BREAK_SPACE)));
  }

  /** Nobody groups such a number: what stands there is another sign of decimals. */
  private static boolean hasExponent(String number) {
    return number.indexOf('e') >= 0 || number.indexOf('E') >= 0;
  }
}
