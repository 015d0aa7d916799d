package io.unroll.job.describe;

import org.jspecify.annotations.Nullable;

/**
 * One key of a pipeline: declared once, for every door, the reference table and the messages.
 *
 * @param section the path of the map that it stands in; empty for the file itself; {@code OUTPUT}
 *     stands for predictions, sequences, evaluations, rejected and late, {@code []} for the items
 *     of a list
 * @param name {@code *} for any name
 * @param type what it takes: how it is read, and its bounds
 * @param standard what counts where nobody says otherwise; null for nothing
 * @param standardWords the same as the table shows it where it is no value; empty for none
 * @param expected in words what must be there; null where it may be left out
 * @param meaning one line
 */
public record Key<T>(
    String section,
    String name,
    Type<T> type,
    @Nullable T standard,
    String standardWords,
    @Nullable String expected,
    String meaning) {
  /** The default of a key that must be there, in the table. */
  public static final String REQUIRED = "required";

  /** The full path: {@code source.kafka.topics}. */
  public String path() {
    return section.isEmpty() ? name : section + "." + name;
  }

  /** True if the key takes names of the user's or of another system. */
  public boolean isOpen() {
    return name.equals("*");
  }

  /** True if it must be there. */
  public boolean isRequired() {
    return standardWords.equals(REQUIRED);
  }

  /** The default as the table shows it: as the file would write it, or in words. */
  public String standardText() {
    return standard == null ? standardWords : type.written(standard);
  }

  /** The value, or what counts where nobody says otherwise. */
  public T orStandard(@Nullable T value) {
    if (value != null) {
      return value;
    }
    if (standard == null) {
      throw new IllegalStateException(path() + " has no default");
    }
    return standard;
  }
}
