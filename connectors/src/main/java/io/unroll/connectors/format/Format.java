package io.unroll.connectors.format;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How records are written: everything that one format knows and no other. Each has a package of its
 * own; {@link Formats} finds them by name. What it makes is not safe to share between threads, the
 * format itself is; it travels in a job, and equals another one of its kind.
 *
 * <p>It names no fields of its own: which are wanted is told to {@link #reader}, which are written
 * to {@link #writer}.
 */
public interface Format extends Serializable {

  /** The word in a pipeline file: lower case, one word. It is in savepoints: never changed. */
  String name();

  /** As messages call it. */
  String title();

  /** The name, and what of it was set otherwise than usual, as a pipeline file has it. */
  default String inWords() {
    return name();
  }

  /** How a file is cut into records. */
  default Framing framing() {
    return Framing.LINES;
  }

  /** Picks the wanted fields out of the records of one partition or one file. */
  RecordReader reader(WantedFields wanted);

  /**
   * Why no record can have a field.
   *
   * @param kafka true for records of a topic, false for those of a file
   * @return what was expected in its place; null if a record can have it
   */
  default @Nullable String unfit(FieldPath field, boolean kafka) {
    return null;
  }

  /** How numbers are written in the texts of a record's fields. */
  default NumberSigns numbers() {
    return NumberSigns.PLAIN;
  }

  /**
   * What to do about a text that somebody means as a number and that {@link #numbers} does not
   * read: a sentence, or nothing if it looks like no number.
   */
  default String numberWayOut(String text) {
    return NumberSigns.plainWayOut(text);
  }

  /** What looks at whole records before a run; null for nothing. {@code paths} are read. */
  default @Nullable RecordLook look(List<FieldPath> paths) {
    return null;
  }

  /** True if outputs can be written so; {@link #writer} and {@link #suffix} are asked only then. */
  default boolean isWritten() {
    return false;
  }

  /** Writes the records of one output. */
  default <T> RecordWriter<T> writer(OutputTable<T> table) {
    throw new UnsupportedOperationException(title() + " is read only");
  }

  /** The end of the name of a file of outputs, with its dot. */
  default String suffix() {
    return "." + name();
  }

  /** True if all columns of an output stand in one row, so that no two may have the same name. */
  default boolean isFlat() {
    return false;
  }
}
