package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** Which file of this package uses which, as the compiled classes say. */
final class ArrowsTest {
  /** What walks the graph: operators see {@link GraphView} and their own arguments of it. */
  private static final List<String> WALK =
      List.of("Reader", "Scope", "Trace", "Operators", "Inputs", "Needs", "OnnxFile");

  private static final Pattern ARROW = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+)\\s.*$");
  private static final String PACKAGE = ArrowsTest.class.getPackageName() + ".";

  private final Map<String, Set<String>> uses = new TreeMap<>();

  ArrowsTest() throws URISyntaxException {
    Path classes =
        Path.of(Operators.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(PACKAGE.replace('.', '/'));
    StringWriter out = new StringWriter();
    ToolProvider jdeps =
        ToolProvider.findFirst("jdeps").orElseThrow(() -> new AssertionError("a JDK has jdeps"));
    PrintWriter writer = new PrintWriter(out);
    jdeps.run(writer, writer, "-verbose:class", "-filter:none", classes.toString());
    for (String line : out.toString().split("\\R", -1)) {
      Matcher arrow = ARROW.matcher(line);
      if (arrow.matches() && arrow.group(1).startsWith(PACKAGE)) {
        String from = file(arrow.group(1));
        Set<String> to = uses.computeIfAbsent(from, name -> new TreeSet<>());
        if (arrow.group(2).startsWith(PACKAGE) && !file(arrow.group(2)).equals(from)) {
          to.add(file(arrow.group(2)));
        }
      }
    }
    assertTrue(uses.size() > 60, out::toString);
  }

  /** A nested class is in its outer one's file. */
  private static String file(String type) {
    return type.substring(PACKAGE.length()).replaceAll("\\$.*", "");
  }

  private Set<String> reachable(String from) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (seen.add(next)) {
        open.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }

  @Test
  void onlyTheSealedValuesAreACircle() {
    Set<String> inCircles = new TreeSet<>();
    for (String name : uses.keySet()) {
      if (reachable(name).contains(name)) {
        inCircles.add(name);
      }
    }
    assertEquals(Set.of("LoopValue", "StepValue", "Tensor", "Type", "Value"), inCircles);
  }

  @Test
  void noOperatorReachesWhatWalksTheGraph() {
    Set<String> operators = uses.getOrDefault("Operators", Set.of());
    assertTrue(
        operators.containsAll(Set.of("Gemm", "LoopOperator", "Recurrent")), operators::toString);
    for (String operator : operators) {
      Set<String> seen = new TreeSet<>(reachable(operator));
      seen.retainAll(WALK);
      assertEquals(Set.of(), seen, operator);
    }
  }
}
