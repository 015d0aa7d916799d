package io.unroll.connectors.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes the columns of a record, and leaves their values alone. */
final class ColumnList implements OutputRow {
  private final List<Column> columns = new ArrayList<>();

  List<Column> columns() {
    return List.copyOf(columns);
  }

  private void add(String name, boolean inRows) {
    columns.add(new Column(name, inRows, List.of()));
  }

  @Override
  public void text(String name, @Nullable String value) {
    add(name, true);
  }

  @Override
  public void label(String name, List<String> labels, int index) {
    columns.add(new Column(name, true, labels));
  }

  @Override
  public void whole(String name, boolean inRows, long value, boolean there) {
    add(name, inRows);
  }

  @Override
  public void flag(String name, boolean inRows, boolean value) {
    add(name, inRows);
  }

  @Override
  public void single(String name, float value) {
    add(name, true);
  }

  @Override
  public void singles(List<String> names, float[] values) {
    names.forEach(name -> add(name, true));
  }

  @Override
  public void decimal(String name, double value, boolean there) {
    add(name, true);
  }

  @Override
  public void json(String name, @Nullable String value) {
    add(name, true);
  }

  @Override
  public void group(String name) {
    add(name, false);
  }

  @Override
  public void endGroup() {}
}
