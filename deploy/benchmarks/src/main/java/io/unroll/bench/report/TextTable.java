package io.unroll.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table for people: the first column to the left, the others to the right. */
public final class TextTable {
  private final String title;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String title, List<String> columns) {
    this.title = title;
    this.columns = List.copyOf(columns);
  }

  /** Adds a row of as many cells as there are columns. */
  public void row(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          title + ": a row of " + cells.size() + " cells, expected " + columns.size());
    }
    rows.add(List.copyOf(cells));
  }

  public String title() {
    return title;
  }

  public List<String> columns() {
    return columns;
  }

  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** The table as text, each line ended. */
  public String text() {
    int[] widths = new int[columns.size()];
    widen(widths, columns);
    rows.forEach(row -> widen(widths, row));
    StringBuilder text = new StringBuilder(title).append('\n');
    line(text, widths, columns);
    rows.forEach(row -> line(text, widths, row));
    return text.toString();
  }

  private static void widen(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], cells.get(i).length());
    }
  }

  private static void line(StringBuilder text, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? cells.get(i) + padding : "  " + padding + cells.get(i));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
