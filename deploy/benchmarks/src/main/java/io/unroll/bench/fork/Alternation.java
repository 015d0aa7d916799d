package io.unroll.bench.fork;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rows in turns, A B C A B C: what changes on the machine meanwhile (clock, neighbours) meets all
 * of them alike.
 */
public final class Alternation {
  private Alternation() {}

  /**
   * Measures every row as often as it says. A row that fails is left out from then on.
   *
   * @param progress one line per measurement
   */
  public static Results run(List<Arm> arms, PrintWriter progress) throws InterruptedException {
    Results results = new Results();
    int rounds = arms.stream().mapToInt(Arm::forks).max().orElse(0);
    int total = arms.stream().mapToInt(Arm::forks).sum();
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      for (Arm arm : arms) {
        if (round >= arm.forks()) {
          continue;
        }
        done++;
        if (results.failures().containsKey(arm.name())) {
          continue;
        }
        progress.print("[" + done + "/" + total + "] " + arm.name() + ": ");
        progress.flush();
        try {
          Map<String, Double> figures = arm.run().run();
          results.add(arm.name(), figures);
          progress.println(text(figures));
        } catch (MeasurementException e) {
          results.fail(arm.name(), String.valueOf(e.getMessage()));
          progress.println("failed: " + e.getMessage());
        }
        progress.flush();
      }
    }
    return results;
  }

  private static String text(Map<String, Double> figures) {
    Map<String, String> texts = new LinkedHashMap<>();
    figures.forEach((name, value) -> texts.put(name, String.format(Locale.ROOT, "%.4g", value)));
    return texts.toString();
  }
}
