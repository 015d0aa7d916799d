package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} on every example, without a broker. */
final class CheckTest {
  @TempDir private Path folder;

  @Test
  void showsWhatItUnderstoodOfEveryExample() throws Exception {
    Path examples = Examples.copy(folder);
    List<Path> before = files(folder);
    List<Path> pipelines =
        before.stream().filter(file -> file.toString().endsWith(".yaml")).toList();
    assertTrue(pipelines.size() >= 3, pipelines + "");
    for (Path pipeline : pipelines) {
      Said said = Said.by("check", "--offline", pipeline);
      String about = pipeline + ":\n" + said.out() + said.err();
      assertEquals(0, said.code(), about);
      assertEquals("", said.err(), about);
      for (String line :
          List.of(
              "pipeline ",
              "source ",
              "features ",
              "kernel ",
              "batches ",
              "closes by ",
              "visible ",
              "layers ")) {
        assertTrue(said.outLines().stream().anyMatch(l -> l.startsWith(line)), line + about);
      }
      assertTrue(said.out().contains(" bytes per series"), about);
      assertTrue(said.out().contains("at each checkpoint (every "), about);
      assertFalse(said.out().contains("\n\n\n"), about);
      if (pipeline.startsWith(examples.resolve("kafka"))) {
        assertTrue(said.out().contains("not asked (--offline)"), about);
      } else {
        assertTrue(said.out().contains("first records, as the job sees them"), about);
        assertEquals(
            5,
            said.outLines().stream().filter(l -> l.matches("  .*csv:\\d.* -> .*")).count(),
            about);
      }
    }
    assertEquals(before, files(folder), "check writes nothing");
  }

  @Test
  void predictsForTheFirstRecordsAsTheJobWould() throws Exception {
    Said said = Said.by("check", Examples.copy(folder).resolve("indices.yaml"));
    List<String> first =
        said.outLines().stream().filter(line -> line.matches("  .*csv:\\d.* -> .*")).toList();
    assertEquals(
        "  eu-stock-indices.csv:2  DAX  1991-07-01T00:00:00Z  [1628.75] -> primes the transforms",
        first.get(0));
    assertTrue(
        first
            .get(4)
            .matches(
                "  eu-stock-indices.csv:6  DAX  1991-07-02T00:00:00Z  \\[1613.63] ->"
                    + " q05 -0\\.328\\d*, q50 0\\.0024\\d*, q95 0\\.413\\d*"),
        first.get(4));
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.sorted().toList();
    }
  }
}
