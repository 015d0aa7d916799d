package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Picks the wanted columns out of a line of comma-separated values. */
final class CsvFields {

  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final List<FieldPath> paths;
  private final int[] slots;
  private final CsvSplitter splitter;
  private final CsvHints hints;

  /** The value of {@code paths.get(i)} goes to {@code slots[i]}. */
  CsvFields(List<FieldPath> paths, int[] slots, CsvSettings settings) {
    this.paths = paths;
    this.slots = slots;
    splitter = new CsvSplitter(settings.cells());
    hints = new CsvHints(settings);
  }

  /**
   * The columns of a file.
   *
   * @param count how many there are; -1 if nothing says so
   * @param named how many there are up to the last one with a name: a comma at the end of a line
   *     makes one without
   * @param trimmed blanks around a text are no part of it
   * @param byPath for each wanted path its column, or why it has none
   * @param where it is said how many there are
   * @param wayOut what to do if a record has another number of columns
   */
  record Columns(
      int count, int named, boolean trimmed, List<Place> byPath, String where, String wayOut) {}

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
    List<String> names = splitter.split(line, trimmed);
    return columns(
        names, trimmed, noColumn(line), "the header", names.size() == 1 ? hints.wayOut(line) : "");
  }

  /** The columns of a file without a first line that names them, which have these names. */
  Columns columns(List<String> names) {
    Value none =
        Value.missing(
            "no such column; source.format.csv.header is [" + String.join(", ", names) + "]");
    return columns(names, splitter.trimsAlways(), none, "source.format.csv.header", "");
  }

  private Columns columns(
      List<String> names, boolean trimmed, Value none, String where, String wayOut) {
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
        columns.add(column.index() < names.size() ? column : new Place(-1, none));
      } else if (index == null) {
        columns.add(new Place(-1, none));
      } else if (twice.contains(path.text())) {
        columns.add(new Place(-1, Value.broken("the header has this column twice")));
      } else {
        columns.add(new Place(index, Value.MISSING));
      }
    }
    return new Columns(names.size(), withoutEmptyEnd(names), trimmed, columns, where, wayOut);
  }

  private Value noColumn(String header) {
    return Value.missing(
        "no such column; the header is \"" + Text.cut(header) + '"' + hints.wayOut(header));
  }

  /** The names in a file's first line. */
  List<String> names(String line) throws Unreadable {
    return splitter.split(line, isTrimmed(line));
  }

  /** A pipeline that names its columns with blanks means them. */
  private boolean isTrimmed(String line) throws Unreadable {
    boolean named =
        splitter.trimsAsHeader()
            && paths.stream().anyMatch(path -> !path.text().equals(path.text().strip()));
    return !named && splitter.isTrimmed(line);
  }

  /** How many columns there are up to the last one that is not empty. */
  private static int withoutEmptyEnd(List<String> columns) {
    int count = columns.size();
    while (count > 0 && columns.get(count - 1).isBlank()) {
      count--;
    }
    return count;
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
    return new Columns(-1, -1, splitter.trimsAlways(), columns, "", "");
  }

  private static Place byPointer(FieldPath path) {
    String name = path.names().get(0);
    return path.names().size() == 1 && INDEX.matcher(name).matches()
        ? new Place(Integer.parseInt(name), Value.MISSING)
        : new Place(-1, Value.missing("no such column; a pointer into CSV is /0, /1 and so on"));
  }

  /** Puts each column's value into its slot. */
  void read(String line, Columns header, Value[] values) throws Unreadable {
    List<String> columns = splitter.split(line, header.trimmed());
    if (!fits(columns, header)) {
      throw new Unreadable(
          "expected "
              + header.named()
              + (header.named() == 1 ? " column" : " columns")
              + " as in "
              + header.where()
              + ", found "
              + columns.size()
              + ": "
              + Text.cut(line)
              + header.wayOut());
    }
    for (int i = 0; i < slots.length; i++) {
      Place column = header.byPath().get(i);
      int index = column.index();
      values[slots[i]] =
          index < 0
              ? column.instead()
              : index < columns.size() ? Value.text(columns.get(index)) : absent(line, columns);
    }
  }

  /** What a column is that a line without a header does not have. */
  private Value absent(String line, List<String> columns) {
    String wayOut = columns.size() == 1 ? hints.wayOut(line) : "";
    return wayOut.isEmpty()
        ? Value.MISSING
        : Value.missing("1 column alone in \"" + Text.cut(line) + '"' + wayOut);
  }

  /** True if as many columns as in the header are there; empty ones at the end may be more. */
  private static boolean fits(List<String> columns, Columns header) {
    return header.count() < 0
        || (columns.size() >= header.named() && withoutEmptyEnd(columns) <= header.count());
  }

  /** True for a line that is a row with the columns of {@code header}. */
  boolean isRow(String line, Columns header) {
    try {
      return fits(splitter.split(line, header.trimmed()), header);
    } catch (Unreadable e) {
      return false; // what is wrong with it is said where it is read
    }
  }

  /** True for a line that ends in the middle of a text in quotes. */
  boolean opensText(String line, Columns header) {
    return splitter.opensText(line, header.trimmed());
  }

  /** The number of the first of {@code lines} that has all {@code names}, from 0; -1 for none. */
  int findNames(List<String> names, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      try {
        if (names(lines.get(i)).containsAll(names)) {
          return i;
        }
      } catch (Unreadable e) {
        // No names are in a line that cannot be read.
      }
    }
    return -1;
  }

  /** The texts of a line. */
  List<String> texts(String line, Columns header) throws Unreadable {
    return splitter.split(line, header.trimmed());
  }
}
