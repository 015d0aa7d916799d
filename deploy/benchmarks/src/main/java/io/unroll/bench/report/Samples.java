package io.unroll.bench.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * One figure of several forked JVMs.
 *
 * @param values in the order in which they were measured; one at least
 */
public record Samples(List<Double> values) {

  public Samples {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("samples: found none, expected one or more");
    }
  }

  public static Samples of(Collection<Double> values) {
    return new Samples(List.copyOf(values));
  }

  /** The middle value; of an even number the mean of the two in the middle. */
  public double median() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  public double min() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  public double max() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** The median, and where there is more than one value the lowest and the highest. */
  public String text() {
    return values.size() == 1
        ? Numbers.text(median())
        : Numbers.text(median()) + " (" + Numbers.text(min()) + "-" + Numbers.text(max()) + ")";
  }
}
