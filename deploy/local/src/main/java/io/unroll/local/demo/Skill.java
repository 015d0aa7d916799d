package io.unroll.local.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Skill on the held-out days, per series and in total.
 *
 * <p>A prediction is about the next observation of its series. The last one of a series has no
 * truth yet and is not scored.
 */
public final class Skill {
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

  /**
   * Mean absolute error of the next day's temp_max and temp_min, degrees C, against persistence
   * (tomorrow is as today).
   *
   * @param heldOut how many of the last days with a truth are scored
   */
  public static Skill weather(Path feedFile, List<Path> parts, int heldOut) throws IOException {
    Feed feed = Feed.read(feedFile, "temp_max", "temp_min");
    Predictions predictions = Predictions.read(parts, "temp_max", "temp_min");
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Map.Entry<String, List<Feed.Row>> series : feed.series().entrySet()) {
      List<Feed.Row> rows = series.getValue();
      Score score = score(scores, series.getKey(), predictions);
      for (int day = rows.size() - 1 - heldOut; day < rows.size() - 1; day++) {
        double[] predicted = prediction(predictions, series.getKey(), rows.get(day));
        double[] today = rows.get(day).values();
        double[] truth = rows.get(day + 1).values();
        score.heldOut();
        for (int i = 0; i < truth.length; i++) {
          score.error(Math.abs(predicted[i] - truth[i]), Math.abs(today[i] - truth[i]));
        }
      }
    }
    return new Skill(scores);
  }

  private static final double[] LEVELS = {0.05, 0.5, 0.95};

  /**
   * Pinball loss of the 5 %, 50 % and 95 % quantiles of the next day's percent log-return, and the
   * share of truths between the outer two, against the constant quantiles of the days before.
   *
   * @param heldOut how many of the last days with a truth are scored
   */
  public static Skill indices(Path feedFile, List<Path> parts, int heldOut) throws IOException {
    Feed feed = Feed.read(feedFile, "close");
    Predictions predictions = Predictions.read(parts, "q05", "q50", "q95");
    double[] constant = constantQuantiles(feed, heldOut);
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Map.Entry<String, List<Feed.Row>> series : feed.series().entrySet()) {
      List<Feed.Row> rows = series.getValue();
      Score score = score(scores, series.getKey(), predictions);
      for (int day = rows.size() - 1 - heldOut; day < rows.size() - 1; day++) {
        double[] predicted = prediction(predictions, series.getKey(), rows.get(day));
        double truth = percentReturn(rows, day + 1);
        score.heldOut();
        for (int i = 0; i < LEVELS.length; i++) {
          score.error(
              pinball(LEVELS[i], predicted[i], truth), pinball(LEVELS[i], constant[i], truth));
        }
        if (truth > predicted[0] && truth < predicted[2]) {
          score.covered();
        }
      }
    }
    return new Skill(scores);
  }

  private static Score score(Map<String, Score> scores, String series, Predictions predictions) {
    Score score = new Score();
    score.predictions(predictions.count(series));
    scores.put(series, score);
    return score;
  }

  private static double[] prediction(Predictions predictions, String series, Feed.Row row)
      throws IOException {
    double[] prediction = predictions.of(series).get(row.timestamp());
    if (prediction == null) {
      throw new IOException("no prediction for " + series + " at " + row.timestamp());
    }
    return prediction;
  }

  /** The model's targets before the held-out days begin at the second return, as in training. */
  private static double[] constantQuantiles(Feed feed, int heldOut) {
    List<Double> returns = new ArrayList<>();
    for (List<Feed.Row> rows : feed.series().values()) {
      for (int day = 2; day < rows.size() - heldOut; day++) {
        returns.add(percentReturn(rows, day));
      }
    }
    double[] sorted = returns.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double[] quantiles = new double[LEVELS.length];
    for (int i = 0; i < LEVELS.length; i++) {
      double place = LEVELS[i] * (sorted.length - 1);
      int below = (int) place;
      int above = Math.min(below + 1, sorted.length - 1);
      quantiles[i] = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
    return quantiles;
  }

  private static double percentReturn(List<Feed.Row> rows, int day) {
    return 100 * Math.log(rows.get(day).values()[0] / rows.get(day - 1).values()[0]);
  }

  private static double pinball(double level, double predicted, double truth) {
    return Math.max(level * (truth - predicted), (level - 1) * (truth - predicted));
  }
}
