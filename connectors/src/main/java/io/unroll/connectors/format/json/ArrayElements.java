package io.unroll.connectors.format.json;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The elements of an array that a pipeline reads by their places, over some records: those that
 * nothing reads, and whether each is always at its place.
 */
final class ArrayElements {
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  /** Names are looked for among so many texts at most. */
  private static final int MOST_TEXTS = 1000;

  private final List<String> names;
  private final Set<Integer> read = new TreeSet<>();
  private final Seen ignored = new Seen();

  /** For each member that may name its element, by its text: the place where it was first. */
  private final Map<String, Map<String, Integer>> places = new HashMap<>();

  /** Members of which two elements of a record have the same text: no names. */
  private final Set<String> noNames = new HashSet<>();

  /** Members of which a text was at two places, and how. */
  private final Map<String, String> moved = new HashMap<>();

  private ArrayElements(List<String> names) {
    this.names = names;
  }

  /** One for each array on the way to a field of JSON that is read. */
  static List<ArrayElements> of(List<FieldPath> paths) {
    List<ArrayElements> arrays = new ArrayList<>();
    for (FieldPath path : paths) {
      for (int i = 0; i < path.names().size() && path.isInRecord(); i++) {
        List<String> names = List.copyOf(path.names().subList(0, i));
        String index = path.names().get(i);
        if (INDEX.matcher(index).matches()) {
          ArrayElements array =
              arrays.stream()
                  .filter(each -> each.names.equals(names))
                  .findAny()
                  .orElseGet(() -> new ArrayElements(names));
          array.read.add(Integer.parseInt(index));
          if (!arrays.contains(array)) {
            arrays.add(array);
          }
        }
      }
    }
    return arrays;
  }

  /** {@code root} is the record's {@link JsonTree}. */
  void look(String place, Object root) {
    Object at = root;
    for (String name : names) {
      if (at instanceof Map<?, ?> object && object.get(name) != null) {
        at = object.get(name);
      } else if (at instanceof List<?> list && INDEX.matcher(name).matches()) {
        at = element(list, Integer.parseInt(name));
      } else {
        return;
      }
    }
    if (at instanceof List<?> list) {
      lookForIgnored(place, list);
      lookForNames(place, list);
    }
  }

  private static Object element(List<?> list, int index) {
    return index < list.size() ? list.get(index) : JsonTree.OTHER;
  }

  /** Objects beside objects: the numbers of a tuple are no records. */
  private void lookForIgnored(String place, List<?> list) {
    if (read.stream().noneMatch(index -> element(list, index) instanceof Map)) {
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      if (!read.contains(i) && list.get(i) instanceof Map) {
        ignored.at(place, list.size() + " elements");
        return;
      }
    }
  }

  private void lookForNames(String place, List<?> list) {
    Map<String, Set<String>> texts = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Map<?, ?> object) {
        for (Map.Entry<?, ?> member : object.entrySet()) {
          if (member.getValue() instanceof String text) {
            String name = member.getKey().toString();
            if (!texts.computeIfAbsent(name, n -> new HashSet<>()).add(text)) {
              noNames.add(name);
            }
            at(i, name, text, place);
          }
        }
      }
    }
  }

  private void at(int index, String member, String text, String place) {
    Map<String, Integer> seen = places.computeIfAbsent(member, n -> new HashMap<>());
    Integer before = seen.size() < MOST_TEXTS ? seen.putIfAbsent(text, index) : seen.get(text);
    if (before != null && before != index) {
      moved.putIfAbsent(
          member, "%s '%s' at %d and, in %s, at %d".formatted(member, text, before, place, index));
    }
  }

  /** What was seen, a line each. */
  List<String> lines() {
    String array = "/" + String.join("/", names);
    String places = read.stream().map(String::valueOf).collect(Collectors.joining(", "));
    List<String> lines = new ArrayList<>();
    if (ignored.count() > 0) {
      lines.add(
          "%s: of the array the pipeline reads %s alone; it has more elements, which nothing reads, in %d of the records looked at, the first of them %s. A record is one observation: let its producer write a record for each element"
              .formatted(array, places, ignored.count(), ignored.first()));
    }
    Set<String> stable = new HashSet<>(this.places.keySet());
    stable.removeAll(noNames);
    stable.removeAll(moved.keySet());
    moved.keySet().removeAll(noNames);
    if (stable.isEmpty() && !moved.isEmpty()) {
      lines.add(
          "%s: the elements of the array change their places, and the pipeline reads %s by place: found %s. Let their producer write them in one order, or as fields with names"
              .formatted(array, places, moved.values().iterator().next()));
    }
    return lines;
  }
}
