package io.unroll.connectors.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a record of an output, column by column; each format writes them in its own way. Every
 * record of an output hands over the same columns in the same order, those without a value too.
 */
public interface OutputRow {

  /** A text; null for nothing. */
  void text(String name, @Nullable String value);

  /**
   * One of a few texts, which are the same for every record.
   *
   * @param index of the text among {@code labels}; -1 for nothing
   */
  void label(String name, List<String> labels, int index);

  /** A whole number. */
  default void whole(String name, long value) {
    whole(name, true, value, true);
  }

  /**
   * A whole number that a record may be without.
   *
   * @param there false for nothing
   */
  default void whole(String name, long value, boolean there) {
    whole(name, true, value, there);
  }

  /**
   * A whole number that a record may be without, and rows too.
   *
   * @param inRows true if rows have a place for it; a format that names each value writes it all
   *     the same
   * @param there false for nothing
   */
  void whole(String name, boolean inRows, long value, boolean there);

  /**
   * True or false; where values have names, false is left out.
   *
   * @param inRows true if rows have a place for it
   */
  void flag(String name, boolean inRows, boolean value);

  /** A float, written as the shortest text that reads back as the same float32. */
  void single(String name, float value);

  /** As many floats as there are names, each a column. */
  void singles(List<String> names, float[] values);

  /** A double. */
  default void decimal(String name, double value) {
    decimal(name, value, true);
  }

  /**
   * A double that a record may be without.
   *
   * @param there false for nothing
   */
  void decimal(String name, double value, boolean there);

  /** A value that is JSON already; null for nothing. */
  void json(String name, @Nullable String value);

  /**
   * What follows, up to {@link #endGroup}, stands below a name of its own; in a row it stands side
   * by side with the rest, without that name. There are no groups within groups.
   */
  void group(String name);

  /** The end of the group. */
  void endGroup();
}
