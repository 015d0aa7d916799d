package io.unroll.local.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Skill on the held-out days, per series and in total, from the job's own evaluations. */
public final class Skill {
  static final double LOWER = 0.05;
  static final double UPPER = 0.95;

  private final Map<String, Score> perSeries;
  private final Score total = new Score();

  private Skill(Map<String, Score> perSeries) {
    this.perSeries = perSeries;
    perSeries.values().forEach(total::add);
  }

  Map<String, Score> perSeries() {
    return perSeries;
  }

  Score total() {
    return total;
  }

  /** Mean absolute error against persistence: tomorrow is as today. */
  public static Skill ofValues(List<Pair> pairs) {
    Map<String, Score> scores = new TreeMap<>();
    byPrediction(pairs)
        .forEach(
            (series, predictions) -> {
              Score score = scores.computeIfAbsent(series, unused -> new Score());
              for (List<Pair> outputs : predictions) {
                score.heldOut();
                outputs.forEach(pair -> score.error(pair.error(), pair.persistenceError()));
              }
            });
    return new Skill(scores);
  }

  /**
   * Pinball loss of quantiles against the constant quantiles of the days before, and the share of
   * truths between the outermost.
   *
   * @param heldOut how many of the last predictions of each series are scored
   */
  public static Skill ofQuantiles(List<Pair> pairs, int heldOut) {
    Map<String, List<List<Pair>>> predictions = byPrediction(pairs);
    ConstantQuantiles constants = ConstantQuantiles.before(predictions.values(), heldOut);
    Map<String, Score> scores = new TreeMap<>();
    predictions.forEach(
        (series, all) -> {
          Score score = scores.computeIfAbsent(series, unused -> new Score());
          for (List<Pair> outputs : all.subList(all.size() - heldOut, all.size())) {
            score.heldOut();
            for (Pair pair : outputs) {
              score.error(
                  pair.pinball(pair.predicted()), pair.pinball(constants.at(pair.quantile())));
            }
            if (at(LOWER, outputs).predicted() < outputs.get(0).actual()
                && outputs.get(0).actual() < at(UPPER, outputs).predicted()) {
              score.covered();
            }
          }
        });
    return new Skill(scores);
  }

  /** The naive forecast that {@link #ofQuantiles} compares with. */
  static ConstantQuantiles constantQuantiles(List<Pair> pairs, int heldOut) {
    return ConstantQuantiles.before(byPrediction(pairs).values(), heldOut);
  }

  /** Per series its predictions in order of time, each with its outputs. */
  private static Map<String, List<List<Pair>>> byPrediction(List<Pair> pairs) {
    Map<String, List<List<Pair>>> bySeries = new TreeMap<>();
    pairs.stream()
        .collect(Collectors.groupingBy(Pair::input))
        .values()
        .forEach(
            outputs ->
                bySeries
                    .computeIfAbsent(outputs.get(0).series(), unused -> new ArrayList<>())
                    .add(outputs));
    bySeries
        .values()
        .forEach(all -> all.sort(Comparator.comparingLong(outputs -> outputs.get(0).made())));
    return bySeries;
  }

  private static Pair at(double quantile, List<Pair> outputs) {
    return Objects.requireNonNull(
        outputs.stream().filter(pair -> pair.quantile() == quantile).findFirst().orElse(null),
        () -> "a prediction without the quantile " + quantile);
  }
}
