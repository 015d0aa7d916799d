package io.unroll.connectors.format.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.Column;
import io.unroll.connectors.format.OutputLine;
import io.unroll.connectors.format.OutputRow;
import io.unroll.connectors.format.OutputTable;
import io.unroll.connectors.format.RecordWriter;
import io.unroll.connectors.format.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes each record as an object of those columns that it has a value for. Names and labels are
 * encoded once: the place of a column among all of them says which are its own.
 */
final class JsonWriter<T> implements RecordWriter<T>, OutputRow {

  private final OutputTable<T> table;

  /** {@code ,"name":} of each column and group. */
  private final byte[][] names;

  /** {@code ,"name":"label"} of each column that has labels. */
  private final byte[][][] labels;

  private final OutputLine line = new OutputLine();

  /** The place of the column that comes next. */
  private int next;

  /** Where in the line the group began. */
  private int group;

  JsonWriter(OutputTable<T> table) {
    this.table = table;
    List<Column> columns = table.described();
    names = columns.stream().map(column -> member(column.name(), "")).toArray(byte[][]::new);
    labels =
        columns.stream()
            .map(
                column ->
                    column.labels().stream()
                        .map(label -> member(column.name(), Text.quote(label)))
                        .toArray(byte[][]::new))
            .toArray(byte[][][]::new);
  }

  private static byte[] member(String name, String value) {
    return (',' + Text.quote(name) + ':' + value).getBytes(UTF_8);
  }

  @Override
  public byte[] write(T record) {
    line.start();
    next = 0;
    table.columns().of(record, this);
    if (next != names.length) {
      throw new IllegalStateException(
          "record has " + next + " columns, expected " + names.length + " as every other");
    }
    return line.object(0).end();
  }

  @Override
  public byte @Nullable [] header() {
    return null;
  }

  @Override
  public void text(String name, @Nullable String value) {
    byte[] member = names[next++];
    if (value != null) {
      line.bytes(member).quoted(value);
    }
  }

  @Override
  public void label(String name, List<String> texts, int index) {
    byte[][] members = labels[next++];
    if (index >= 0) {
      line.bytes(members[index]);
    }
  }

  @Override
  public void whole(String name, boolean inRows, long value, boolean there) {
    byte[] member = names[next++];
    if (there) {
      line.bytes(member).number(value);
    }
  }

  @Override
  public void flag(String name, boolean inRows, boolean value) {
    byte[] member = names[next++];
    if (value) {
      line.bytes(member).text("true");
    }
  }

  @Override
  public void single(String name, float value) {
    line.bytes(names[next++]).jsonNumber(value);
  }

  @Override
  public void singles(List<String> texts, float[] values) {
    for (float value : values) {
      line.bytes(names[next++]).jsonNumber(value);
    }
  }

  @Override
  public void decimal(String name, double value, boolean there) {
    byte[] member = names[next++];
    if (there) {
      line.bytes(member).jsonNumber(value);
    }
  }

  @Override
  public void json(String name, @Nullable String value) {
    byte[] member = names[next++];
    if (value != null) {
      line.bytes(member).text(value);
    }
  }

  @Override
  public void group(String name) {
    line.bytes(names[next++]);
    group = line.length();
  }

  @Override
  public void endGroup() {
    line.object(group);
  }
}
