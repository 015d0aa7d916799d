package io.unroll.connectors.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** What Jackson says about a record, in words for those who wrote the record. */
public final class ParserMessage {

  /** Where a limit is set; the limit itself stays. */
  private static final Pattern SETTING = Pattern.compile(", from `[^`]*`");

  /** Lists of what could have come, advice to programmers, notes about the parser itself. */
  private static final Pattern NOISE =
      Pattern.compile(
          "(: was expecting|: JSON spec does not allow| \\(start marker|: enable `| \\(not recognized as one| \\(consider"
              + " enabling|\\R).*",
          Pattern.DOTALL);

  private ParserMessage() {}

  /** {@code e} without where it is. */
  public static String of(JsonProcessingException e) {
    String message = SETTING.matcher(e.getOriginalMessage()).replaceAll("");
    return Text.cut(NOISE.matcher(message).replaceFirst(""));
  }
}
