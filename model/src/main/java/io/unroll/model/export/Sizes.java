package io.unroll.model.export;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extents that are known when the file runs: steps and series of the input. */
final class Sizes {
  private final Sheet sheet;
  private final String input;
  private final int batch;
  private @Nullable String stepsAndSeries;
  private @Nullable String series;

  /**
   * @param input a value that has them
   * @param batch its axis of series; that of steps, where there is one, is in front of it
   */
  Sizes(Sheet sheet, String input, int batch) {
    this.sheet = sheet;
    this.input = input;
    this.batch = batch;
  }

  /** The shape (steps, batch, width), or (batch, width). */
  String of(boolean everyStep, int width) {
    String outer = everyStep ? stepsAndSeries() : series();
    return sheet.node(
        "Concat",
        everyStep ? "rows_of_" + width : "last_rows_of_" + width,
        List.of(outer, sheet.longs(width)),
        Sheet.attribute("axis", 0));
  }

  /** The shape (1, batch, width). */
  String oneStep(int width) {
    return sheet.node(
        "Concat",
        "state_of_" + width,
        List.of(sheet.longs(1), series(), sheet.longs(width)),
        Sheet.attribute("axis", 0));
  }

  private String stepsAndSeries() {
    String known = stepsAndSeries;
    if (known == null) {
      known =
          sheet.node(
              "Shape",
              "steps_and_series",
              List.of(input),
              Sheet.attribute("start", 0),
              Sheet.attribute("end", 2));
      stepsAndSeries = known;
    }
    return known;
  }

  private String series() {
    String known = series;
    if (known == null) {
      known =
          sheet.node(
              "Shape",
              "series",
              List.of(input),
              Sheet.attribute("start", batch),
              Sheet.attribute("end", batch + 1));
      series = known;
    }
    return known;
  }
}
