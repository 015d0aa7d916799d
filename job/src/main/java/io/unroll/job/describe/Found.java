package io.unroll.job.describe;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The words of a mistake: what was found, what it may have been. */
public final class Found {
  private static final int LONGEST = 60;
  private static final int LONGEST_KEY = 200;
  private static final int LONGEST_REASON = 400;
  private static final int LONGEST_TEXT = 2000;

  /** What YAML reads as a text without quotes. */
  private static final Pattern PLAIN =
      Pattern.compile("(?!(?:true|false|null)$)[A-Za-z_/$][\\w./$-]*", Pattern.CASE_INSENSITIVE);

  private Found() {}

  /** A name or a value as messages show it. */
  public static String quoted(String text) {
    return "'" + oneLine(text) + "'";
  }

  /** A text as a pipeline file holds it within a map in braces. */
  static String yaml(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "''") + "'";
  }

  /** On one line and not endless, whatever the file held. */
  public static String oneLine(String text) {
    return oneLine(text, LONGEST);
  }

  /** Another library's explanation, on one line and not endless. */
  public static String reason(Throwable e) {
    return reason(String.valueOf(e.getMessage()));
  }

  /** An explanation, on one line and not endless. */
  public static String reason(String text) {
    return oneLine(text, LONGEST_REASON);
  }

  /** A key with all that is around it: what is Flink's or Kafka's may be long. */
  public static String key(String key) {
    return oneLine(key, LONGEST_KEY);
  }

  /** A whole mistake, whose parts may quote another library, or a model. */
  public static String text(String text) {
    return oneLine(text, LONGEST_TEXT);
  }

  /** A path, on one line and not endless. */
  public static String path(Path path) {
    return reason(path.toString());
  }

  private static String oneLine(String text, int longest) {
    String line =
        text.replaceAll("[\\s\\x85\\p{Zl}\\p{Zp}]+", " ")
            .replaceAll("[\\p{Cc}\\p{Cf}]", "?")
            .strip();
    if (line.codePointCount(0, line.length()) <= longest) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, longest)) + "…";
  }

  /** {@code a}, or {@code one of a, b}. */
  public static String oneOf(Collection<String> words) {
    return words.size() == 1 ? words.iterator().next() : "one of " + String.join(", ", words);
  }

  /** {@code ; did you mean 'word'?}, or nothing. */
  public static String didYouMean(@Nullable String word) {
    return word == null ? "" : didYouMean(List.of(word));
  }

  /** The same of several words. */
  public static String didYouMean(List<String> words) {
    return words.isEmpty()
        ? ""
        : words.stream()
            .map(Found::quoted)
            .collect(Collectors.joining(" or ", "; did you mean ", "?"));
  }
}
