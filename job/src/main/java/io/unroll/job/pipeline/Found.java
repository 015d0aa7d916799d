package io.unroll.job.pipeline;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The words of a mistake: what was found, what it may have been. */
final class Found {
  private static final int LONGEST = 60;
  private static final int LONGEST_KEY = 200;
  private static final int LONGEST_REASON = 400;
  private static final int LONGEST_TEXT = 2000;

  private Found() {}

  /** What a node holds: {@code 'text'}, {@code 5}, {@code nothing}, {@code a list}. */
  static String describe(Node node) {
    if (node instanceof MappingNode) {
      return "a map";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    ScalarNode scalar = (ScalarNode) node;
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return "nothing";
    }
    if (isText(scalar)) {
      return quoted(scalar.getValue());
    }
    if (isLiteral(scalar)) {
      return oneLine(scalar.getValue());
    }
    return "a value with the tag " + oneLine(tag.getValue());
  }

  /** True for a plain or quoted string, {@code ${...}} among them. */
  static boolean isText(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.STR) || scalar.getTag().equals(Tag.ENV_TAG);
  }

  /** True for a number or a boolean. */
  static boolean isLiteral(ScalarNode scalar) {
    Tag tag = scalar.getTag();
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) || tag.equals(Tag.BOOL);
  }

  static String quoted(String text) {
    return "'" + oneLine(text) + "'";
  }

  /** On one line and not endless, whatever the file held. */
  static String oneLine(String text) {
    return oneLine(text, LONGEST);
  }

  /** Another library's explanation, on one line and not endless. */
  static String reason(Throwable e) {
    return reason(String.valueOf(e.getMessage()));
  }

  static String reason(String text) {
    return oneLine(text, LONGEST_REASON);
  }

  /** A key with all that is around it: what is Flink's or Kafka's may be long. */
  static String key(String key) {
    return oneLine(key, LONGEST_KEY);
  }

  /** A whole mistake, whose parts may quote another library, or a model. */
  static String text(String text) {
    return oneLine(text, LONGEST_TEXT);
  }

  static String path(Path path) {
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

  static String oneOf(Collection<String> words) {
    return words.size() == 1 ? words.iterator().next() : "one of " + String.join(", ", words);
  }

  static String didYouMean(@Nullable String word) {
    return word == null ? "" : didYouMean(List.of(word));
  }

  static String didYouMean(List<String> words) {
    return words.isEmpty()
        ? ""
        : words.stream()
            .map(Found::quoted)
            .collect(Collectors.joining(" or ", "; did you mean ", "?"));
  }
}
