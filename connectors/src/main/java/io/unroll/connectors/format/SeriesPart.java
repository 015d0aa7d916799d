package io.unroll.connectors.format;

import java.io.Serializable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What a series' name is made of, or one part of it. */
public sealed interface SeriesPart extends Serializable {

  /**
   * The same text for all records.
   *
   * @param value not blank
   */
  record Constant(String value) implements SeriesPart {
    /**
     * @throws IllegalArgumentException if {@code value} is blank, or longer than a series may be
     */
    public Constant {
      if (value.isBlank()) {
        throw new IllegalArgumentException("found a blank text, expected the name of a series");
      }
      String tooLong = Text.tooLong(value, FieldReader.LONGEST_SERIES);
      if (tooLong != null) {
        throw new IllegalArgumentException(tooLong);
      }
    }

    @Override
    public String toString() {
      return "{value: " + value + "}";
    }
  }

  /**
   * The text of a field, or what a pattern picks out of it.
   *
   * @param field in the record
   * @param pattern a regular expression that the whole text matches; its one group is the part.
   *     Null: the text itself is
   */
  record Field(FieldPath field, @Nullable String pattern) implements SeriesPart {
    /**
     * @throws IllegalArgumentException if {@code pattern} is no regular expression with one group
     */
    public Field {
      if (pattern != null) {
        int groups = groups(pattern);
        if (groups != 1) {
          throw new IllegalArgumentException(
              "found "
                  + (groups == 0 ? "no group" : groups + " groups")
                  + " in '"
                  + pattern
                  + "', expected one, such as (.*), around what names the series; (?:...) is none");
        }
      }
    }

    private static int groups(String pattern) {
      try {
        return Pattern.compile(pattern).matcher("").groupCount();
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "found '"
                + pattern
                + "', expected a regular expression such as ticks-(.*): "
                + e.getDescription(),
            e);
      }
    }

    @Override
    public String toString() {
      return pattern == null ? field.text() : field.text() + " by " + pattern;
    }
  }

  /** The text of a field. */
  static SeriesPart of(FieldPath field) {
    return new Field(field, null);
  }
}
