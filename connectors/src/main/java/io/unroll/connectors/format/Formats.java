package io.unroll.connectors.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Predicate;

/**
 * The formats of this JVM, by name. They are listed in {@code META-INF/services}, where the class
 * loader of this class sees them, or the thread's own, where a Flink job has what its user wrote.
 */
public final class Formats {
  /** What rejected records are written in, and what a field of a Kafka key is read as. */
  public static final String JSON = "json";

  private Formats() {}

  /**
   * The format of that name.
   *
   * @throws IllegalArgumentException if there is none; says which there are
   */
  public static Format named(String name) {
    return all().stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "format: found '" + name + "', expected one of " + names(format -> true)));
  }

  /** Every format, by name. */
  public static List<Format> all() {
    ClassLoader own = Formats.class.getClassLoader();
    List<Format> all = new ArrayList<>(listed(own));
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && !Objects.equals(context, own)) {
      for (Format format : listed(context)) {
        if (all.stream().noneMatch(one -> one.name().equals(format.name()))) {
          all.add(format);
        }
      }
    }
    all.sort(Comparator.comparing(Format::name));
    return List.copyOf(all);
  }

  /** The names of some of them, sorted. */
  public static List<String> names(Predicate<Format> which) {
    return all().stream().filter(which).map(Format::name).toList();
  }

  private static List<Format> listed(ClassLoader loader) {
    List<Format> listed = new ArrayList<>();
    ServiceLoader.load(Format.class, loader).forEach(listed::add);
    return listed;
  }
}
