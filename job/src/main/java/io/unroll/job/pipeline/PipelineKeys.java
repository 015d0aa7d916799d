package io.unroll.job.pipeline;

import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.FeatureKeys;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.Keys;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.describe.OutputKeys;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.describe.Spelling;
import io.unroll.job.describe.TuningKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every key of the pipeline file, in one table: what the parser knows, what "did you mean" chooses
 * from and what docs/pipeline.md shows. Each is declared in the class of its section.
 */
public final class PipelineKeys {
  private static final Map<String, Keys> SECTIONS =
      Stream.of(
              RootKeys.sections(),
              SourceKeys.sections(),
              ObservationKeys.sections(),
              FeatureKeys.sections(),
              SequenceKeys.sections(),
              GapKeys.sections(),
              ModelKeys.sections(),
              DecoderKeys.sections(),
              TuningKeys.sections(),
              OutputKeys.sections(),
              SinkKeys.sections())
          .flatMap(List::stream)
          .collect(Collectors.toMap(Keys::section, keys -> keys, (a, b) -> a, LinkedHashMap::new));

  /** What is called like other keys, too, and yet is the one that is meant. */
  private static final Map<String, String> ELSEWHERE =
      Map.of("sequence.start", "observation.start");

  private static final List<Key<?>> ALL = collect();

  private PipelineKeys() {}

  private static List<Key<?>> collect() {
    List<Key<?>> all = new ArrayList<>();
    addSection("", all);
    return List.copyOf(all);
  }

  /** The keys of a map, each with the maps below it. */
  private static void addSection(String section, List<Key<?>> all) {
    Keys keys = SECTIONS.get(section);
    if (keys == null) {
      return;
    }
    for (Key<?> key : keys.all()) {
      all.add(key);
      addSection(key.path() + "[]", all);
      addSection(key.path(), all);
    }
    addSection(section + ".OUTPUT", all); // all outputs share one place
  }

  /** Every key, in the order of the file. */
  public static List<Key<?>> all() {
    return ALL;
  }

  /** The table as docs/pipeline.md shows it: one row per key. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| key | takes | default | meaning |\n|---|---|---|---|\n");
    for (Key<?> key : ALL) {
      String standard = key.standardText();
      boolean literal = !standard.isEmpty() && !key.isRequired();
      table.append("| `").append(key.path()).append("` | ").append(key.type().words());
      table.append(" | ").append(literal ? "`" + standard + "`" : standard);
      table.append(" | ").append(key.meaning()).append(" |\n");
    }
    return table.toString();
  }

  /** The named keys of a map, in alphabetical order. */
  static Set<String> keysOf(String section) {
    return in(section)
        .filter(key -> !key.isOpen())
        .map(Key::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** True if the map takes names of the user's or of another system. */
  static boolean isOpen(String section) {
    return in(section).anyMatch(Key::isOpen);
  }

  private static Stream<Key<?>> in(String section) {
    return ALL.stream().filter(key -> key.section().equals(section));
  }

  /**
   * What the user may have meant with {@code name} in {@code section}: the same name deeper in, a
   * similar one here, a similar one deeper in, the same name anywhere. Empty if nothing is near.
   */
  static List<String> suggestions(String section, String name) {
    String elsewhere = ELSEWHERE.get(section + "." + name);
    if (elsewhere != null) {
      return List.of(elsewhere);
    }
    List<Key<?>> deeper = new ArrayList<>();
    for (Key<?> key : ALL) {
      boolean below = section.isEmpty() || key.section().startsWith(section + ".");
      if (below && !key.section().equals(section) && !key.isOpen()) {
        deeper.add(key);
      }
    }
    List<String> exact = section.isEmpty() ? List.of() : paths(name, deeper);
    if (!exact.isEmpty()) {
      return exact;
    }
    List<String> synonyms = Synonyms.of(section, name);
    if (!synonyms.isEmpty()) {
      return synonyms;
    }
    String sibling = Spelling.closest(name, keysOf(section));
    if (sibling != null) {
      return List.of(sibling);
    }
    if (!section.isEmpty()) {
      Set<String> names = new LinkedHashSet<>();
      deeper.forEach(key -> names.add(key.name()));
      String near = Spelling.closest(name, names);
      if (near != null) {
        return paths(near, deeper);
      }
    }
    return paths(name, ALL).stream().limit(3).toList();
  }

  private static List<String> paths(String name, List<Key<?>> keys) {
    List<String> paths = new ArrayList<>();
    for (Key<?> key : keys) {
      if (key.name().equals(name)) {
        paths.add(key.path());
      }
    }
    return paths;
  }
}
