package io.unroll.connectors.format.csv;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ParserMessage;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Picks the wanted columns out of a line of comma-separated values (RFC 4180).
 *
 * <p>A record is one line: a stray quote spoils its own line and never swallows the lines after it.
 */
final class CsvFields {

  private static final CsvFactory CSV = new CsvFactory();

  /** Leaves out the blanks around a text that is in no quotes. */
  private static final CsvFactory TRIMMED =
      CsvFactory.builder().enable(CsvParser.Feature.TRIM_SPACES).build();

  private static final String NOT_CSV = "not CSV: ";

  /** What the parser says of a text in quotes that has no end. */
  private static final String NOT_CLOSED = "Missing closing quote";

  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  /** What sets columns apart elsewhere, and its name; blanks are in texts too, and come last. */
  private static final List<Map.Entry<String, String>> OTHERS =
      List.of(
          Map.entry(";", "';'"),
          Map.entry("\t", "tabs"),
          Map.entry("|", "'|'"),
          Map.entry(" ", "blanks"));

  private final List<FieldPath> paths;
  private final int[] slots;

  /** The value of {@code paths.get(i)} goes to {@code slots[i]}. */
  CsvFields(List<FieldPath> paths, int[] slots) {
    this.paths = paths;
    this.slots = slots;
  }

  /**
   * The columns of a file.
   *
   * @param count how many there are; -1 if nothing says so
   * @param named how many there are up to the last one with a name: a comma at the end of a line
   *     makes one without
   * @param trimmed blanks around a text are no part of it
   * @param byPath for each wanted path its column, or why it has none
   * @param wayOut what to do if a record has another number of columns
   */
  record Columns(int count, int named, boolean trimmed, List<Place> byPath, String wayOut) {}

  /**
   * Where a wanted path is.
   *
   * @param index of the column from 0; -1 if there is none
   * @param instead what its value is without a column
   */
  record Place(int index, Value instead) {}

