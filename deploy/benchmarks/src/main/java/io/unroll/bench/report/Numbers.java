package io.unroll.bench.report;

import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {
  private Numbers() {}

  /** Three significant digits or more, thousands with commas. */
  public static String text(double value) {
    double size = Math.abs(value);
    String format =
        size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A ratio as scripts read it. */
  public static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
