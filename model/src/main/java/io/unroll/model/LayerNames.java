package io.unroll.model;

import java.util.HashSet;
import java.util.Set;

/** The names of a model's layers, each there once. */
final class LayerNames {
  private final Set<String> taken = new HashSet<>();

  /** A name that the builder gives: with a number from the second on. */
  String numbered(String kind) {
    String result = kind;
    for (int i = 2; !taken.add(result); i++) {
      result = kind + i;
    }
    return result;
  }

  /** A name that the caller gives, once. */
  String named(String wanted) {
    if (wanted.isBlank()) {
      throw new IllegalArgumentException("a layer with a blank name, expected one to find it by");
    }
    if (taken.add(wanted)) {
      return wanted;
    }
    throw new IllegalArgumentException("layer '" + wanted + "' stands twice, expected names apart");
  }
}
