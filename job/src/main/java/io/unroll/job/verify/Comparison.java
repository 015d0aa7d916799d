package io.unroll.job.verify;

import io.unroll.job.verify.Case.Step;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The differences of one way to serve a model. A difference is absolute up to 1 and relative above:
 * {@code |found - expected| / max(1, |expected|)}.
 */
public final class Comparison {
  private static final int REJECTED_SHOWN = 5;

  private final int window;
  private final double tolerance;
  private final List<String> outputNames;

  private long compared;
  private double largest = -1;
  private String at = "";
  private String values = "";
  private @Nullable String firstSeries;
  private long firstStep;
  private long rejected;
  private final List<String> rejections = new ArrayList<>();

  Comparison(int window, double tolerance, List<String> outputNames) {
    this.window = window;
    this.tolerance = tolerance;
    this.outputNames = List.copyOf(outputNames);
  }

  /**
   * Takes a step's output.
   *
   * @param found (outputs), or null where the stream gives none
   */
  void add(String series, long step, float[] expected, float @Nullable [] found) {
    compared++;
    boolean differs = false;
    for (int i = 0; i < expected.length; i++) {
      double difference = found == null ? withoutOutput(expected[i]) : of(expected[i], found[i]);
      differs |= !(difference <= tolerance);
      if (difference > largest) {
        largest = difference;
        at = Case.at(series, step) + ", output " + outputNames.get(i);
        values =
            "found %s, expected %s".formatted(found == null ? "no output" : found[i], expected[i]);
      }
    }
    if (differs && firstSeries == null) {
      firstSeries = series;
      firstStep = step;
    }
  }

  /** Without an output only what is no number either is as expected. */
  private static double withoutOutput(float expected) {
    return Float.isFinite(expected) ? Double.POSITIVE_INFINITY : 0;
  }

  static double of(float expected, float found) {
    double difference =
        Math.abs((double) found - expected) / Math.max(1, Math.abs((double) expected));
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  /** Takes an input that the stream rejects. */
  void reject(Step step, String reason) {
    rejected++;
    if (rejections.size() < REJECTED_SHOWN) {
      rejections.add(
          "%s (%s): %s".formatted(step.place(), Case.at(step.series(), step.index()), reason));
    }
  }

  /** Inputs that each step ran, 0 for a stateful model. */
  public int window() {
    return window;
  }

  /** Steps compared. */
  public long compared() {
    return compared;
  }

  /** Inputs that the stream rejects. */
  public long rejected() {
    return rejected;
  }

  /** The first of them, with their places and reasons. */
  public List<String> rejections() {
    return List.copyOf(rejections);
  }

  /** True if every difference is within the tolerance. */
  public boolean equal() {
    return firstSeries == null;
  }

  /** The series of the first step that is not as expected; null if all are. */
  @Nullable String firstSeries() {
    return firstSeries;
  }

  long firstStep() {
    return firstStep;
  }

  /** The verdict in one sentence. */
  public String sentence() {
    if (Double.isInfinite(largest)) {
      return "no number to compare with at %s: NOT equal (%s)".formatted(at, values);
    }
    return "largest difference to expected %s at %s: %s within %s%s"
        .formatted(
            number(largest),
            at,
            equal() ? "equal" : "NOT equal",
            number(tolerance),
            equal() ? "" : " (" + values + ")");
  }

  /** Two digits of a finite number: {@code 3e-7}, {@code 0.12}, {@code 0}. */
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(2)).stripTrailingZeros();
    if (value >= 1e-3 && value < 1e6) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return String.format(Locale.ROOT, "%se%d", mantissa, exponent);
  }
}
