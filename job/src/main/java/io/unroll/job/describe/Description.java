package io.unroll.job.describe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline in names: what a door says of features, sequences, outputs, decoder and speed, each
 * under its key. Nothing in it is a place or a number of milliseconds; {@link Resolution} makes the
 * operator's configuration of it.
 *
 * <p>What nobody says is not there: the key's default counts.
 */
public final class Description {
  private final Map<Key<?>, Object> said = new LinkedHashMap<>();

  /** Nothing said yet. */
  public Description() {}

  /** The same said; what is said later is said of this one alone. */
  public Description(Description other) {
    said.putAll(other.said);
  }

  /** Says it, in the place of what was said before. */
  public <T> Description say(Key<T> key, T value) {
    said.put(key, value);
    return this;
  }

  /** Says nothing of a key any more. */
  public Description drop(Key<?> key) {
    said.remove(key);
    return this;
  }

  /** Says nothing of any key under {@code path} any more, nor of itself. */
  public Description dropUnder(String path) {
    said.keySet().removeIf(key -> key.path().equals(path) || key.path().startsWith(path + "."));
    return this;
  }

  /** True if something is said. */
  public boolean says(Key<?> key) {
    return said.containsKey(key);
  }

  /** True if something is said that does not count anyway: another value than the default. */
  public boolean changes(Key<?> key) {
    Object value = said.get(key);
    return value != null && !value.equals(key.standard());
  }

  /** What is said; null for nothing. */
  @SuppressWarnings("unchecked") // say() takes no other
  public <T> @Nullable T get(Key<T> key) {
    return (T) said.get(key);
  }

  /** What is said, or the key's default. */
  public <T> T of(Key<T> key) {
    return key.orStandard(get(key));
  }

  /** Reports values out of their key's bounds, and says them no more. */
  void dropOutOfBounds(Complaints complaints) {
    List.copyOf(said.keySet()).forEach(key -> dropOutOfBounds(key, complaints));
  }

  private <T> void dropOutOfBounds(Key<T> key, Complaints complaints) {
    T value = get(key);
    String expected = value == null ? null : key.type().refusal(value);
    if (value != null && expected != null) {
      complaints.mistake(
          key.path(), "found " + key.type().written(value) + ", expected " + expected);
      drop(key);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Description description && said.equals(description.said);
  }

  @Override
  public int hashCode() {
    return said.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    said.forEach((key, value) -> text.append(key.path()).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
