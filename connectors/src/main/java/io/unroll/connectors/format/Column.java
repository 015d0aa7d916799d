package io.unroll.connectors.format;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column of an output: its name, the type of its values, and where in a record its value is. What
 * an output has is a list of these ({@link OutputColumns}); each format writes them in its own way.
 *
 * @param <T> a record of the output
 */
public sealed interface Column<T> {

  /** As the output calls it. */
  String name();

  /** True if rows have a place for it; a format that names each value writes it all the same. */
  default boolean inRows() {
    return true;
  }

  /** The names that it has in a row. */
  default Stream<String> names() {
    return Stream.of(name());
  }

  /** A text; null for nothing. */
  record Text<T>(String name, Function<T, @Nullable String> value) implements Column<T> {}

  /**
   * A whole number.
   *
   * @param there true where a record has one; null: it always has
   */
  record Whole<T>(
      String name, boolean inRows, ToLongFunction<T> value, @Nullable Predicate<T> there)
      implements Column<T> {
    /** One that every record has. */
    public Whole(String name, ToLongFunction<T> value) {
      this(name, true, value, null);
    }
  }

  /** A float, written as the shortest text that reads back as the same float32. */
  record Single<T>(String name, FloatOf<T> value) implements Column<T> {}

  /**
   * A double.
   *
   * @param optional true if NaN stands for nothing
   */
  record Decimal<T>(String name, ToDoubleFunction<T> value, boolean optional)
      implements Column<T> {}

  /** True or false; where values have names, false is left out. */
  record Flag<T>(String name, boolean inRows, Predicate<T> value) implements Column<T> {}

  /** A value that is JSON already; null for nothing. */
  record Json<T>(String name, Function<T, @Nullable String> value) implements Column<T> {}

  /**
   * As many floats as there are names, each a column.
   *
   * @param name of all of them together, which nobody sees
   */
  record Floats<T>(String name, List<String> each, Function<T, float[]> value)
      implements Column<T> {
    @Override
    public Stream<String> names() {
      return each.stream();
    }
  }

  /** Columns below a name of their own; in a row they stand side by side, without it. */
  record Group<T>(String name, List<Column<T>> columns) implements Column<T> {
    @Override
    public Stream<String> names() {
      return rowNames(columns).stream();
    }
  }

  /** A float of a record. */
  @FunctionalInterface
  interface FloatOf<T> {
    /** The value. */
    float of(T row);
  }

  /** The names in a row. */
  static <T> List<String> rowNames(List<Column<T>> columns) {
    return columns.stream().filter(Column::inRows).flatMap(Column::names).toList();
  }
}
