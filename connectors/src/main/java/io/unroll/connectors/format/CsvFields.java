package io.unroll.connectors.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
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
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

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
   * @param count how many there are
   * @param byPath for each wanted path its column, or why it has none
   */
  record Header(int count, List<Column> byPath) {}

  /**
   * Where a wanted path is.
   *
   * @param index of the column from 0; -1 if there is none
   * @param instead what its value is without a column
   */
  record Column(int index, Value instead) {}

  /** Reads a file's first line. */
  Header header(String line) throws Unreadable {
    List<String> names = split(line);
    Map<String, Integer> byName = new HashMap<>();
    List<String> twice = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (byName.put(names.get(i), i) != null) {
        twice.add(names.get(i));
      }
    }
    List<Column> columns = new ArrayList<>();
    for (FieldPath path : paths) {
      Integer index = byName.get(path.text());
      if (path.origin() == FieldPath.Origin.POINTER) {
        columns.add(byPointer(path));
      } else if (index == null) {
        columns.add(
            new Column(
                -1, Value.missing("no such column; the header is \"" + Text.cut(line) + '"')));
      } else if (twice.contains(path.text())) {
        columns.add(new Column(-1, Value.broken("the header has this column twice")));
      } else {
        columns.add(new Column(index, Value.MISSING));
      }
    }
    return new Header(names.size(), columns);
  }

  /** The columns of records without a header: pointers only, any number of columns. */
  Header withoutHeader() {
    List<Column> columns = new ArrayList<>();
    for (FieldPath path : paths) {
      columns.add(
          path.origin() == FieldPath.Origin.POINTER
              ? byPointer(path)
              : new Column(
                  -1,
                  Value.missing(
                      "no such column; CSV without a header line has only /0, /1 and so on")));
    }
    return new Header(-1, columns);
  }

  private static Column byPointer(FieldPath path) {
    String name = path.names().get(0);
    return path.names().size() == 1 && INDEX.matcher(name).matches()
        ? new Column(Integer.parseInt(name), Value.MISSING)
        : new Column(-1, Value.missing("no such column; a pointer into CSV is /0, /1 and so on"));
  }

  /** Puts each column's value into its slot. */
  void read(String line, Header header, Value[] values) throws Unreadable {
    List<String> columns = split(line);
    if (header.count() >= 0 && columns.size() != header.count()) {
      throw new Unreadable(
          "expected "
              + header.count()
              + " columns as in the header, found "
              + columns.size()
              + ": "
              + Text.cut(line));
    }
    for (int i = 0; i < slots.length; i++) {
      Column column = header.byPath().get(i);
      int index = column.index();
      values[slots[i]] =
          index >= 0 && index < columns.size() ? Value.text(columns.get(index)) : column.instead();
    }
  }

  static List<String> split(String line) throws Unreadable {
    List<String> columns = new ArrayList<>();
    try (JsonParser parser = CSV.createParser(line)) {
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
      throw new Unreadable("not CSV: " + ParserMessage.of(e) + ": " + Text.cut(line));
    } catch (IOException | RuntimeException e) {
      // A string gives no I/O errors, and Jackson's own bugs must not stop a stream.
      throw new Unreadable("not CSV: " + Text.cut(e.toString()));
    }
    return columns;
  }
}
