package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** Cuts lines whose columns are apart by any number of blanks and tabs. */
final class BlankCells {
  private final char quote;

  /** {@code quote}: around a text that has blanks in it; {@link CsvCells#NONE} if there is none. */
  BlankCells(char quote) {
    this.quote = quote;
  }

  List<String> split(String line) throws Unreadable {
    List<String> cells = new ArrayList<>();
    int at = pastBlanks(line, 0);
    while (at < line.length()) {
      if (quote != CsvCells.NONE && line.charAt(at) == quote) {
        at = quoted(line, at + 1, cells);
      } else {
        int end = at;
        while (end < line.length() && !isBlank(line.charAt(end))) {
          end++;
        }
        cells.add(line.substring(at, end));
        at = end;
      }
      at = pastBlanks(line, at);
    }
    return cells;
  }

  /** Adds the text in quotes that begins at {@code from}; returns where it ends. */
  private int quoted(String line, int from, List<String> cells) throws Unreadable {
    StringBuilder text = new StringBuilder();
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c != quote) {
        text.append(c);
      } else if (at + 1 < line.length() && line.charAt(at + 1) == quote) {
        text.append(quote);
        at++;
      } else if (at + 1 == line.length() || isBlank(line.charAt(at + 1))) {
        cells.add(text.toString());
        return at + 1;
      } else {
        throw new Unreadable(
            CsvSplitter.NOT_CSV
                + "expected a blank behind a text in quotes, found '"
                + line.charAt(at + 1)
                + "': "
                + Text.cut(line));
      }
    }
    throw CsvSplitter.notClosed(CsvSplitter.NOT_CLOSED + " for value", line);
  }

  private static int pastBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
