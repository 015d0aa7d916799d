package io.unroll.bench.table;

import io.unroll.bench.report.Numbers;
import io.unroll.bench.report.Samples;
import io.unroll.bench.report.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Cells of derived figures; {@code -} where one of their sources is missing. */
final class Cells {
  private static final String NOTHING = "-";

  private Cells() {}

  /** Adds a row of which something was measured. */
  static void row(TextTable table, List<String> cells) {
    if (cells.stream().skip(1).anyMatch(cell -> !cell.equals(NOTHING))) {
      table.row(cells);
    }
  }

  static String text(double value) {
    return Numbers.text(value);
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * value);
  }

  /** The quotient of two medians. */
  static String quotient(Optional<Samples> numerator, Optional<Samples> denominator) {
    return quotient(
        numerator.map(Samples::median), denominator.map(Samples::median), Numbers::text);
  }

  static String quotient(
      Optional<Double> numerator, Optional<Double> denominator, Function<Double, String> text) {
    return numerator
        .flatMap(above -> denominator.map(below -> text.apply(above / below)))
        .orElse(NOTHING);
  }
}
