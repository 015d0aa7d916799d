package io.unroll.connectors.format.json;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records of several kinds that all become observations: a member whose name says that it tells
 * kinds apart, which the pipeline does not read, has several texts within one series.
 */
final class RecordKinds {
  private static final Set<String> NAMES =
      Set.of("type", "event", "eventtype", "kind", "msgtype", "messagetype", "recordtype", "op");

  /** How deep in a record such a member is looked for. */
  private static final int DEEPEST = 3;

  /** What has more texts than this is no kind. */
  private static final int MOST_TEXTS = 20;

  private final Set<String> wanted;

  /** The texts of a member in a series. */
  private final Map<String, Map<String, Set<String>>> texts = new LinkedHashMap<>();

  RecordKinds(List<FieldPath> read) {
    wanted = read.stream().map(path -> String.join(".", path.names())).collect(Collectors.toSet());
  }

  /** {@code root} is the {@link JsonTree} of a record that is an observation of {@code series}. */
  void look(String series, Object root) {
    look(series, "", root, DEEPEST);
  }

  private void look(String series, String above, Object value, int deep) {
    if (!(value instanceof Map<?, ?> object) || deep == 0) {
      return;
    }
    for (Map.Entry<?, ?> member : object.entrySet()) {
      String name = member.getKey().toString();
      String path = above + name;
      if (member.getValue() instanceof String text
          && NAMES.contains(name.replaceAll("[_-]", "").toLowerCase(Locale.ROOT))
          && !wanted.contains(path)) {
        Set<String> of =
            texts
                .computeIfAbsent(path, p -> new LinkedHashMap<>())
                .computeIfAbsent(series, s -> new LinkedHashSet<>());
        if (of.size() <= MOST_TEXTS) {
          of.add(text);
        }
      }
      look(series, path + ".", member.getValue(), deep - 1);
    }
  }

  /** What was seen, a line for each member. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    texts.forEach(
        (path, bySeries) ->
            bySeries.entrySet().stream()
                .filter(of -> of.getValue().size() > 1 && of.getValue().size() <= MOST_TEXTS)
                .findFirst()
                .ifPresent(
                    of ->
                        lines.add(
                            "%s: records of series '%s' have %s there, nothing reads it, and each of them is a step. Where one kind is no observation, let their producer write it elsewhere"
                                .formatted(
                                    path,
                                    Text.cut(of.getKey()),
                                    of.getValue().stream()
                                        .map(text -> "'" + Text.cut(text) + "'")
                                        .collect(Collectors.joining(", "))))));
    return lines;
  }
}
