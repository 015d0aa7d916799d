package io.unroll.job.pipeline;

import io.unroll.job.describe.Durations;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Spelling;
import io.unroll.job.describe.Type;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param schema its name in {@link PipelineKeys}
 */
record Value(Findings findings, String path, String schema, Node node) {
  /** What a zone reads. */

  /** What a time reads. */
  private static final Pattern DURATION = Pattern.compile("(\\d{1,18})\\s*(ms|s|min|h|d)");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KiB|MiB|GiB)");
  private static final Map<String, Long> SIZES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  /** A bound is exact in the records' milliseconds, with room for sums. */
  private static final Instant EARLIEST = Instant.parse("-9999-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final Pattern TIME_OF_DAY =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?");
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Reports that this was found where something else was expected. */
  void mistake(String expected) {
    findings.mistake(path, "found " + Nodes.describe(node) + ", expected " + expected);
  }

  @Nullable Section section() {
    if (node instanceof MappingNode map) {
      return new Section(findings, path, schema, map);
    }
    mistake(
        PipelineKeys.keysOf(schema).isEmpty()
            ? "a map"
            : "a map with " + String.join(", ", PipelineKeys.keysOf(schema)));
    return null;
  }

  /** A non-empty text; a number or boolean must be quoted to be one. */
  @Nullable String text(String expected) {
    if (node instanceof ScalarNode scalar && Nodes.isText(scalar)) {
      if (!scalar.getValue().isBlank()) {
        return scalar.getValue();
      }
      findings.mistake(path, "found an empty text, expected " + expected);
      return null;
    }
    boolean literal = node instanceof ScalarNode scalar && Nodes.isLiteral(scalar);
    findings.mistake(
        path,
        "found "
            + Nodes.describe(node)
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
    return node instanceof ScalarNode scalar && (Nodes.isText(scalar) || Nodes.isLiteral(scalar));
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

  /** This value alone, as an item of a list that it stands for. */
  Value asItem() {
    return new Value(findings, path, schema + "[]", node);
  }

  /** The items of a list, or this value alone. */
  List<Value> oneOrMore(String expected) {
    return isList() ? items(expected) : List.of(this);
  }

  /**
   * What a key takes.
   *
   * @return null when it is something else, which has been reported
   */
  @SuppressWarnings("unchecked") // each type is read as what it is a type of
  <T> @Nullable T read(Type<T> type) {
    return (T) parse(type);
  }

  private @Nullable Object parse(Type<?> type) {
    if (type instanceof Type.Span span) {
      return duration(span);
    } else if (type instanceof Type.Unit) {
      return unit();
    } else if (type instanceof Type.Whole whole) {
      return integer(whole);
    } else if (type instanceof Type.Real real) {
      return real(real);
    } else if (type instanceof Type.Word<?> word) {
      return word(word);
    } else if (type instanceof Type.Sign sign) {
      return sign(sign);
    } else if (type instanceof Type.Text text) {
      return text(text.expected());
    } else if (type instanceof Type.Zone) {
      return zone();
    } else if (type instanceof Type.TimeOfDay) {
      return timeOfDay();
    } else if (type instanceof Type.Size) {
      return bytes();
    } else if (type instanceof Type.Moment) {
      return instant();
    } else if (type instanceof Type.File) {
      return file();
    }
    throw new IllegalArgumentException(schema + " is read by its section");
  }

  /** One of some words; what it means. */
  private <T> @Nullable T word(Type.Word<T> word) {
    String found = word(word.labels(), word.later());
    return found == null ? null : word.values().get(found);
  }

  /** One of {@code words}. */
  @Nullable String word(List<String> words) {
    return word(words, Set.of());
  }

  private @Nullable String word(List<String> words, Set<String> later) {
    String found = node instanceof ScalarNode scalar ? scalar.getValue() : null;
    if (found != null && words.contains(found)) {
      return found;
    }
    if (found != null && later.contains(found)) {
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

  /** A word for a sign, or the sign itself. */
  private @Nullable Character sign(Type.Sign sign) {
    String text =
        node instanceof ScalarNode scalar && Nodes.isText(scalar) ? scalar.getValue() : "";
    Character known = sign.known().get(text);
    if (known != null) {
      return known;
    }
    if (text.length() != 1) {
      mistake(sign.expected());
      return null;
    }
    return fitting(sign, text.charAt(0));
  }

  /** A number and a unit. */
  private @Nullable Duration duration(Type.Span span) {
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (!(node instanceof ScalarNode scalar && Nodes.isText(scalar))) {
      mistake("a duration such as 5 min");
      return null;
    }
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      mistake("a duration such as 5 min (a number and one of ms, s, min, h, d)");
      return null;
    }
    Duration unit = Durations.unit(matcher.group(2));
    long count = Long.parseLong(matcher.group(1));
    if (unit == null || count > span.most().toMillis() / unit.toMillis()) {
      mistake(span.atMost());
      return null;
    }
    return fitting(span, unit.multipliedBy(count));
  }

  /** A value within its bounds; null for another, which is reported. */
  private <T> @Nullable T fitting(Type<T> type, @Nullable T value) {
    String expected = value == null ? null : type.refusal(value);
    if (expected == null) {
      return value;
    }
    mistake(expected);
    return null;
  }

  /** A unit of time. */
  private @Nullable Duration unit() {
    String word = word(Durations.UNITS);
    return word == null ? null : Durations.unit(word);
  }

  /** A time zone by its name, or an offset. */
  private @Nullable ZoneId zone() {
    String text = text(Type.Zone.EXPECTED);
    if (text == null) {
      return null;
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      mistake(Type.Zone.EXPECTED + Found.didYouMean(Spelling.zone(text)));
      return null;
    }
  }

  /** A time of day, to the second. */
  private @Nullable LocalTime timeOfDay() {
    String text = text(Type.TimeOfDay.EXPECTED);
    if (text == null) {
      return null;
    }
    if (!TIME_OF_DAY.matcher(text).matches()) {
      mistake(Type.TimeOfDay.EXPECTED);
      return null;
    }
    return LocalTime.parse(text);
  }

  /** A number and a unit, in bytes; 0 needs no unit. */
  private @Nullable Long bytes() {
    if (node instanceof ScalarNode scalar) {
      if (scalar.getTag().equals(Tag.INT) && scalar.getValue().equals("0")) {
        return 0L;
      }
      Matcher matcher = SIZE.matcher(scalar.getValue().strip());
      Long unit = Nodes.isText(scalar) && matcher.matches() ? SIZES.get(matcher.group(2)) : null;
      if (unit != null) {
        return Long.parseLong(matcher.group(1)) * unit;
      }
    }
    mistake(Type.Size.EXPECTED);
    return null;
  }

  /** A whole number within bounds. */
  private @Nullable Long integer(Type.Whole whole) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      BigDecimal number = new BigDecimal(scalar.getValue());
      if (number.compareTo(BigDecimal.valueOf(whole.least())) >= 0
          && number.compareTo(BigDecimal.valueOf(whole.most())) <= 0) {
        return number.longValueExact();
      }
    }
    mistake(whole.expected());
    return null;
  }

  /** A number, not rounded to a float32. */
  private @Nullable Double real(Type.Real real) {
    return fitting(real, number());
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
  private @Nullable Path file() {
    String text = text("a path");
    if (text == null) {
      return null;
    }
    if (URI.matcher(text).lookingAt()) {
      mistake("a path in the file system, without a scheme");
      return null;
    }
    try {
      return findings.directory().resolve(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      findings.mistake(
          path,
          "found " + Found.quoted(text) + ", expected a path: " + Found.oneLine(e.getReason()));
      return null;
    }
  }

  /** A date (its first moment in UTC) or an instant, where milliseconds can hold it. */
  private @Nullable Instant instant() {
    String expected = "a date such as 2000-01-01 or an instant such as 2000-01-01T00:00:00Z";
    String text = text(expected);
    if (text == null) {
      return null;
    }
    try {
      Instant instant =
          text.contains("T")
              ? Instant.parse(text)
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
        return instant;
      }
    } catch (DateTimeException e) {
      mistake(expected);
      return null;
    }
    mistake(expected + ", between " + EARLIEST + " and " + LATEST);
    return null;
  }
}
