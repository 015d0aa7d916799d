package io.unroll.bench.fork;

import io.unroll.bench.report.Report;
import io.unroll.bench.report.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the rows' forks said. */
public final class Results {
  private final Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();

  void add(String row, Map<String, Double> figures) {
    Map<String, List<Double>> ofRow = measured.computeIfAbsent(row, r -> new LinkedHashMap<>());
    figures.forEach(
        (figure, value) -> ofRow.computeIfAbsent(figure, f -> new ArrayList<>()).add(value));
  }

  void fail(String row, String why) {
    failures.put(row, why);
  }

  /** Rows of which a fork failed, and why. */
  public Map<String, String> failures() {
    return Collections.unmodifiableMap(failures);
  }

  /**
   * A figure of a row; empty where the row was not measured, has no such figure or failed: what the
   * forks before the failure said is of fewer rounds than the others' figures, and stands in the
   * report's JSON only.
   */
  public Optional<Samples> samples(String row, String figure) {
    if (failures.containsKey(row)) {
      return Optional.empty();
    }
    return Optional.ofNullable(measured.get(row))
        .map(figures -> figures.get(figure))
        .map(Samples::of);
  }

  /** A figure as a cell, scaled; {@code failed} where the row failed, {@code -} where it is not. */
  public String cell(String row, String figure, UnaryOperator<Double> scale) {
    return samples(row, figure)
        .map(samples -> Samples.of(samples.values().stream().map(scale).toList()).text())
        .orElse(failures.containsKey(row) ? "failed" : "-");
  }

  public String cell(String row, String figure) {
    return cell(row, figure, value -> value);
  }

  /** {@code numerator ÷ denominator}, where both were measured and neither failed. */
  public void ratio(
      Report report, String ratio, String numeratorRow, String denominatorRow, String figure) {
    Optional<Samples> numerator = samples(numeratorRow, figure);
    Optional<Samples> denominator = samples(denominatorRow, figure);
    if (numerator.isPresent() && denominator.isPresent()) {
      report.ratio(ratio, numerator.get(), denominator.get());
    }
  }

  /** Hands everything to the report's JSON. */
  public void into(Report report) {
    measured.forEach(report::measured);
    failures.forEach(report::failed);
  }
}
