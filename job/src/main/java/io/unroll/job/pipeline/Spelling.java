package io.unroll.job.pipeline;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody meant: the nearest by insertions, deletions, changes and swaps. */
final class Spelling {
  private Spelling() {}

  /**
   * The candidate nearest to {@code word}, or null if none is near enough: one edit for four
   * letters, two for eight, three beyond. Case and the choice of separator do not count.
   */
  static @Nullable String closest(String word, Collection<String> candidates) {
    if (word.length() > 100) {
      return null;
    }
    int limit = word.length() <= 4 ? 1 : word.length() <= 8 ? 2 : 3;
    String best = null;
    int smallest = limit + 1;
    String plain = plain(word);
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - word.length()) < smallest) {
        int distance = distance(plain, plain(candidate));
        if (distance < smallest) {
          smallest = distance;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-').replace(' ', '-');
  }

  /** Optimal string alignment: Damerau-Levenshtein without edits between swapped letters. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1]; // (prefix of a, prefix of b)
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
