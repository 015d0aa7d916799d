package io.unroll.job.pipeline;

import io.unroll.job.describe.Found;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * YAML 1.2 text to a tree of nodes that know their place. Bounds what a hostile file can cost:
 * depth before the recursive composer sees it, aliases so that no tree explodes when walked.
 */
final class YamlTree {
  /** Deeper than any pipeline; the composer recurses once per level. */
  private static final int MAX_DEPTH = 32;

  /** Aliases of maps and lists: with 10 a walk visits a node some forty times at most. */
  private static final int MAX_ALIASES = 10;

  private final LoadSettings settings;
  private final String text;
  private final Findings findings;

  private YamlTree(String name, String text, Findings findings) {
    this.settings =
        LoadSettings.builder()
            .setLabel(name)
            .setAllowDuplicateKeys(true) // reported by Section, all of them, with both lines
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    this.text = text;
    this.findings = findings;
  }

  /** The file's one map, or null when the mistake has been reported. */
  static @Nullable MappingNode read(String name, String text, Findings findings) {
    return new YamlTree(name, text, findings).read();
  }

  private @Nullable MappingNode read() {
    try {
      if (!boundsHold()) {
        return null;
      }
      Node root = new Compose(settings).composeString(text).orElseThrow();
      if (!(root instanceof MappingNode map)) {
        findings.mistake(
            Findings.placeOf(root),
            "",
            "found " + Nodes.describe(root) + ", expected a map that starts with version: 1");
        return null;
      }
      return hasCycle(map, Collections.newSetFromMap(new IdentityHashMap<>())) ? null : map;
    } catch (ReaderException e) {
      Positions.Place place = placeOf(e.getPosition());
      findings.mistake(
          place,
          "",
          String.format("found character U+%04X, expected printable text", e.getCodePoint()));
    } catch (MarkedYamlEngineException e) {
      findings.mistake(
          e.getProblemMark().map(Findings::placeOf).orElse(new Positions.Place(1, 1)),
          "",
          "found no valid YAML: " + reason(e) + ", expected YAML 1.2");
    } catch (YamlEngineException e) {
      findings.mistake(
          new Positions.Place(1, 1),
          "",
          "found no usable YAML: " + Found.reason(e) + ", expected YAML 1.2");
    }
    return null;
  }

  /** Goes once through the events, which takes no recursion: depth and number of documents. */
  private boolean boundsHold() {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case DocumentStart -> {
          documents++;
          if (documents > 1) {
            return refuse(
                (DocumentStartEvent) event, "found a second YAML document, expected one in a file");
          }
        }
        case MappingStart, SequenceStart -> {
          depth++;
          if (depth > MAX_DEPTH) {
            return refuse(event, "found more than " + MAX_DEPTH + " levels, expected fewer");
          }
        }
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
    }
    if (documents == 0) {
      findings.mistake(
          new Positions.Place(1, 1),
          "",
          "found an empty file, expected a map that starts with version: 1");
    }
    return documents == 1;
  }

  private boolean refuse(Event event, String problem) {
    findings.mistake(
        event.getStartMark().map(Findings::placeOf).orElse(new Positions.Place(1, 1)), "", problem);
    return false;
  }

  /** An alias inside its own anchor makes a tree without end. */
  private boolean hasCycle(Node node, Set<Node> above) {
    if (!above.add(node)) {
      findings.mistake(
          Findings.placeOf(node),
          "",
          "found an alias inside what it names, expected a finite tree");
      return true;
    }
    boolean cycle = false;
    if (node instanceof MappingNode map) {
      for (NodeTuple tuple : map.getValue()) {
        cycle |= hasCycle(tuple.getKeyNode(), above) || hasCycle(tuple.getValueNode(), above);
      }
    } else if (node instanceof SequenceNode list) {
      for (Node item : list.getValue()) {
        cycle |= hasCycle(item, above);
      }
    }
    above.remove(node);
    return cycle;
  }

  private static String reason(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("(TAB)")) {
      return "a tab, where YAML indents with spaces";
    }
    String context = e.getContext();
    return Found.reason(context == null ? problem : problem + " " + context);
  }

  private Positions.Place placeOf(int codePoints) {
    int end =
        text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    return placeOf(text.substring(0, end));
  }

  /** The place just after {@code before}. */
  static Positions.Place placeOf(String before) {
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    String last = before.substring(before.lastIndexOf('\n') + 1);
    return new Positions.Place(line, last.codePointCount(0, last.length()) + 1);
  }
}
