package io.unroll.local.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Skill as text, one line per series and one for the total. */
public final class SkillTable {
  private SkillTable() {}

  /**
   * The table.
   *
   * @param measure heading of the model's error
   * @param naive heading of the baseline's error
   * @param coverage whether to show the share of truths inside the interval
   * @param decimals of the errors
   */
  public static String of(
      Skill skill, String measure, String naive, boolean coverage, int decimals) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-10s %9s %20s %20s %7s%s",
            "series",
            "held out",
            measure,
            naive,
            "ratio",
            coverage ? "   90% covers" : ""));
    for (Map.Entry<String, Score> series : skill.perSeries().entrySet()) {
      lines.add(line(series.getKey(), series.getValue(), coverage, decimals));
    }
    lines.add(line("total", skill.total(), coverage, decimals));
    return String.join(System.lineSeparator(), lines);
  }

  private static String line(String name, Score score, boolean coverage, int decimals) {
    String number = "%20." + decimals + "f";
    return String.format(
        Locale.ROOT,
        "%-10s %,9d " + number + " " + number + " %7.3f%s",
        name,
        score.heldOutDays(),
        score.model(),
        score.naive(),
        score.ratio(),
        coverage ? String.format(Locale.ROOT, "%13.3f", score.coverage()) : "");
  }
}