  /** Reads a file's first line. */
  Columns columns(String line) throws Unreadable {
    boolean trimmed = isTrimmed(line);
    List<String> names = split(line, trimmed);
    Map<String, Integer> byName = new HashMap<>();
    List<String> twice = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (byName.put(names.get(i), i) != null) {
        twice.add(names.get(i));
      }
    }
    List<Place> columns = new ArrayList<>();
    for (FieldPath path : paths) {
      Integer index = byName.get(path.text());
      if (path.origin() == FieldPath.Origin.POINTER) {
        Place column = byPointer(path);
        columns.add(column.index() < names.size() ? column : new Place(-1, noColumn(line)));
      } else if (index == null) {
        columns.add(new Place(-1, noColumn(line)));
      } else if (twice.contains(path.text())) {
        columns.add(new Place(-1, Value.broken("the header has this column twice")));
      } else {
        columns.add(new Place(index, Value.MISSING));
      }
    }
    return new Columns(
        names.size(),
        withoutEmptyEnd(names),
        trimmed,
        columns,
        names.size() == 1 ? wayOut(line) : "");
  }

  private static Value noColumn(String header) {
    return Value.missing(
        "no such column; the header is \"" + Text.cut(header) + '"' + wayOut(header));
  }

  /** The names in a file's first line. */
  List<String> names(String line) throws Unreadable {
    return split(line, isTrimmed(line));
  }

  /**
   * Whether a file has blanks beside its commas that are no part of its texts: there are some in
   * its first line, and the pipeline calls no column so.
   */
  private boolean isTrimmed(String line) throws Unreadable {
    return paths.stream().allMatch(path -> path.text().equals(path.text().strip()))
        && !split(line, false).equals(split(line, true));
  }

  /** How many columns there are up to the last one that is not empty. */
  private static int withoutEmptyEnd(List<String> columns) {
    int count = columns.size();
    while (count > 0 && columns.get(count - 1).isBlank()) {
      count--;
    }
    return count;
  }

  /** What to do about a line whose columns something else sets apart. */
  static String wayOut(String line) {
    if (line.indexOf(',') < 0 && !line.startsWith("#")) {
      for (Map.Entry<String, String> other : OTHERS) {
        if (line.strip().contains(other.getKey())) {
          return ", apart by " + other.getValue() + ". Convert the file: commas set columns apart";
        }
      }
    }
    return "";
  }

  /** The columns of records without a header: pointers only, any number of columns. */
  Columns withoutHeader() {
    List<Place> columns = new ArrayList<>();
    for (FieldPath path : paths) {
      columns.add(
          path.origin() == FieldPath.Origin.POINTER
              ? byPointer(path)
              : new Place(
                  -1,
                  Value.missing(
                      "no such column; CSV without a header line has only /0, /1 and so on")));
    }
    return new Columns(-1, -1, false, columns, "");
  }

  private static Place byPointer(FieldPath path) {
    String name = path.names().get(0);
    return path.names().size() == 1 && INDEX.matcher(name).matches()
        ? new Place(Integer.parseInt(name), Value.MISSING)
        : new Place(-1, Value.missing("no such column; a pointer into CSV is /0, /1 and so on"));
  }

  /** Puts each column's value into its slot. */
  void read(String line, Columns header, Value[] values) throws Unreadable {
    List<String> columns = split(line, header.trimmed());
    if (!fits(columns, header)) {
      throw new Unreadable(
          "expected "
              + header.named()
              + (header.named() == 1 ? " column" : " columns")
              + " as in the header, found "
              + columns.size()
              + ": "
              + Text.cut(line)
              + header.wayOut());
    }
    for (int i = 0; i < slots.length; i++) {
      Place column = header.byPath().get(i);
      int index = column.index();
      values[slots[i]] =
          index >= 0 && index < columns.size() ? Value.text(columns.get(index)) : column.instead();
    }
  }

  /** True if as many columns as in the header are there; empty ones at the end may be more. */
  private static boolean fits(List<String> columns, Columns header) {
    return header.count() < 0
        || (columns.size() >= header.named() && withoutEmptyEnd(columns) <= header.count());
  }

  /** True for a line that is a row with the columns of {@code header}. */
  static boolean isRow(String line, Columns header) {
    try {
      return fits(split(line, header.trimmed()), header);
    } catch (Unreadable e) {
      return false; // what is wrong with it is said where it is read
    }
  }

  /**
   * True for a line that ends in the middle of a text in quotes, by the columns of {@code header}.
   */
  static boolean opensText(String line, Columns header) {
    try {
      split(line, header.trimmed());
      return false;
    } catch (Unreadable e) {
      return e.reason().startsWith(NOT_CSV + NOT_CLOSED);
    }
  }

  /** The values of a line, as they stand. */
  static List<String> split(String line) throws Unreadable {
    return split(line, false);
  }

  private static List<String> split(String line, boolean trimmed) throws Unreadable {
    List<String> columns = new ArrayList<>();
    try (JsonParser parser = (trimmed ? TRIMMED : CSV).createParser(line)) {
      @Nullable JsonToken token = parser.nextToken();
      if (token == null) {
        throw new Unreadable("expected a line of CSV, found nothing");
      }
      while ((token = parser.nextToken()) == JsonToken.VALUE_STRING) {
        columns.add(parser.getText());
      }
      if (parser.nextToken() != null) {
        throw new Unreadable("expected one line of CSV, found a second one: " + Text.cut(line));
      }
    } catch (JsonProcessingException e) {
      String reason = NOT_CSV + ParserMessage.of(e);
      throw new Unreadable(
          (reason.startsWith(NOT_CSV + NOT_CLOSED)
                  ? reason + "; a record is one line, and no text in quotes goes on in the next one"
                  : reason)
              + ": "
              + Text.cut(line));
    } catch (IOException | RuntimeException e) {
      // A string gives no I/O errors, and Jackson's own bugs must not stop a stream.
      throw new Unreadable(NOT_CSV + Text.cut(e.toString()));
    }
    return columns;
  }
}
