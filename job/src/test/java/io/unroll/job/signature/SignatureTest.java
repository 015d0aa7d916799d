package io.unroll.job.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of two signatures differs, and what a person is told of it. */
final class SignatureTest {
  private static Signature of(Line... lines) {
    return Signature.of(List.of(lines));
  }

  private static Signature features(String... features) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      lines.add(Line.of("features[" + i + "]", features[i]));
    }
    return Signature.of(lines);
  }

  private static Signature source(int generation, String... topics) {
    return of(
        new Line(Signature.GENERATION, Integer.toString(generation), Rule.MAY_RISE),
        Line.growing("source.kafka.topics", Arrays.asList(topics)));
  }

  private static List<String> differences(Signature was, Signature is) {
    String refusal = is.refusal(Signature.parse(was.text()));
    assertNotNull(refusal);
    return refusal.lines().filter(line -> line.startsWith("  ")).map(String::strip).toList();
  }

  private static void assertGoesOn(Signature was, Signature is) {
    assertNull(is.refusal(Signature.parse(was.text())));
  }

  @Test
  void aLinePerDifferenceAndThenTheWaysOut() {
    assertEquals(
        """
        the state is of another pipeline: it would mean something else here
          features[0]: was price (log-return × 100), is volume
          features[1]: was volume, is absent
        To go on, put it back. To start without the state: on a cluster submit without a savepoint,\
         embedded run with --fresh (and --overwrite), or give the pipeline another name.""",
        features("volume").refusal(features("price (log-return × 100)", "volume")));
  }

  @Test
  void thePageShowsARefusal() throws Exception {
    String refusal = features("volume").refusal(features("price (log-return × 100)"));
    assertNotNull(refusal);
    String page = Files.readString(Path.of("docs/state.md"));
    assertTrue(page.contains("```\n" + refusal + "\n```"), refusal);
  }

  @Test
  void theSameGoesOn() {
    assertGoesOn(features("a", "b"), features("a", "b"));
    assertEquals(features("a"), Signature.parse(features("a").text()));
  }

  @Test
  void anElementThatIsAddedToAListIsADifference() {
    assertEquals(
        List.of("features[1]: was absent, is b"), differences(features("a"), features("a", "b")));
  }

  /** A later version knows more, the Java API less. */
  @Test
  void aLineThatOneSideDoesNotKnowIsNoDifference() {
    assertGoesOn(of(Line.of("x", 1)), of(Line.of("x", 1), Line.of("y", 2)));
    assertGoesOn(of(Line.of("x", 1), Line.of("y", 2)), of(Line.of("x", 1)));
    assertGoesOn(features("a"), of(Line.of("x", 1)));
  }

  @Test
  void aTopicMayBeAddedAndNoneMayGo() {
    assertGoesOn(source(1, "a", "b"), source(1, "c", "b", "a"));
    assertEquals(
        List.of("source.kafka.topics: was a, b, is b, c"),
        differences(source(1, "a", "b"), source(1, "b", "c")));
  }

  @Test
  void whereTheSourceAloneDiffersItsNextGenerationIsAWayOut() {
    String refusal = source(2, "b").refusal(source(2, "a"));
    assertNotNull(refusal);
    assertTrue(refusal.endsWith("from its start: source.generation: 3."), refusal);
    String more = source(1, "b").and(features("x")).refusal(source(1, "a").and(features("y")));
    assertNotNull(more);
    assertTrue(!more.contains("source.generation"), more);
  }

  @Test
  void aHigherGenerationIsAnotherSource() {
    assertGoesOn(source(1, "a"), source(2, "b"));
    assertTrue(source(2, "b").readsAnew(source(1, "a")));
    assertEquals(
        List.of("features[0]: was x, is y"),
        differences(source(1, "a").and(features("x")), source(2, "b").and(features("y"))));
  }

  @Test
  void aLowerGenerationIsRefused() {
    assertEquals(
        List.of("source.generation: was 3, is 2"), differences(source(3, "a"), source(2, "a")));
  }

  @Test
  void whatIsNotInTheStateMayChange() {
    Signature none = of(Line.held("keep", false, List.of("a")));
    Signature held = of(Line.held("keep", true, List.of("a")));
    Signature other = of(Line.held("keep", true, List.of()));
    assertGoesOn(none, held);
    assertGoesOn(held, none);
    assertEquals(List.of("keep: was a, is none"), differences(held, other));
  }

  @Test
  void aValueMayHaveLinesAndBackslashes() {
    for (String value : List.of("a\nb", "a\\nb", "a: b", "", " ", "\\", "\r\n", "\\\\n")) {
      assertEquals(features(value), Signature.parse(features(value).text()));
    }
  }

  @Test
  void whatIsNoSignatureIsSaid() {
    for (String text :
        List.of("", "source: CSV x", "pipeline signature 0\n", "pipeline signature 1\nx")) {
      assertThrows(IllegalArgumentException.class, () -> Signature.parse(text));
    }
    String later =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class, () -> Signature.parse("pipeline signature 2\n"))
                .getMessage());
    assertTrue(later.contains("which a later version of Unroll wrote"), later);
  }
}
