package io.unroll.local.demo;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * A chart over days as a part of an SVG picture: bands, lines and points in the order in which they
 * are added, then axes and a legend. Its colours can be read on white and on black. Coordinates
 * have one decimal, so equal numbers give equal bytes.
 */
final class Chart {
  static final int WIDTH = 820;
  static final int HEIGHT = 270;

  private static final int LEFT = 44;
  private static final int RIGHT = WIDTH - 16;
  private static final int TOP = 56;
  private static final int BOTTOM = HEIGHT - 30;
  private static final int DATES = 6;

  private final String title;
  private final List<Long> days;
  private final double low;
  private final double high;
  private final double tick;
  private final StringBuilder marks = new StringBuilder();
  private final StringBuilder legend = new StringBuilder();
  private double nextLegend = LEFT;

  /**
   * An empty chart.
   *
   * @param days epoch milliseconds, one for each value of what is drawn
   * @param low the lowest value of the axis, in the unit of the values
   * @param high the highest
   * @param tick distance of the axis' marks from {@code low} on
   */
  Chart(String title, List<Long> days, double low, double high, double tick) {
    this.title = title;
    this.days = days;
    this.low = low;
    this.high = high;
    this.tick = tick;
  }

  /** Fills what lies between two values of each day. */
  Chart band(String name, String colour, List<Double> lower, List<Double> upper) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < upper.size(); i++) {
      points.append(point(i, upper.get(i))).append(' ');
    }
    for (int i = lower.size() - 1; i >= 0; i--) {
      points.append(point(i, lower.get(i))).append(' ');
    }
    marks.append(
        "<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.25\"/>\n"
            .formatted(points.toString().strip(), colour));
    return named(name, "fill=\"%s\" fill-opacity=\"0.25\"".formatted(colour), 10);
  }

  /** A line through the values. */
  Chart line(String name, String colour, List<Double> values) {
    return line(name, colour, "", values);
  }

  /** A broken line through the values. */
  Chart dashes(String name, String colour, List<Double> values) {
    return line(name, colour, " stroke-dasharray=\"5 4\"", values);
  }

  private Chart line(String name, String colour, String dashes, List<Double> values) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      points.append(point(i, values.get(i))).append(' ');
    }
    marks.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"%s/>\n"
            .formatted(points.toString().strip(), colour, dashes));
    return name.isEmpty() ? this : named(name, "fill=\"%s\"".formatted(colour), 3);
  }

  /** A point for each value. */
  Chart points(String name, String colour, List<Double> values) {
    for (int i = 0; i < values.size(); i++) {
      marks.append(
          "<circle cx=\"%s\" cy=\"%s\" r=\"2.6\" fill=\"%s\"/>\n"
              .formatted(number(x(i)), number(y(values.get(i))), colour));
    }
    return named(
        name,
        "<circle cx=\"%s\" cy=\"36\" r=\"2.6\" fill=\"%s\"/>\n"
            .formatted(number(nextLegend + 8), colour));
  }

  private Chart named(String name, String fill, int height) {
    return named(
        name,
        "<rect x=\"%s\" y=\"%s\" width=\"16\" height=\"%s\" %s/>\n"
            .formatted(number(nextLegend), number(36 - height / 2.0), height, fill));
  }

  private Chart named(String name, String mark) {
    legend.append(mark);
    legend.append("<text x=\"%s\" y=\"40\">%s</text>\n".formatted(number(nextLegend + 22), name));
    nextLegend += 22 + 6.6 * name.length() + 18;
    return this;
  }

  /**
   * The chart as an SVG group.
   *
   * @param top where it begins, in the picture's pixels
   */
  String svg(int top) {
    StringBuilder svg = new StringBuilder("<g transform=\"translate(0 %s)\">\n".formatted(top));
    svg.append("<text x=\"%s\" y=\"18\" font-weight=\"bold\">%s</text>\n".formatted(LEFT, title));
    svg.append(legend);
    for (int i = 0; low + i * tick <= high; i++) {
      double value = low + i * tick;
      svg.append(
          "<path d=\"M%s %sH%s\" stroke=\"#808080\" stroke-opacity=\"0.35\"/>\n"
              .formatted(LEFT, number(y(value)), RIGHT));
      svg.append(
          "<text x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text>\n"
              .formatted(
                  LEFT - 6, number(y(value) + 4), String.format(Locale.ROOT, "%.0f", value)));
    }
    for (int i = 0; i < DATES; i++) {
      int day = i * (days.size() - 1) / (DATES - 1);
      String anchor = i == 0 ? "start" : i == DATES - 1 ? "end" : "middle";
      svg.append(
          "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
              .formatted(number(x(day)), BOTTOM + 20, anchor, date(days.get(day))));
    }
    return svg.append(marks).append("</g>\n").toString();
  }

  private String point(int day, double value) {
    return number(x(day)) + "," + number(y(value));
  }

  private double x(int day) {
    return LEFT + (double) day * (RIGHT - LEFT) / (days.size() - 1);
  }

  private double y(double value) {
    return BOTTOM - (value - low) * (BOTTOM - TOP) / (high - low);
  }

  private static String date(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
