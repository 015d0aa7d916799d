package io.unroll.connectors.format;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the series, which is the key, from the values of a record's fields. Several parts are
 * joined so that no two keys meet. Not safe to share between threads.
 */
final class SeriesReader {
  private static final String SERIES = "a series";

  private final Part[] parts;

  /** The series of all records; null if fields name it. */
  private final @Nullable String constant;

  /**
   * A part.
   *
   * @param text of a constant; null for a field
   * @param slot of a field's value
   * @param pattern that picks the part out of it; null for all of it
   */
  private record Part(
      @Nullable String text, @Nullable FieldPath field, int slot, @Nullable Matcher pattern) {

    String of(Value[] values) throws Unreadable {
      if (text != null || field == null) {
        return text == null ? "" : text;
      }
      String label = FieldReader.label(values[slot], field, SERIES);
      return pattern == null ? label : picked(label, field, pattern);
    }

    private static String picked(String label, FieldPath field, Matcher pattern) throws Unreadable {
      // The longer the text, the deeper a pattern may have to go.
      FieldReader.require(field.text(), label, FieldReader.LONGEST_SERIES);
      boolean matches = pattern.reset(label).matches();
      String group = matches ? pattern.group(1) : null;
      if (group == null || group.isEmpty()) {
        throw new Unreadable(
            field
                + ": expected a text that matches "
                + pattern.pattern()
                + (matches ? ", with something in its group" : "")
                + ", found \""
                + Text.cut(label)
                + '"');
      }
      return group;
    }
  }

  /**
   * @param slotOf where the value of a field is
   */
  SeriesReader(List<SeriesPart> series, ToIntFunction<FieldPath> slotOf) {
    parts = series.stream().map(part -> part(part, slotOf)).toArray(Part[]::new);
    constant =
        series.stream().allMatch(SeriesPart.Constant.class::isInstance)
            ? joined(series.stream().map(part -> ((SeriesPart.Constant) part).value()).toList())
            : null;
  }

  private static Part part(SeriesPart part, ToIntFunction<FieldPath> slotOf) {
    if (part instanceof SeriesPart.Constant constant) {
      return new Part(constant.value(), null, -1, null);
    }
    SeriesPart.Field field = (SeriesPart.Field) part;
    String pattern = field.pattern();
    return new Part(
        null,
        field.field(),
        slotOf.applyAsInt(field.field()),
        pattern == null ? null : Pattern.compile(pattern).matcher(""));
  }

  /** The slots of its fields. */
  int[] slots() {
    return Arrays.stream(parts).mapToInt(Part::slot).filter(slot -> slot >= 0).toArray();
  }

  /** The key. */
  String read(Value[] values) throws Unreadable {
    if (constant != null) {
      return constant;
    }
    String series = parts.length == 1 ? parts[0].of(values) : joined(values);
    FieldReader.require("series", series, FieldReader.LONGEST_SERIES);
    return series;
  }

  private String joined(Value[] values) throws Unreadable {
    StringBuilder joined = new StringBuilder();
    for (Part part : parts) {
      append(joined, part.of(values));
    }
    return joined.toString();
  }

  private static String joined(List<String> texts) {
    if (texts.size() == 1) {
      return texts.get(0);
    }
    StringBuilder joined = new StringBuilder();
    texts.forEach(text -> append(joined, text));
    return joined.toString();
  }

  private static void append(StringBuilder joined, String part) {
    if (!joined.isEmpty()) { // no part is empty
      joined.append('|');
    }
    joined.append(part.replace("\\", "\\\\").replace("|", "\\|"));
  }
}
