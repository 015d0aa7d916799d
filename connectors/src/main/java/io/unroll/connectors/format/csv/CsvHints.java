package io.unroll.connectors.format.csv;

import static io.unroll.connectors.format.csv.CsvSettings.written;

import io.unroll.connectors.format.NumberSigns;
import io.unroll.connectors.format.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What lines and texts look like that are not as the settings say, and what to say instead. */
final class CsvHints {
  /** As many lines show a delimiter; the first of them is the header. */
  private static final int MOST_LINES = 20;

  /** What sets columns apart elsewhere; blanks are in texts too, and come last. */
  private static final List<Character> DELIMITERS = List.of(';', '\t', '|', ',', CsvCells.BLANKS);

  /** How numbers are written here and there, the likelier way first. */
  private static final List<NumberSigns> NUMBERS =
      List.of(
          NumberSigns.PLAIN,
          new NumberSigns(',', NumberSigns.NONE),
          new NumberSigns(',', '.'),
          new NumberSigns('.', ','),
          new NumberSigns(',', ' '),
          new NumberSigns('.', ' '),
          new NumberSigns('.', '\''),
          new NumberSigns('.', '\u2019'));

  private final CsvSettings settings;

  CsvHints(CsvSettings settings) {
    this.settings = settings;
  }

  /** A setting in a pipeline file. */
  static String say(String setting) {
    return "say source.format: {csv: {" + setting + "}}";
  }

  private static String delimiter(char sign) {
    return say("delimiter: " + written(sign));
  }

  /** How a message calls what sets columns apart. */
  private static String called(char delimiter) {
    return switch (delimiter) {
      case CsvCells.BLANKS -> "blanks";
      case '\t' -> "tabs";
      default -> "'" + delimiter + "'";
    };
  }

  /**
   * What to do about a line whose columns something else sets apart: the end of a sentence about
   * it, or nothing.
   */
  String wayOut(String line) {
    char delimiter = otherDelimiter(line);
    return delimiter == CsvCells.NONE
        ? ""
        : ", apart by " + called(delimiter) + ": " + delimiter(delimiter);
  }

  private char otherDelimiter(String line) {
    int now = count(line, settings.cells().delimiter());
    for (char delimiter : DELIMITERS) {
      boolean other = delimiter != settings.cells().delimiter() && !line.startsWith("#");
      // Blanks are in texts, too.
      if (other && count(line, delimiter) > (delimiter == CsvCells.BLANKS ? 99 * now : now)) {
        return delimiter;
      }
    }
    return CsvCells.NONE;
  }

  /** What to do about lines whose columns something else sets apart, as often in each of them. */
  String wayOut(List<String> lines) {
    List<String> first = lines.subList(0, Math.min(lines.size(), MOST_LINES));
    char delimiter = first.isEmpty() ? CsvCells.NONE : otherDelimiter(first.get(0));
    if (delimiter == CsvCells.NONE) {
      return "";
    }
    int count = count(first.get(0), delimiter);
    if (first.size() < 2
        || !first.stream().allMatch(line -> count(line, delimiter) == count)
        || delimiter == CsvCells.BLANKS) {
      return wayOut(first.get(0));
    }
    return ". "
        + (delimiter == '\t' ? "A tab" : called(delimiter))
        + " occurs "
        + (count == 1 ? "once" : count + " times")
        + " in each of the first "
        + first.size()
        + " lines: "
        + delimiter(delimiter);
  }

  private static int count(String line, char delimiter) {
    if (delimiter == CsvCells.BLANKS) {
      return line.strip().split("[ \t]+").length - 1;
    }
    return (int) line.chars().filter(c -> c == delimiter).count();
  }

  /** What to do about a text that is a number if other signs count; empty if it is none. */
  String number(String text) {
    Map<String, NumberSigns> readings = new LinkedHashMap<>();
    for (NumberSigns signs : NUMBERS) {
      String number = signs.plain(text);
      if (number != null) {
        readings.putIfAbsent(number, signs);
      }
    }
    if (readings.size() == 1) {
      return Text.sentence(say(readings.values().iterator().next()));
    }
    List<String> ways = new ArrayList<>();
    readings.forEach(
        (number, signs) ->
            ways.add((ways.isEmpty() ? "If it is " : "if it is ") + number + ", " + say(signs)));
    return String.join("; ", ways);
  }

  /** What of {@code signs} is not as it is now. */
  private String say(NumberSigns signs) {
    NumberSigns now = settings.numbers();
    List<String> words = new ArrayList<>();
    List<String> out = new ArrayList<>();
    if (signs.decimal() != now.decimal()) {
      boolean usual = signs.decimal() == NumberSigns.PLAIN.decimal();
      (usual ? out : words).add(usual ? "decimal" : "decimal: " + written(signs.decimal()));
    }
    if (signs.thousands() != now.thousands()) {
      boolean usual = signs.thousands() == NumberSigns.NONE;
      (usual ? out : words).add(usual ? "thousands" : "thousands: " + written(signs.thousands()));
    }
    String leaving = "leave out " + String.join(" and ", out) + " of source.format.csv";
    return words.isEmpty()
        ? leaving
        : say(String.join(", ", words)) + (out.isEmpty() ? "" : " and " + leaving);
  }
}
