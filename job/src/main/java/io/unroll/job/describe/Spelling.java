package io.unroll.job.describe;

import java.time.ZoneId;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody meant: the nearest by insertions, deletions, changes and swaps. */
public final class Spelling {
  /** What a clock on the wall is called. Java knows no abbreviations, since some mean two zones. */
  private static final Map<String, String> ZONES =
      Map.ofEntries(
          Map.entry("EST", "America/New_York"),
          Map.entry("EDT", "America/New_York"),
          Map.entry("ET", "America/New_York"),
          Map.entry("CST", "America/Chicago"),
          Map.entry("CDT", "America/Chicago"),
          Map.entry("MST", "America/Denver"),
          Map.entry("MDT", "America/Denver"),
          Map.entry("PST", "America/Los_Angeles"),
          Map.entry("PDT", "America/Los_Angeles"),
          Map.entry("HST", "Pacific/Honolulu"),
          Map.entry("BST", "Europe/London"),
          Map.entry("CEST", "Europe/Berlin"),
          Map.entry("EEST", "Europe/Helsinki"),
          Map.entry("MSK", "Europe/Moscow"),
          Map.entry("IST", "Asia/Kolkata"),
          Map.entry("JST", "Asia/Tokyo"),
          Map.entry("KST", "Asia/Seoul"),
          Map.entry("HKT", "Asia/Hong_Kong"),
          Map.entry("SGT", "Asia/Singapore"),
          Map.entry("AEST", "Australia/Sydney"),
          Map.entry("AEDT", "Australia/Sydney"),
          Map.entry("NZST", "Pacific/Auckland"));

  private Spelling() {}

  /**
   * The candidate nearest to {@code word}, or null if none is near enough: one edit for four
   * letters, two for eight, three beyond. Case and the choice of separator do not count.
   */
  public static @Nullable String closest(String word, Collection<String> candidates) {
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

  /** The zone that was meant, or null. What looks like an abbreviation is never spelt otherwise. */
  public static @Nullable String zone(String word) {
    String known = ZONES.get(word.strip().toUpperCase(Locale.ROOT));
    return known != null || word.length() <= 4
        ? known
        : closest(word, ZoneId.getAvailableZoneIds());
  }

  /** A word without case and separators. */
  public static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-').replace(' ', '-');
  }

  /** Optimal string alignment: Damerau-Levenshtein without edits between swapped letters. */
  public static int distance(String a, String b) {
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
