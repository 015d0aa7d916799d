package io.unroll.connectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.Format;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package of this module uses which. */
final class ArrowsTest {
  private static final String MODULE = "io.unroll.connectors.";

  /** Each package, and those that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      new TreeMap<>(
          Map.of(
              "wire", Set.of(),
              "record", Set.of("wire"),
              "format", Set.of("record"),
              "format.json", Set.of("format"),
              "format.csv", Set.of("format"),
              "kafka", Set.of("format", "record", "wire"),
              "file", Set.of("format", "format.csv", "record")));

  private final Map<String, Set<String>> uses = new TreeMap<>();

  ArrowsTest() throws URISyntaxException {
    Arrows.of(Format.class)
        .forEach(
            (from, all) -> {
              Set<String> packages = uses.computeIfAbsent(room(from), name -> new TreeSet<>());
              all.stream()
                  .filter(type -> type.startsWith(MODULE))
                  .map(ArrowsTest::room)
                  .forEach(packages::add);
            });
    uses.forEach((room, used) -> used.remove(room));
  }

  private static String room(String type) {
    return Arrows.packageOf(type).substring(MODULE.length());
  }

  @Test
  void packagesPointOneWayAndNoneKnowsAFormatButTheTablesOfFiles() {
    assertEquals(MAY_USE.keySet(), uses.keySet());
    uses.forEach(
        (room, used) -> {
          Set<String> others = new TreeSet<>(used);
          others.removeAll(MAY_USE.getOrDefault(room, Set.of()));
          assertEquals(Set.of(), others, room);
        });
  }

  /** {@code file} reads tables, which are CSV whatever the source's format. */
  @Test
  void onlyTheTableOfAFileKnowsCsv() throws URISyntaxException {
    Set<String> knows = new TreeSet<>();
    Arrows.of(Format.class)
        .forEach(
            (from, all) -> {
              if (room(from).equals("file")
                  && all.stream().anyMatch(type -> type.startsWith(MODULE + "format.csv."))) {
                knows.add(from.substring(MODULE.length()));
              }
            });
    assertEquals(Set.of("file.CsvTable"), knows);
    assertTrue(List.copyOf(uses.keySet()).contains("format.csv"));
  }
}
