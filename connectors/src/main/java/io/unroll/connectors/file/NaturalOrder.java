package io.unroll.connectors.file;

import java.util.Comparator;

/**
 * Paths as people order them: numbers in names by their value, so that part-2 comes before part-10,
 * everything else character by character. Two paths are equal only if they are the same text.
 */
final class NaturalOrder implements Comparator<String> {
  static final NaturalOrder ORDER = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String a, String b) {
    int order = names(a, b);
    return order != 0 ? order : a.compareTo(b); // part-1 and part-01 differ in the text alone
  }

  private static int names(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
        int endA = endOfNumber(a, i);
        int endB = endOfNumber(b, j);
        int order = numbers(a.substring(i, endA), b.substring(j, endB));
        if (order != 0) {
          return order;
        }
        i = endA;
        j = endB;
      } else {
        int order = Character.compare(a.charAt(i++), b.charAt(j++));
        if (order != 0) {
          return order;
        }
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  /** Of any length. */
  private static int numbers(String a, String b) {
    String ours = withoutZeros(a);
    String theirs = withoutZeros(b);
    int length = Integer.compare(ours.length(), theirs.length());
    return length != 0 ? length : ours.compareTo(theirs);
  }

  private static String withoutZeros(String digits) {
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    return digits.substring(first);
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
