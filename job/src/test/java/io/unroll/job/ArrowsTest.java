package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.Arrows;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which class and which package of this module uses which, as the compiled classes say. */
final class ArrowsTest {
  private static final String MODULE = "io.unroll.job";
  private static final String LIFE = MODULE + ".life";
  private static final String RECORDS = "io.unroll.connectors.record";

  /** What may use whom: each only those before it. */
  private static final List<String> PACKAGES_IN_ORDER =
      List.of(
          MODULE + ".signature",
          MODULE + ".state",
          LIFE,
          MODULE + ".describe",
          MODULE + ".operator",
          MODULE + ".pipeline",
          MODULE,
          MODULE + ".verify",
          MODULE + ".cli");

  private final Map<String, Set<String>> uses = new TreeMap<>(); // from a class of ours, to any

  ArrowsTest() throws URISyntaxException {
    Arrows.of(Unroll.class)
        .forEach(
            (from, all) -> {
              if (isOurs(from)) {
                uses.put(from, all);
              }
            });
    assertTrue(uses.size() > 200, uses::toString);
  }

  private static boolean isOurs(String type) {
    return type.startsWith(MODULE + ".");
  }

  /** Every class of this module that {@code from} uses, by whatever way. */
  private Set<String> reachable(Set<String> from) {
    Set<String> seen = new TreeSet<>(from);
    Deque<String> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      for (String next : uses.getOrDefault(open.pop(), Set.of())) {
        if (isOurs(next) && seen.add(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  @Test
  void theRulesNeverReachFlinkOrKafka() {
    Set<String> rules =
        uses.keySet().stream()
            .filter(type -> Arrows.packageOf(type).equals(LIFE))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(rules.contains(LIFE + ".SequenceLife"), rules::toString);
    Set<String> reached = new TreeSet<>();
    for (String type : reachable(rules)) {
      for (String used : uses.getOrDefault(type, Set.of())) {
        if (used.startsWith("org.apache.")
            || (used.startsWith("io.unroll.connectors.")
                && !Arrows.packageOf(used).equals(RECORDS))) {
          reached.add(type + " -> " + used);
        }
      }
    }
    assertEquals(Set.of(), reached);
  }

  /** So a second model can be served beside the first: each is reached through its own object. */
  @Test
  void whatDependsOnTheModelStandsInTheServedModelAlone() throws ClassNotFoundException {
    Set<String> ofModel =
        Set.of("Features", "Unscaler", "Advance", "Batch", "DecoderRuns", "RecurrentModel");
    Set<String> found = new TreeSet<>();
    for (String type : uses.keySet()) {
      if (Arrows.packageOf(type).equals(LIFE)) {
        Class<?> holder = Class.forName(type);
        for (Field field : holder.getDeclaredFields()) {
          if (ofModel.contains(field.getType().getSimpleName())) {
            found.add(holder.getSimpleName() + "." + field.getName());
          }
        }
      }
    }
    assertEquals(
        Set.of(
            "ServedModel.features",
            "ServedModel.unscaler",
            "ServedModel.decoder",
            "ServedModel.advance",
            "ServedModel.batch",
            // and within its parts
            "Advance.features",
            "Advance.model",
            "Batch.advance",
            "DecoderRuns.model",
            "Unscaler.features"),
        found);
  }

  @Test
  void packagesPointOneWay() {
    Set<String> back = new TreeSet<>();
    for (Map.Entry<String, Set<String>> one : uses.entrySet()) {
      int from = PACKAGES_IN_ORDER.indexOf(Arrows.packageOf(one.getKey()));
      assertTrue(from >= 0, () -> one.getKey() + " is in a package without a place in the order");
      for (String used : one.getValue()) {
        if (isOurs(used) && PACKAGES_IN_ORDER.indexOf(Arrows.packageOf(used)) > from) {
          back.add(one.getKey() + " -> " + used);
        }
      }
    }
    assertEquals(Set.of(), back);
  }
}
