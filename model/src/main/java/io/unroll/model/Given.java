package io.unroll.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks of what a builder is given; a refusal names it and both numbers. */
final class Given {
  private Given() {}

  /** Names that stand once each and can stand in a list with commas. */
  static List<String> names(String what, String... given) {
    if (given.length == 0) {
      throw new IllegalArgumentException(what + ": found no name, expected 1 or more");
    }
    Set<String> seen = new HashSet<>();
    for (String one : given) {
      if (one.isBlank() || one.contains(",") || !one.equals(one.trim())) {
        throw new IllegalArgumentException(
            what + ": '" + one + "', expected a name without commas and blanks around it");
      }
      if (!seen.add(one)) {
        throw new IllegalArgumentException(what + ": '" + one + "' stands twice");
      }
    }
    return List.of(given);
  }

  /** Finite numbers, as many as expected. */
  static void floats(String layer, String what, float[] values, int expected) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "%s: %s has %d values, expected %d".formatted(layer, what, values.length, expected));
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s: %s[%d] is %s, expected a finite number".formatted(layer, what, i, values[i]));
      }
    }
  }
}
