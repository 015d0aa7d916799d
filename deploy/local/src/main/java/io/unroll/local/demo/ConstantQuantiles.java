package io.unroll.local.demo;

import java.util.Collection;
import java.util.List;

/** The naive forecast of a quantile: that of all truths before the held-out days. */
final class ConstantQuantiles {
  private final double[] sorted;

  private ConstantQuantiles(double[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Of all series together.
   *
   * @param series the predictions of each series in order of time, each with its outputs
   * @param heldOut how many of the last predictions of each series do not count
   */
  static ConstantQuantiles before(Collection<List<List<Pair>>> series, int heldOut) {
    return new ConstantQuantiles(
        series.stream()
            .flatMap(all -> all.subList(0, all.size() - heldOut).stream())
            .mapToDouble(outputs -> outputs.get(0).actual())
            .sorted()
            .toArray());
  }

  /** The quantile, between the two truths nearest to it. */
  double at(double level) {
    double place = level * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
