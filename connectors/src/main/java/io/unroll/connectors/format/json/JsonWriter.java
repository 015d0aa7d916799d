package io.unroll.connectors.format.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.Column;
import io.unroll.connectors.format.OutputLine;
import io.unroll.connectors.format.RecordWriter;
import io.unroll.connectors.format.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes each record as an object of those columns that it has a value for. */
final class JsonWriter<T> implements RecordWriter<T> {

  private final Member<T> object;
  private final OutputLine line = new OutputLine();

  JsonWriter(List<Column<T>> columns) {
    object = Member.of(new Column.Group<>("", columns));
  }

  @Override
  public byte[] write(T row) {
    line.start();
    object(object.below, row);
    return line.end();
  }

  @Override
  public byte @Nullable [] header() {
    return null;
  }

  /**
   * A column as JSON has it.
   *
   * @param names with a colon behind; several where the column has several values
   * @param below the members of an object
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Member<T>(Column<T> column, byte[][] names, Member<T>[] below) {
    static <T> Member<T> of(Column<T> column) {
      List<Column<T>> below =
          column instanceof Column.Group<T> group ? group.columns() : List.<Column<T>>of();
      List<String> names =
          column instanceof Column.Floats<T> floats ? floats.each() : List.of(column.name());
      return new Member<>(
          column,
          names.stream()
              .map(name -> (Text.quote(name) + ':').getBytes(UTF_8))
              .toArray(byte[][]::new),
          members(below));
    }

    @SuppressWarnings("unchecked") // an array of its own kind, which nobody else sees
    private static <T> Member<T>[] members(List<Column<T>> columns) {
      return columns.stream().map(Member::of).toArray(Member[]::new);
    }
  }

  private void object(Member<T>[] members, T row) {
    char before = '{';
    for (Member<T> member : members) {
      before = member(member, row, before);
    }
    if (before == '{') {
      line.ascii('{');
    }
    line.ascii('}');
  }

  /**
   * Writes a member, where there is one.
   *
   * @param before what stands in front of it
   * @return what stands in front of the next one
   */
  private char member(Member<T> member, T row, char before) {
    Column<T> column = member.column;
    if (column instanceof Column.Floats<T> floats) {
      return floats(member.names, floats.value().apply(row), before);
    }
    byte[] name = member.names[0];
    if (column instanceof Column.Text<T> text) {
      String value = text.value().apply(row);
      if (value == null) {
        return before;
      }
      line.ascii(before).bytes(name).quoted(value);
    } else if (column instanceof Column.Whole<T> whole) {
      if (whole.there() != null && !whole.there().test(row)) {
        return before;
      }
      line.ascii(before).bytes(name).number(whole.value().applyAsLong(row));
    } else if (column instanceof Column.Flag<T> flag) {
      if (!flag.value().test(row)) {
        return before;
      }
      line.ascii(before).bytes(name).text("true");
    } else if (column instanceof Column.Group<T>) {
      line.ascii(before).bytes(name);
      object(member.below, row);
    } else if (column instanceof Column.Single<T> single) {
      line.ascii(before).bytes(name).jsonNumber(single.value().of(row));
    } else if (column instanceof Column.Decimal<T> decimal) {
      double value = decimal.value().applyAsDouble(row);
      if (decimal.optional() && Double.isNaN(value)) {
        return before;
      }
      line.ascii(before).bytes(name).jsonNumber(value);
    } else if (column instanceof Column.Json<T> json) {
      String value = json.value().apply(row);
      if (value == null) {
        return before;
      }
      line.ascii(before).bytes(name).text(value);
    } else {
      throw new IllegalStateException(column + ": a column that JSON does not know");
    }
    return ',';
  }

  private char floats(byte[][] names, float[] values, char before) {
    char next = before;
    for (int i = 0; i < values.length; i++) {
      line.ascii(next).bytes(names[i]).jsonNumber(values[i]);
      next = ',';
    }
    return next;
  }
}
