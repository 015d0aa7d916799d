package io.unroll.job.pipeline;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of the file. Each reading method returns null when the value is not what it reads,
 * which it has then reported.
 *
 * @param path as the user sees it
 * @param schema its name in {@link PipelineOptions}
 */
record Value(Findings findings, String path, String schema, Node node) {
  /** What {@link #zone} reads. */
  static final String ZONE = "a time zone such as Europe/Berlin or +01:00";

  /** What {@link #timeOfDay} reads. */
  static final String TIME = "a time of day such as 16:00 or 16:00:30";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,18})\\s*(ms|s|min|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KiB|MiB|GiB)");
  private static final Map<String, Long> SIZES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
  private static final Pattern TIME_OF_DAY =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?");
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "min", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  /** A century: beyond it a number is a slip, and far below what overflows milliseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Reports that this was found where something else was expected. */
  void mistake(String expected) {
    findings.mistake(path, "found " + Found.describe(node) + ", expected " + expected);
  }

  @Nullable Section section() {
    if (node instanceof MappingNode map) {
      return new Section(findings, path, schema, map);
    }
    mistake(
        PipelineOptions.keysOf(schema).isEmpty()
            ? "a map"
            : "a map with " + String.join(", ", PipelineOptions.keysOf(schema)));
    return null;
  }

  /** A non-empty text; a number or boolean must be quoted to be one. */
  @Nullable String text(String expected) {
    if (node instanceof ScalarNode scalar && Found.isText(scalar)) {
      if (!scalar.getValue().isBlank()) {
        return scalar.getValue();
      }
      findings.mistake(path, "found an empty text, expected " + expected);
      return null;
    }
    boolean literal = node instanceof ScalarNode scalar && Found.isLiteral(scalar);
    findings.mistake(
        path,
        "found "
            + Found.describe(node)
            + (literal ? " without quotes" : "")
            + ", expected "
            + expected);
    return null;
  }

  /** A text, a number or a boolean, as the file writes it; not blank. */
  @Nullable String written(String expected) {
    if (!isOption(node)) {
      mistake(expected);
      return null;
    }
    String text = ((ScalarNode) node).getValue();
    if (text.isBlank()) {
      findings.mistake(path, "found an empty text, expected " + expected);
      return null;
    }
    return text;
  }

  /** Any scalar as its text, a list of scalars joined by {@code separator}: a foreign option. */
  @Nullable String option(String separator) {
    if (node instanceof SequenceNode list && list.getValue().stream().allMatch(Value::isOption)) {
      return String.join(
          separator, list.getValue().stream().map(n -> ((ScalarNode) n).getValue()).toList());
    }
    if (isOption(node)) {
      return ((ScalarNode) node).getValue();
    }
    mistake("a value");
    return null;
  }

  private static boolean isOption(Node node) {
    return node instanceof ScalarNode scalar && (Found.isText(scalar) || Found.isLiteral(scalar));
  }

  /** The items of a non-empty list, each at its own place. */
  List<Value> items(String expected) {
    if (!(node instanceof SequenceNode list) || list.getValue().isEmpty()) {
      if (node instanceof SequenceNode) {
        findings.mistake(path, "found an empty list, expected " + expected);
      } else {
        mistake(expected);
      }
      return List.of();
    }
    List<Value> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      String itemPath = path + "[" + items.size() + "]";
      findings.place(itemPath, item);
      items.add(new Value(findings, itemPath, schema + "[]", item));
    }
    return items;
  }

  /** The items of a list, or this value alone. */
  List<Value> oneOrMore(String expected) {
    return isList() ? items(expected) : List.of(this);
  }

  /** One of {@code words}. */
  @Nullable String word(List<String> words) {
    String found = node instanceof ScalarNode scalar ? scalar.getValue() : null;
    if (found != null && words.contains(found)) {
      return found;
    }
    if (found != null && PipelineOptions.isLaterValue(schema, found)) {
      findings.mistake(
          path,
          "found "
              + Found.quoted(found)
              + ", which this version does not know yet, expected "
              + Found.oneOf(words));
      return null;
    }
    mistake(
        Found.oneOf(words)
            + Found.didYouMean(found == null ? null : Spelling.closest(found, words)));
    return null;
  }

  /** A number and a unit, at least {@code least}. */
  @Nullable Duration duration(Duration least) {
    return duration(least, LONGEST);
  }

  /** A number and a unit, from {@code least} to {@code most}. */
  @Nullable Duration duration(Duration least, Duration most) {
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (!(node instanceof ScalarNode scalar && Found.isText(scalar))) {
      mistake("a duration such as 5 min");
      return null;
    }
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      mistake("a duration such as 5 min (a number and one of ms, s, min, h, d)");
      return null;
    }
    Duration unit = UNITS.get(matcher.group(2));
    long count = Long.parseLong(matcher.group(1));
    if (unit == null || count > most.toMillis() / unit.toMillis()) {
      mistake(
          "at most " + (most.equals(LONGEST) ? most.toDays() + " d" : most.toMinutes() + " min"));
      return null;
    }
    Duration duration = unit.multipliedBy(count);
    if (duration.compareTo(least) < 0) {
      mistake("at least " + least.toMillis() + " ms");
      return null;
    }
    return duration;
  }

  /** A unit of time. */
  @Nullable Duration unit() {
    String word = word(List.of("ms", "s", "min", "h", "d"));
    return word == null ? null : UNITS.get(word);
  }

  /** A time zone by its name, or an offset. */
  @Nullable ZoneId zone() {
    String text = text(ZONE);
    if (text == null) {
      return null;
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      mistake(ZONE + Found.didYouMean(Spelling.zone(text)));
      return null;
    }
  }

  /** A time of day, to the second. */
  @Nullable LocalTime timeOfDay() {
    String text = text(TIME);
    if (text == null) {
      return null;
    }
    if (!TIME_OF_DAY.matcher(text).matches()) {
      mistake(TIME);
      return null;
    }
    return LocalTime.parse(text);
  }

  /** A number and a unit, in bytes; 0 needs no unit. */
  @Nullable Long bytes() {
    if (node instanceof ScalarNode scalar) {
      if (scalar.getTag().equals(Tag.INT) && scalar.getValue().equals("0")) {
        return 0L;
      }
      Matcher matcher = SIZE.matcher(scalar.getValue().strip());
      Long unit = Found.isText(scalar) && matcher.matches() ? SIZES.get(matcher.group(2)) : null;
      if (unit != null) {
        return Long.parseLong(matcher.group(1)) * unit;
      }
    }
    mistake("a size such as 64 MiB (a number and one of B, KiB, MiB, GiB), or 0");
    return null;
  }

  /** A whole number from {@code least} to {@code most}. */
  @Nullable Long integer(long least, long most) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      BigDecimal number = new BigDecimal(scalar.getValue());
      if (number.compareTo(BigDecimal.valueOf(least)) >= 0
          && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
        return number.longValueExact();
      }
    }
    mistake("a whole number from " + least + " to " + most);
    return null;
  }

  /** A finite number other than 0. */
  @Nullable Double factor() {
    double number = number();
    if (Double.isFinite(number) && number != 0) {
      return number;
    }
    mistake("a number other than 0");
    return null;
  }

  /** A number that is finite as a float32. */
  @Nullable Float finite() {
    float number = (float) number();
    if (Float.isFinite(number)) {
      return number;
    }
    mistake("a finite number");
    return null;
  }

  /** A number that is finite as a float32, not rounded to one. */
  @Nullable Double real() {
    return finite() == null ? null : number();
  }

  /** A number strictly between 0 and 1. */
  @Nullable Double fraction() {
    double number = number();
    if (number > 0 && number < 1) {
      return number;
    }
    mistake("a number above 0 and below 1");
    return null;
  }

  /** The number that stands here; NaN for what is none. */
  private double number() {
    return node instanceof ScalarNode scalar
            && (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT))
            && !scalar.getValue().startsWith(".")
            && !scalar.getValue().startsWith("-.")
        ? Double.parseDouble(scalar.getValue())
        : Double.NaN;
  }

  /** A path, resolved against the folder of the pipeline file. */
  @Nullable Path file(Path directory) {
    String text = text("a path");
    if (text == null) {
      return null;
    }
    if (URI.matcher(text).lookingAt()) {
      mistake("a path in the file system, without a scheme");
      return null;
    }
    try {
      return directory.resolve(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      findings.mistake(
          path,
          "found " + Found.quoted(text) + ", expected a path: " + Found.oneLine(e.getReason()));
      return null;
    }
  }
}
