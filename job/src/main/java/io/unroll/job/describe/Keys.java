package io.unroll.job.describe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Declares the keys of one map, in the order of the reference table. */
public final class Keys {
  private final String section;
  private final List<Key<?>> all = new ArrayList<>();

  /**
   * @param section the map's path, empty for the file itself
   */
  public Keys(String section) {
    this.section = section;
  }

  /** The map's path. */
  public String section() {
    return section;
  }

  /** Every key, in the order of the table. */
  public List<Key<?>> all() {
    return Collections.unmodifiableList(all);
  }

  /** A key that may be left out. */
  public <T> Key<T> key(String name, Type<T> type, String meaning) {
    return add(name, type, null, "", null, meaning);
  }

  /** A key that may be left out, with what counts then. */
  public <T> Key<T> standard(String name, Type<T> type, T standard, String meaning) {
    return add(name, type, standard, "", null, meaning);
  }

  /** A key that may be left out, with what counts then in words. */
  public <T> Key<T> inWords(String name, Type<T> type, String standard, String meaning) {
    return add(name, type, null, standard, null, meaning);
  }

  /**
   * A key that must be there.
   *
   * @param expected what it should be, for the message where it is not
   */
  public <T> Key<T> required(String name, Type<T> type, String expected, String meaning) {
    return add(name, type, null, Key.REQUIRED, expected, meaning);
  }

  /**
   * A key that must be there beside another one.
   *
   * @param expected what it should be, for the message where it is not
   */
  public <T> Key<T> needed(String name, Type<T> type, String expected, String meaning) {
    return add(name, type, null, "", expected, meaning);
  }

  private <T> Key<T> add(
      String name,
      Type<T> type,
      @Nullable T standard,
      String words,
      @Nullable String expected,
      String meaning) {
    Key<T> key = new Key<>(section, name, type, standard, words, expected, meaning);
    all.add(key);
    return key;
  }
}
