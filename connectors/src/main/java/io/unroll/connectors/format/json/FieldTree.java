package io.unroll.connectors.format.json;

import io.unroll.connectors.format.FieldPath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that lead to the wanted fields of a JSON object, as a tree that a parser walks along.
 *
 * <p>A path has two targets: {@code 2 * i} is the nested field, {@code 2 * i + 1} for a dotted name
 * the field of the object itself that is called so; the second wins.
 */
final class FieldTree {

  private final Map<String, FieldTree> children = new HashMap<>();

  /** Fields of an object whose names are remembered, with what they lead to. */
  private static final int REMEMBERED = 64;

  private final @Nullable String[] lastNames = new String[REMEMBERED];
  private final @Nullable FieldTree[] lastChildren = new FieldTree[REMEMBERED];

  /** What a value here is the value of. */
  int[] targets = {};

  /** {@link #targets}, and those of everything below. */
  int[] below = {};

  private FieldTree() {}

  /** The tree of {@code paths}. */
  static FieldTree of(List<FieldPath> paths) {
    FieldTree root = new FieldTree();
    for (int i = 0; i < paths.size(); i++) {
      FieldPath path = paths.get(i);
      FieldTree node = root;
      for (String name : path.names()) {
        node.below = with(node.below, 2 * i);
        node = node.children.computeIfAbsent(name, any -> new FieldTree());
      }
      node.add(2 * i);
      if (path.origin() != FieldPath.Origin.POINTER && path.names().size() > 1) {
        root.children
            .computeIfAbsent(String.join(".", path.names()), any -> new FieldTree())
            .add(2 * i + 1);
      }
    }
    return root;
  }

  /** Where {@code name} leads; null if to nothing that is wanted. */
  @Nullable FieldTree child(String name) {
    return children.get(name);
  }

  /**
   * {@link #child(String)}, for the field at {@code place} of its object, from 0. Records name
   * their fields in the same order most times, and with the same parser by the same objects.
   */
  @SuppressWarnings("ReferenceEquality") // the very object that was looked up the last time
  @Nullable FieldTree child(String name, int place) {
    if (place >= REMEMBERED) {
      return child(name);
    }
    if (lastNames[place] != name) {
      lastNames[place] = name;
      lastChildren[place] = child(name);
    }
    return lastChildren[place];
  }

  /** True if nothing is wanted below. */
  boolean isLeaf() {
    return children.isEmpty();
  }

  private void add(int target) {
    targets = with(targets, target);
    below = with(below, target);
  }

  private static int[] with(int[] some, int another) {
    int[] longer = Arrays.copyOf(some, some.length + 1);
    longer[some.length] = another;
    return longer;
  }
}
