package io.unroll.job;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of an example, made to stand in another folder. */
public final class ExamplePaths {
  private static final Pattern RELATIVE =
      Pattern.compile("(?<![\\w./])(?:\\.\\./)?(feeds|models)/");

  private ExamplePaths() {}

  /** {@code text} with the files that it names below {@code examples}, from wherever it stands. */
  public static String absolute(String text, Path examples) {
    return RELATIVE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(examples + "/" + found.group(1) + "/"));
  }
}
