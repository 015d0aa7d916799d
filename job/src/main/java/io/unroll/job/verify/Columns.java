package io.unroll.job.verify;

import io.unroll.connectors.file.CsvTable;
import io.unroll.connectors.format.csv.CsvLines;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table are what.
 *
 * @param series index of the column, or -1
 * @param step index of the column, or -1
 * @param timestamp index of the column, or -1
 * @param values indices, in the model's order
 * @param names of the values
 */
record Columns(int series, int step, int timestamp, List<Integer> values, List<String> names) {
  private static final String SERIES = "series";
  private static final String STEP = "step";
  private static final String TIMESTAMP = "timestamp";
  private static final Set<String> NO_VALUES = Set.of(SERIES, STEP, TIMESTAMP);

  /**
   * Finds the columns: by the model's names, else what is neither series, step nor timestamp, in
   * its order; outputs that are named as a pipeline numbers them, by their numbers.
   *
   * @param what {@code features} or {@code outputs}
   * @param wanted the model's own names, or empty
   * @param byNameOnly false: without any of the names the order counts
   */
  static Columns of(CsvTable table, String what, List<String> wanted, int size, boolean byNameOnly)
      throws UnfitException {
    List<String> header = table.header();
    checkSeparator(table, wanted);
    List<String> names = wanted;
    if (wanted.isEmpty() || (!byNameOnly && wanted.stream().noneMatch(header::contains))) {
      names = header.stream().filter(name -> !NO_VALUES.contains(name)).toList();
      if (names.size() != size) {
        throw new UnfitException(
            "%s: found %d column%s for the %s (%s), expected %d%s"
                .formatted(
                    table.place(),
                    names.size(),
                    names.size() == 1 ? "" : "s",
                    what,
                    String.join(", ", names),
                    size,
                    header.get(0).isBlank()
                        ? "; the first column has no name: if it is the index of pandas, write it"
                            + " with index=False"
                        : ""));
      }
      List<String> numbered = IntStream.range(0, size).mapToObj(i -> "y" + i).toList();
      if (!byNameOnly && names.containsAll(numbered)) {
        names = numbered;
      }
    }
    List<Integer> values = new ArrayList<>();
    for (String name : names) {
      if (!header.contains(name)) {
        throw new UnfitException(
            "%s: found no column '%s' among %s, expected the model's %s %s"
                .formatted(
                    table.place(),
                    name,
                    String.join(", ", header),
                    what,
                    String.join(", ", wanted)));
      }
      values.add(header.indexOf(name));
    }
    return new Columns(
        names.contains(SERIES) ? -1 : header.indexOf(SERIES),
        names.contains(STEP) ? -1 : header.indexOf(STEP),
        names.contains(TIMESTAMP) ? -1 : header.indexOf(TIMESTAMP),
        List.copyOf(values),
        List.copyOf(names));
  }

  private static void checkSeparator(CsvTable table, List<String> wanted) throws UnfitException {
    String first = table.header().get(0);
    boolean other = first.contains(";") || first.contains("\t");
    if (table.header().size() == 1 && other && !wanted.contains(first)) {
      throw new UnfitException(
          "%s: found one column '%s', expected a comma as separator"
              .formatted(table.place(), first.replace("\t", "\\t")));
    }
  }

  /** The series of a row; {@code instead} without such a column. */
  String series(List<String> row, CsvTable table, String instead) throws UnfitException {
    if (series < 0) {
      return instead;
    }
    String name = row.get(series);
    if (name.isBlank()) {
      throw new UnfitException(
          table.place() + ": column 'series': found nothing, expected the name of a series");
    }
    return name;
  }

  /** Checks the step that a row says it is, if it says so. */
  void checkStep(List<String> row, String place, long expected) throws UnfitException {
    if (step >= 0 && !row.get(step).strip().equals(Long.toString(expected))) {
      throw new UnfitException(
          "%s: column 'step': found '%s', expected %d".formatted(place, row.get(step), expected));
    }
  }

  /** The timestamp of a row as it is written; null without such a column. */
  @Nullable String timestamp(List<String> row) {
    return timestamp < 0 ? null : row.get(timestamp).strip();
  }

  /** Checks the timestamp of a row against the one of its input, if both say theirs. */
  void checkTimestamp(
      List<String> row, String place, @Nullable String expected, String expectedPlace)
      throws UnfitException {
    String found = timestamp(row);
    if (found != null && expected != null && !sameTime(found, expected)) {
      throw new UnfitException(
          "%s: column 'timestamp': found '%s', expected '%s' as %s"
              .formatted(place, found, expected, expectedPlace));
    }
  }

  /** Numbers count, not how they are written: Python turns 5 into 5.0 beside an empty cell. */
  private static boolean sameTime(String a, String b) {
    if (a.equals(b) || !CsvLines.isNumber(a) || !CsvLines.isNumber(b)) {
      return a.equals(b);
    }
    boolean power = (a + b).toLowerCase(Locale.ROOT).contains("e");
    return power // of any size, so no BigDecimal
        ? Double.parseDouble(a) == Double.parseDouble(b)
        : new BigDecimal(a).compareTo(new BigDecimal(b)) == 0;
  }

  /** The values of a row, in the model's order; null if there is none and there need not be. */
  float @Nullable [] values(List<String> row, CsvTable table, boolean required)
      throws UnfitException {
    if (!required && values.stream().allMatch(column -> row.get(column).isBlank())) {
      return null;
    }
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      String text = row.get(values.get(i)).strip();
      Float number = number(text);
      if (number == null) {
        throw new UnfitException(
            "%s: column '%s': found %s, expected a number"
                .formatted(
                    table.place(), names.get(i), text.isEmpty() ? "nothing" : "'" + text + "'"));
      }
      numbers[i] = number;
    }
    return numbers;
  }

  /** A number, or what Python writes for one that is none; null for anything else. */
  private static @Nullable Float number(String text) {
    if (CsvLines.isNumber(text)) {
      return (float) Double.parseDouble(text);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "-nan" -> Float.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Float.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Float.NEGATIVE_INFINITY;
      default -> null;
    };
  }
}
