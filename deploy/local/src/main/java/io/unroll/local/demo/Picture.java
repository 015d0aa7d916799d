package io.unroll.local.demo;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The demo as an SVG picture: temperatures of one city beside what came true and the naive
 * forecast, and the band of one index beside its returns, both over their last days.
 */
public final class Picture {
  private static final String CITY = "New York";
  private static final int CITY_DAYS = 75;
  private static final String INDEX = "DAX";
  private static final int INDEX_DAYS = 150;

  private static final String ACTUAL = "#808890";
  private static final String PREDICTED = "#2f81f7";
  private static final String NAIVE = "#db6d28";

  private Picture() {}

  /**
   * The picture.
   *
   * @param temperatures the evaluations of the weather pipeline
   * @param returns the evaluations of the indices pipeline
   * @param heldOut how many of the last returns of each series no model was trained on
   */
  public static String of(List<Pair> temperatures, List<Pair> returns, int heldOut) {
    String charts =
        city(temperatures).svg(0)
            + index(returns, Skill.constantQuantiles(returns, heldOut)).svg(Chart.HEIGHT);
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" font-family="sans-serif" \
        font-size="12" fill="#808890">
        %s</svg>
        """
        .formatted(Chart.WIDTH, 2 * Chart.HEIGHT, charts);
  }

  private static Chart city(List<Pair> temperatures) {
    List<Pair> pairs =
        last(
            CITY_DAYS,
            temperatures.stream()
                .filter(pair -> pair.series().equals(CITY) && pair.output().equals("temp_max"))
                .toList());
    return new Chart(CITY + ": next day's maximum temperature, °C", days(pairs), 0, 25, 5)
        .dashes("naive forecast: like today", NAIVE, values(pairs, Pair::persistence))
        .line("predicted", PREDICTED, values(pairs, Pair::predicted))
        .points("actual", ACTUAL, values(pairs, Pair::actual));
  }

  private static Chart index(List<Pair> returns, ConstantQuantiles constants) {
    List<Pair> lower = quantile(returns, Skill.LOWER);
    List<Pair> upper = quantile(returns, Skill.UPPER);
    return new Chart(INDEX + ": next day's return, %", days(lower), -4, 4, 2)
        .band(
            "predicted: 90 % band",
            PREDICTED, values(lower, Pair::predicted), values(upper, Pair::predicted))
        .dashes("naive forecast: constant quantiles", NAIVE, same(lower, constants.at(Skill.LOWER)))
        .dashes("", NAIVE, same(upper, constants.at(Skill.UPPER)))
        .points("actual", ACTUAL, values(lower, Pair::actual));
  }

  private static List<Pair> quantile(List<Pair> returns, double quantile) {
    return last(
        INDEX_DAYS,
        returns.stream()
            .filter(pair -> pair.series().equals(INDEX) && pair.quantile() == quantile)
            .toList());
  }

  private static List<Pair> last(int count, List<Pair> pairs) {
    List<Pair> inOrder = pairs.stream().sorted(Comparator.comparingLong(Pair::made)).toList();
    return inOrder.subList(Math.max(0, inOrder.size() - count), inOrder.size());
  }

  private static List<Long> days(List<Pair> pairs) {
    return pairs.stream().map(Pair::timestamp).toList();
  }

  private static List<Double> values(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    return pairs.stream().mapToDouble(value).boxed().toList();
  }

  private static List<Double> same(List<Pair> pairs, double value) {
    return Collections.nCopies(pairs.size(), value);
  }
}
