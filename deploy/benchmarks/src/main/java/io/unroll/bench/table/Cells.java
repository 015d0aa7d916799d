package io.unroll.bench.table;

import io.unroll.bench.report.Numbers;
import io.unroll.bench.report.Samples;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Cells of derived figures; {@code -} where one of their sources is missing. */
final class Cells {
  private Cells() {}

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
        .orElse("-");
  }
}
