package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's figures are those that the training framework measured, see feeds/README.md. */
final class DemoITCase {
  @TempDir private Path folder;

  @Test
  void measuresTheSkillThatTheTrainingMeasured() throws Exception {
    Path examples = Examples.copy(folder);
    String measured = Files.readString(examples.resolve("feeds/README.md"));
    Said said = Said.by("demo", "--examples", examples);
    assertEquals(0, said.code(), said.err());

    String front = Files.readString(Path.of("../../README.md"));
    for (String line : said.outLines()) {
      // Lines with a path are of this machine.
      assertTrue(line.contains(examples.toString()) || front.contains(line + "\n"), line);
    }

    assertEquals(
        Files.readString(Path.of("../docs/demo.svg")),
        Files.readString(examples.resolve("out/demo.svg")),
        "the picture on the front page is not the demo's: copy examples/out/demo.svg to docs/");

    String[] weather = total(said, 0);
    assertEquals(List.of("728", "2.066", "2.250"), List.of(weather).subList(1, 4));
    assertTrue(measured.contains("mean absolute error 2.066 against 2.250 for persistence"));
    assertEquals("0.918", weather[4]); // 2.066 / 2.250

    String[] indices = total(said, 1);
    assertEquals(List.of("1,832", "0.2370", "0.2468"), List.of(indices).subList(1, 4));
    assertEquals("0.791", indices[5]);
    assertTrue(
        measured.contains(
            "pinball loss 0.2370 against 0.2468 for constant quantiles; the 90 % interval covers"
                + " 0.791"));

    List<String> sequences =
        said.outLines().stream().filter(line -> line.startsWith("sequences")).toList();
    assertEquals(
        List.of(
            "sequences  2 opened; closed: 2 idle", "sequences  4 opened; closed: 4 end-of-input"),
        sequences);
    assertEquals(
        Map.of(
            "evaluations", 728 * 2,
            "predictions", 2922,
            "sequences", 4),
        written(said, examples.resolve("out/weather")));
    assertEquals(
        Map.of(
            "evaluations", (7436 - 4) * 3,
            "predictions", 7436,
            "sequences", 8),
        written(said, examples.resolve("out/indices")));
    assertTrue(
        said.out().contains("on Kafka: " + examples.resolve("kafka/weather.yaml").toRealPath()));
    assertTrue(said.err().contains("weather: finished"), said.err());
    assertFalse(said.out().contains("finished"), "progress belongs to stderr");
  }

  @Test
  void aFolderWithoutExamplesIsNamed() {
    Said said = Said.by("demo", "--examples", folder);
    assertEquals(1, said.code());
    assertTrue(
        said.err().startsWith(folder.resolve("weather.yaml") + ": no such file"), said.err());
    assertEquals("", said.out());
  }

  private static String[] total(Said said, int table) {
    return said.outLines().stream()
        .filter(line -> line.startsWith("total "))
        .toList()
        .get(table)
        .split(" +", -1);
  }

  /** Lines in the folders that the demo says it wrote to. */
  private static Map<String, Integer> written(Said said, Path out) throws IOException {
    Map<String, Integer> lines = new TreeMap<>();
    for (String line : said.outLines()) {
      if (line.startsWith("written to " + out.toRealPath())) {
        Path folder = Path.of(line.substring("written to ".length()));
        lines.put(folder.getFileName().toString(), Parts.lines(folder).size());
      }
    }
    return lines;
  }
}
